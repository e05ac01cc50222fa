"""A request and an answer of the API, whatever brings them; bodies and parameters read into models."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import unquote

from pydantic import BaseModel, ValidationError

from cce.api.problems import MEDIA_TYPE, Problem, invalid, malformed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Bytes of a body that the API reads; a scope of a thousand servers has 50,000.
BODY_LIMIT: Final = 64 * 1024

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Request:
    """A request after routing. Names of headers are in lower case; ``path`` values are still URL-encoded.

    ``api`` and ``stage`` are the API of API Gateway by which it came; empty where there is none.
    """

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    api: str = ""
    stage: str = ""

    def segment(self, name: str) -> str:
        """A part of the path, decoded; decoding what the gateway decoded already changes no valid id.

        Raises
        ------
        Problem
            400 when it is no UTF-8.
        """
        try:
            return unquote(self.path[name], errors="strict")
        except UnicodeDecodeError as error:
            raise malformed(name, "is no URL-encoded UTF-8") from error

    def parameters(self, model: type[Model]) -> Model:
        """The query string.

        Raises
        ------
        Problem
            400 when a parameter is unknown, malformed or given twice; the problem names it.
        """
        for name, values in self.query.items():
            if len(values) != 1:
                raise malformed(name, "is given more than once")
        try:
            return model.model_validate({name: values[0] for name, values in self.query.items()})
        except ValidationError as error:
            raise invalid(error, "query") from error

    def content(self, model: type[Model]) -> Model:
        """The body, JSON in UTF-8.

        Raises
        ------
        Problem
            413 when it is too long, 400 when it is no JSON or does not fit; the problem names the field.
        """
        if len(self.body) > BODY_LIMIT:
            detail = f"The body has {len(self.body)} bytes, more than {BODY_LIMIT}."
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", detail)
        try:
            return model.model_validate_json(self.body)
        except ValidationError as error:
            raise invalid(error, "body") from error


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; ``body`` is JSON text."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"


def answer(
    body: BaseModel, status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with a model under the names of the API."""
    return Response(status.value, body.model_dump_json(by_alias=True), headers or {})


def answer_problem(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with problem details."""
    return Response(problem.status.value, problem.details.model_dump_json(), headers or {}, MEDIA_TYPE)
