"""What the API answers when it does not do what was asked: problem details (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Media type of a problem (RFC 9457, section 3).
MEDIA_TYPE: Final = "application/problem+json"

#: In front of a problem's name: a URI that names and is not fetched.
_TYPE: Final = "urn:cce-fleet:problem:"

#: Characters of a field's name that an answer repeats.
_NAME: Final = 100


class FieldError(BaseModel):
    """One field of a request that is wrong, and why."""

    model_config = ConfigDict(frozen=True)

    field: str
    message: str


class ProblemDetails(BaseModel):
    """A problem: ``errors`` names fields, ``candidates`` the servers that an id may mean."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(examples=[f"{_TYPE}malformed"])
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    errors: list[FieldError] = []
    candidates: list[str] = []


class Problem(Exception):  # noqa: N818 - the RFC's term
    """Ends a request with problem details.

    Parameters
    ----------
    status
        The HTTP status.
    name
        What kind of problem it is, in words with hyphens; the last part of its type. Stable.
    detail
        What was wrong in this request, and what to do.
    """

    def __init__(
        self,
        status: HTTPStatus,
        name: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        candidates: Sequence[str] = (),
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.details = ProblemDetails(
            type=f"{_TYPE}{name}",
            title=status.phrase,
            status=status.value,
            detail=detail,
            errors=list(errors),
            candidates=list(candidates),
        )


def malformed(field: str, message: str) -> Problem:
    """One field of the request cannot be read: 400."""
    error = FieldError(field=_shown(field), message=message)
    return Problem(HTTPStatus.BAD_REQUEST, "malformed", f"{error.field}: {message}", errors=[error])


def invalid(error: ValidationError, place: str) -> Problem:
    """Fields of a model cannot be read: 400 with each of them; what was given is not repeated."""
    errors = [
        FieldError(field=_field(problem["loc"]) or place, message=_message(problem["msg"]))
        for problem in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    named = "; ".join(f"{e.field}: {e.message}" for e in errors)
    return Problem(HTTPStatus.BAD_REQUEST, "malformed", named, errors=errors)


def unknown(what: str) -> Problem:
    """There is no such thing: 404."""
    return Problem(HTTPStatus.NOT_FOUND, "unknown", f"There is no {what}.")


def _field(location: Sequence[int | str]) -> str:
    # A part such as ``tuple[str, ...]`` names an alternative of the model, not something of the caller's.
    return _shown(".".join(str(part) for part in location if "[" not in str(part)))


def _shown(name: str) -> str:
    # A name that a caller made up: short, and without what no UTF-8 can hold.
    return name[:_NAME].encode("utf-8", "replace").decode()


def _message(text: str) -> str:
    return text.removeprefix("Value error, ")
