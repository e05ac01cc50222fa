"""Reads a tailoring file, or says line by line why it is none."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from pydantic import ValidationError

from cce.errors import TailoringError
from cce.tailoring.advice import advice
from cce.tailoring.check import problems_of
from cce.tailoring.mended import mended
from cce.tailoring.model import Tailoring
from cce.yaml_file import Kind, in_order, of_form, of_meaning, read_yaml

#: No tailoring is larger, in bytes; it is read once per server.
LIMIT: Final = 256 * 1024

KIND: Final = Kind(
    called="a tailoring",
    error=TailoringError,
    limit=LIMIT,
    if_empty="remove it to judge as the guide says",
)


@lru_cache(maxsize=16)  # collect reads the same snapshot for every server of an assessment
def parse(body: bytes, name: str) -> Tailoring:
    """Read a tailoring and check that everything it names exists.

    Parameters
    ----------
    name
        What the file is called in messages.

    Raises
    ------
    TailoringError
        When it is wrong; each problem names file, line and remedy.
    """
    document = read_yaml(body, name, KIND)
    try:
        tailoring = Tailoring.model_validate(document.value)
    except ValidationError as error:
        rest = mended(document, error)
        meant = of_meaning(problems_of(rest), document) if rest else ()
        raise TailoringError(*in_order([*of_form(error, document, advice), *meant])) from error
    if problems := list(of_meaning(problems_of(tailoring), document)):
        raise TailoringError(*in_order(problems))
    return tailoring
