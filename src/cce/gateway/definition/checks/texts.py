"""Texts that may name path variables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cce.gateway import values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cce.gateway.values import Value
    from cce.yaml_file import Path, Problem

#: Read as plain text it would be sent as it stands.
_UNCLOSED: Final = re.compile(r"\$\{request\.path\.[^}]*\Z")

#: Somebody meant a variable: ``$request.path.v``, ``{request.path.v}``.
_BARE: Final = re.compile(r"\$request\.path\.\w*\+?|(?<!\$)\{request\.path\.[^}]*\}")


def problems_of(place: Path, text: str, variables: Mapping[str, bool]) -> Iterator[Problem]:
    """Variables that the text cannot name."""
    if unclosed := _UNCLOSED.search(text):
        yield place, f"{unclosed[0]} is not closed; write ${{request.path.NAME}}"
    if isinstance(value := read(text, variables), str):
        yield place, value


def read(text: str, variables: Mapping[str, bool]) -> Value | str:
    """The text as it is understood, or what is wrong with it."""
    if bare := _BARE.search(text):
        return f"{bare[0]} would be sent as it stands; a variable is written ${{request.path.NAME}}"
    try:
        return values.parse(text, variables)
    except ValueError as error:
        return str(error)
