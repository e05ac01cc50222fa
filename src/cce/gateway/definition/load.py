"""Reads a definition file, or says line by line why it is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from cce.errors import GatewayDefinitionError
from cce.gateway.definition.advice import advice
from cce.gateway.definition.checks import problems_of
from cce.gateway.definition.mended import mended, validate
from cce.gateway.definition.normal import normalised
from cce.gateway.definition.warn import warnings_of
from cce.yaml_file import Kind, in_order, of_form, of_meaning, read_yaml

if TYPE_CHECKING:
    from cce.gateway.definition.model import Definition
    from cce.yaml_file import Document

#: Bytes of the largest file; ten services of a hundred methods with long bodies are far smaller.
LIMIT: Final = 1024 * 1024

KIND: Final = Kind(
    called="a definition",
    error=GatewayDefinitionError,
    limit=LIMIT,
    if_empty="a definition begins with gateway: 1",
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A definition that is right.

    Parameters
    ----------
    definition
        In its one spelling (:mod:`cce.gateway.definition.normal`).
    warnings
        What it allows but its author may not have meant: ``file:line: place: text``.
    """

    definition: Definition
    warnings: tuple[str, ...]


def load(body: bytes, name: str, *, local: bool = False) -> Loaded:
    """Read a definition file and check everything about it that the file can tell.

    Parameters
    ----------
    name
        What the file is called in messages.
    local
        Whether backends on this machine are allowed, as the local server wants them.

    Raises
    ------
    GatewayDefinitionError
        When it is wrong; each problem names file, line, place, reason and remedy.
    """
    document = read_yaml(body, name, KIND)
    _check_kind(document)
    try:
        definition = validate(document.value)
    except ValidationError as error:
        rest = mended(document, error)
        meant = of_meaning(problems_of(rest, local=local), document) if rest else ()
        raise GatewayDefinitionError(*in_order([*of_form(error, document, advice), *meant])) from error
    if problems := list(of_meaning(problems_of(definition, local=local), document)):
        raise GatewayDefinitionError(*in_order(problems))
    warnings = in_order(of_meaning(warnings_of(definition, local=local), document))
    return Loaded(normalised(definition), tuple(warnings))


def parse(body: bytes, name: str, *, local: bool = False) -> Definition:
    """Read a definition file as :func:`load` does, without its warnings."""
    return load(body, name, local=local).definition


def _check_kind(document: Document) -> None:
    """Refuse the file that people mistake for a definition in one line."""
    top = document.value if isinstance(document.value, dict) else {}
    if found := [key for key in ("openapi", "swagger") if key in top and "gateway" not in top]:
        remedy = f"make a definition of it: cce gateway import {document.name}"
        raise document.wrong(document.line((found[0],)), f"this is an OpenAPI document; {remedy}")
