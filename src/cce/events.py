"""How a function reads the event that a person or the state machine gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from cce.errors import ScopeError

if TYPE_CHECKING:
    from collections.abc import Iterator

Event = TypeVar("Event", bound=BaseModel)


def read_event(kind: type[Event], event: dict[str, Any]) -> Event:
    """Check an event.

    Raises
    ------
    ScopeError
        When it has not the form; the message names each field, what is wrong with it and what it was.
    """
    try:
        return kind.model_validate(event)
    except ValidationError as error:
        raise ScopeError("the request is malformed: " + "; ".join(_lines(error))) from error


def _lines(error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_url=False):
        place = ".".join(str(part) for part in problem["loc"]) or "input"
        yield f"{place}: {problem['msg']} (got {problem.get('input')!r:.80})"
