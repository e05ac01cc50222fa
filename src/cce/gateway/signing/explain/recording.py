"""A recorded request: an event of API Gateway, a raw HTTP request, or what ``curl -v`` printed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from cce.errors import RecordingError
from cce.gateway.events import Event
from cce.gateway.message import Headers, Request

if TYPE_CHECKING:
    from collections.abc import Sequence

_REQUEST_LINE: Final = re.compile(r"(\S+) (\S+)(?: HTTP/[\d.]+)?\s*")
_HEADER: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)")
_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")
_DATE: Final = re.compile(r"< date:(.*)", re.IGNORECASE)

#: A recording does not tell who asked, and signatures do not cover it.
_NOBODY: Final = ip_address("0.0.0.0")  # noqa: S104 - nothing is bound to it


@dataclass(frozen=True, slots=True)
class Recording:
    """A request, and what else was recorded.

    Parameters
    ----------
    received
        What the server's clock read, if that was recorded.
    has_body
        Whether the body was recorded too.
    """

    request: Request
    received: datetime | None
    has_body: bool


def read(data: bytes) -> Recording:
    """Read a recording of any of the three kinds.

    Raises
    ------
    CceError
        When it is none; the message says what is missing.
    """
    if data.lstrip().startswith(b"{"):
        return _of_event(data)
    lines = _text(data).split("\n")
    if any(line.startswith("> ") for line in lines):
        return _of_curl(lines)
    return _of_http(data.lstrip(b"\r\n"))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace").replace("\r\n", "\n")


def _of_event(data: bytes) -> Recording:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise RecordingError(f"the recording begins like JSON and is none: {error}") from error
    event = Event.of(content)
    try:
        milliseconds = event.context.request_time
        received = None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        received = None
    # A REQUEST authorizer gets no body, and says so by the method's ARN.
    return Recording(event.request(), received, has_body=not event.method_arn)


def _of_curl(lines: Sequence[str]) -> Recording:
    """The last request that curl sent, and the date of its answer."""
    starts = [n for n, line in enumerate(lines) if re.match(r"> \S+ \S+ HTTP/", line)]
    if not starts:
        raise RecordingError("the recording has lines of curl -v and no '> GET /… HTTP/1.1' among them")
    rest = lines[starts[-1] :]
    sent = [line.removeprefix(">").removeprefix(" ") for line in rest if line.startswith(">")]
    dates = [found[1] for line in rest if (found := _DATE.match(line))]
    request = _request(sent[0], [line for line in sent[1:] if line], b"")
    return Recording(request, _http_date(dates[0]) if dates else None, has_body=False)


def _of_http(data: bytes) -> Recording:
    end = _END_OF_HEAD.search(data)
    head, body = (data[: end.start()], data[end.end() :]) if end else (data, b"")
    first, *rest = _text(head).split("\n")
    request = _request(first, [line for line in rest if line], body)
    length = request.headers.one("content-length") or "0"
    return Recording(request, None, has_body=length == str(len(body)))


def _request(first: str, rest: Sequence[str], body: bytes) -> Request:
    asked = _REQUEST_LINE.fullmatch(first)
    if not asked:
        raise RecordingError("the recording does not begin with a request line, such as GET /v1/srv HTTP/1.1")
    headers = []
    for line in rest:
        found = _HEADER.fullmatch(line)
        if not found:
            raise RecordingError(
                "the recording has a line among its headers that is not of the form name: value"
            )
        headers.append((found[1], found[2].strip(" \t")))
    path, query = _target(asked[2])
    return Request(asked[1], path, path, query, Headers(tuple(headers)), _NOBODY, "recording", body)


def _target(text: str) -> tuple[str, str]:
    """Path and query; of a whole URL, as it is sent to a proxy, too."""
    if text.startswith("/"):
        path, _, query = text.partition("?")
        return path, query
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise RecordingError("the request line's URL cannot be read") from error
    return parts.path or "/", parts.query


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.strip())
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
