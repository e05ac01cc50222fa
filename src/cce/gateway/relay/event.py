"""Events of the relay (proxy integration, payload 1.0), and answers as API Gateway takes them."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from pydantic import Field

from cce.gateway import paths
from cce.gateway.events import Event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cce.gateway.message import Request, Response

#: Bytes of what a function may return, all of it as JSON (Lambda's limit; the request has the same one).
LIMIT: Final = 6 * 1024 * 1024

#: Bytes of bodies that cannot reach it, whatever they hold: JSON takes six characters for a byte at most.
_SURELY_SMALL: Final = LIMIT // 8


class RelayEvent(Event):
    """An event of a method that the relay answers."""

    resource: str
    path_parameters: dict[str, str] | None = Field(None, alias="pathParameters")

    def request(self) -> Request:
        """The request below the stage.

        Raises
        ------
        EventError
            When the body is said to be Base64 and is not.
        """
        return super().request()._replace(path=self._below())

    def _below(self) -> str:
        """The path without what a custom domain puts before it.

        A REST API hands on the path percent-encoded as the client wrote it, and the values of its variables
        too. The rest of the path that gives those values for the resource is the one.
        """
        template, given = paths.parse(self.resource), _decoded(self.path_parameters or {})
        segments = self.path.split("/")
        for start in range(1, len(segments) + 1):
            below = "/" + "/".join(segments[start:])
            values = template.match(below)
            if values is not None and _decoded(values) == given:
                return below
        return self.path


def _decoded(values: Mapping[str, str]) -> dict[str, str]:
    return {name: unquote(value) for name, value in values.items()}


def answer_of(response: Response) -> dict[str, Any]:
    """An answer as API Gateway takes it: text as it is unless Base64 is shorter, all else in Base64."""
    headers: dict[str, list[str]] = {}
    for name, value in response.headers.without(["content-length"]):  # API Gateway counts
        shown = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        headers.setdefault(name.lower(), []).append(shown)
    text = None if "content-encoding" in headers else _text(response.body)
    return {
        "statusCode": response.status,
        "multiValueHeaders": headers,
        "body": b64encode(response.body).decode() if text is None else text,
        "isBase64Encoded": text is None,
    }


def is_too_large(answer: Mapping[str, Any]) -> bool:
    """Whether Lambda would refuse to return it."""
    return len(answer["body"]) > _SURELY_SMALL and len(json.dumps(answer)) > LIMIT


def _text(body: bytes) -> str | None:
    """The body as text; ``None`` if it is none, or if it is long and its escapes make it longer than Base64.

    How JSON is written is the runtime's business: Python 3.11's escapes all that is not ASCII, an emoji in
    twelve characters, later ones do not. So the longer way counts, here and for the limit.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    if len(body) > _SURELY_SMALL and len(json.dumps(text)) > len(body) * 4 / 3:
        return None
    return text
