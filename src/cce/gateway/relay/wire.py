"""Headers as they are on the wire. Text is UTF-8; octets that are none come through unchanged."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from cce.gateway.message import Headers

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Bytes of the head of an answer: names and values of all its headers together, of interim answers too.
HEAD_LIMIT: Final = 65_536

#: Statuses below announce an answer (100, 103) or another protocol (101).
FIRST_FINAL: Final = 200
INTERIM: Final = range(100, FIRST_FINAL)

#: Final statuses of answers that have neither body nor length (RFC 9110, 8.6).
BODILESS: Final = frozenset({204, 304})

#: No status is outside of these (RFC 9110, 15); API Gateway and uvicorn know no other.
STATUSES: Final = range(100, 600)

_PORTS: Final = {"http": 80, "https": 443}


def read(lines: Iterable[tuple[bytes, bytes]]) -> Headers:
    """The headers of lines."""
    return Headers(
        tuple([(name.decode("latin-1"), value.decode("utf-8", "surrogateescape")) for name, value in lines])
    )


def line(name: str, value: str) -> tuple[bytes, bytes]:
    """One line of headers, as octets."""
    return name.encode("latin-1"), value.encode("utf-8", "surrogateescape")


@lru_cache(maxsize=256)
def host_of(origin: str) -> str:
    """The value of ``Host`` for a backend: without the port that goes without saying."""
    parts = urlsplit(origin)
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    return shown if parts.port == _PORTS[parts.scheme] else f"{shown}:{parts.port}"
