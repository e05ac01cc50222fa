"""Headers on their way through the gateway: what stays behind on each side, and values made of variables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from cce.gateway.message import Headers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cce.gateway.serving import HeaderValues
    from cce.gateway.values import Value

#: They speak of one connection, not of the message (RFC 9110, 7.6.1; the older ones too).
HOP_BY_HOP: Final = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)

#: The connection to the backend has its own host, and its own way to say how long the body is.
_OURS_ON_REQUESTS: Final = HOP_BY_HOP | {"host", "content-length", "expect"}

#: Says who answered (row 150); a backend does not say it itself.
ORIGIN: Final = "x-gw-origin"
_OURS_ON_ANSWERS: Final = HOP_BY_HOP | {ORIGIN}

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def named_by(connection: Iterable[str]) -> frozenset[str]:
    """The headers that values of ``Connection`` take away on the way, in small letters (RFC 9110, 7.6.1).

    Whatever blanks stand around a name, so that none can be signed by one reading and taken away by another.
    """
    return frozenset([name.strip() for name in ",".join(connection).lower().split(",")])


def to_backend(headers: Headers) -> Headers:
    """A request's headers without those of the client's connection."""
    return Headers(tuple(_without(headers, _OURS_ON_REQUESTS)))


def from_backend(headers: Headers) -> Headers:
    """An answer's headers without those of the backend's connection, and marked as the backend's."""
    return Headers((*_without(headers, _OURS_ON_ANSWERS), (ORIGIN, "backend")))


def changed(headers: Headers, changes: HeaderValues, given: Mapping[str, str]) -> Headers:
    """Headers with the plugin's values set: each replaces every line of its name, or is added."""
    if not changes:
        return headers
    return headers.replaced([(name, header_value(value, given)) for name, value in changes])


def header_value(value: Value, given: Mapping[str, str]) -> str:
    """A header's value with its variables decoded.

    Control characters are dropped: what decodes to a line break may not begin another header.
    """
    return _CONTROL.sub("", value.render(given, unquote)).strip(" ")


def body_text(value: Value, given: Mapping[str, str], escape: Callable[[str], str]) -> str:
    """A body with its variables decoded, then escaped."""
    return value.render(given, lambda encoded: escape(unquote(encoded)))


def _without(headers: Headers, names: frozenset[str]) -> list[tuple[str, str]]:
    """The lines of other names than these, and than those that ``Connection`` names."""
    kept, named = [], []
    for line in headers.lines:
        name = line[0].lower()
        if name not in names:
            kept.append(line)
        elif name == "connection":
            named.append(line[1])
    more = named_by(named) - names if named else frozenset()
    return [line for line in kept if line[0].lower() not in more] if more else kept
