"""What is wrong with a file: from pydantic's complaints and from our own checks, in the file's order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.yaml_file.places import Path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from cce.yaml_file.places import Document

#: A place in the file, and what is wrong there and what to do about it.
Problem = tuple[Path, str]
#: The line of a problem, and the problem with its file, line and place.
Located = tuple[int, str]

#: More problems than this say the same again.
_SHOWN: Final = 20


def of_form(
    error: ValidationError, document: Document, advice: Callable[[ErrorDetails], str]
) -> Iterator[Located]:
    """Where the file has not the form of its kind."""
    for problem in error.errors(include_url=False):
        if problem["type"] == "too_short" and len(problem["input"]) >= problem["ctx"]["min_length"]:
            continue  # pydantic does not count entries that are wrong, which it names too
        loc = problem["loc"]
        missing = str(loc[-1]) if problem["type"] == "missing" else ""
        yield document.line(loc), document.problem(loc, advice(problem), missing)


def of_meaning(problems: Iterable[Problem], document: Document) -> Iterator[Located]:
    """Where what the file says cannot be."""
    for path, message in problems:
        yield document.line(path), document.problem(path, message)


def in_order(found: Iterable[Located]) -> list[str]:
    """The first problems in the order of the file, and how many more there are."""
    problems = [text for _, text in sorted(found, key=lambda problem: problem[0])]
    more = len(problems) - _SHOWN
    return [*problems[:_SHOWN], *([f"and {more} more problems"] if more > 0 else [])]
