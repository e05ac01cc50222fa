"""Reads a tailoring file, or says line by line why it is none."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from cce.errors import TailoringError
from cce.tailoring.advice import advice
from cce.tailoring.check import problems_of
from cce.tailoring.mended import mended
from cce.tailoring.model import Tailoring
from cce.tailoring.yaml_places import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.tailoring.yaml_places import Document

    #: The line of a problem, and the problem in words.
    Located = tuple[int, str]

#: No tailoring is larger, in bytes; it is read once per server.
LIMIT: Final = 256 * 1024

#: More problems than this say the same again.
_PROBLEMS_SHOWN: Final = 20


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
    if len(body) > LIMIT:
        raise TailoringError(f"{name}:1: larger than {LIMIT} bytes; no tailoring is")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise TailoringError(f"{name}:{line}: this is not UTF-8; save the file as UTF-8") from error
    document = read_yaml(text, name)
    try:
        tailoring = Tailoring.model_validate(document.value)
    except ValidationError as error:
        rest = mended(document, error)
        found = [*_of_form(error, document), *(_of_meaning(rest, document) if rest else ())]
        raise TailoringError(*_limited(found)) from error
    if problems := list(_of_meaning(tailoring, document)):
        raise TailoringError(*_limited(problems))
    return tailoring


def _of_form(error: ValidationError, document: Document) -> Iterator[Located]:
    for problem in error.errors(include_url=False):
        loc = problem["loc"]
        missing = str(loc[-1]) if problem["type"] == "missing" else ""
        yield document.line(loc), document.problem(loc, advice(problem), missing)


def _of_meaning(tailoring: Tailoring, document: Document) -> Iterator[Located]:
    for path, message in problems_of(tailoring):
        yield document.line(path), document.problem(path, message)


def _limited(found: list[Located]) -> list[str]:
    """The first problems in the order of the file, and how many more there are."""
    problems = [text for _, text in sorted(found, key=lambda problem: problem[0])]
    more = len(problems) - _PROBLEMS_SHOWN
    return [*problems[:_PROBLEMS_SHOWN], *([f"and {more} more problems"] if more > 0 else [])]
