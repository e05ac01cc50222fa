"""Reads a tailoring file, or says line by line why it is none."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from cce.errors import TailoringError
from cce.tailoring.check import problems_of
from cce.tailoring.model import Tailoring
from cce.tailoring.yaml_places import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

    from cce.tailoring.yaml_places import Document

#: No tailoring is larger, in bytes; it is read once per server.
LIMIT: Final = 256 * 1024

#: More problems than this say the same again.
_PROBLEMS_SHOWN: Final = 20

#: Remedies for what pydantic finds, by its kind of error.
_REMEDY: Final = {
    "model_type": "write it as a mapping, {value: …, reason: …} for a switch",
    "model_attributes_type": "write it as a mapping, {value: …, reason: …} for a switch",
    "extra_forbidden": "there is no such key; see docs/tailoring.md",
    "string_type": "it must be text: write it in quotes",
    "string_pattern_mismatch": "an account id is twelve digits in quotes",
    "tuple_type": "write it as a list: [a, b]",
    "dict_type": "write it as a mapping: {key: …}",
}
_MISSING: Final = {
    "reason": "it is missing: every deviation from the guide needs a reason",
    "tailoring": "it is missing: give the tailoring a name, which every report shows",
}


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
        raise TailoringError(*_limited(list(_of_form(error, document)))) from error
    problems = [document.problem(path, message) for path, message in problems_of(tailoring)]
    if problems:
        raise TailoringError(*_limited(problems))
    return tailoring


def _of_form(error: ValidationError, document: Document) -> Iterator[str]:
    for problem in error.errors(include_url=False):
        missing = str(problem["loc"][-1]) if problem["type"] == "missing" else ""
        yield document.problem(problem["loc"], _message(problem), missing)


def _message(problem: ErrorDetails) -> str:
    kind, loc = problem["type"], problem["loc"]
    if kind == "missing":
        return _MISSING.get(str(loc[-1]) if loc else "", "it is missing")
    said = problem["msg"].removeprefix("Value error, ")
    if kind == "model_type" and not loc:
        return "a tailoring is a mapping that begins with tailoring: NAME"
    remedy = _REMEDY.get(kind, "")
    got = _got(problem["input"])
    return f"{remedy} (got {got})" if remedy else f"{said} (got {got})"


def _got(value: Any) -> str:  # noqa: ANN401 - whatever the file holds
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"  # noqa: PLR2004 - what a line has room for


def _limited(problems: list[str]) -> list[str]:
    more = len(problems) - _PROBLEMS_SHOWN
    return [*problems[:_PROBLEMS_SHOWN], *([f"and {more} more problems"] if more > 0 else [])]
