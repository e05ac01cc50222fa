"""A request and an answer as the gateway sees them, whatever brought them: API Gateway, ASGI, a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from ipaddress import IPv4Address, IPv6Address

#: Methods whose requests have a body, even where it is empty.
WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True, slots=True)
class Headers:
    """Header lines in the order of arrival, names as they were written; every look-up ignores case.

    Values carry no white space around them (RFC 9110, 5.5).
    """

    lines: tuple[tuple[str, str], ...] = ()

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield the lines."""
        return iter(self.lines)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a name, in order; empty when the header is not there."""
        wanted = name.lower()
        return tuple([value for key, value in self.lines if key.lower() == wanted])

    def one(self, name: str) -> str | None:
        """The value of a header that is there exactly once, else ``None``."""
        values = self.all(name)
        return values[0] if len(values) == 1 else None

    def table(self) -> dict[str, list[str]]:
        """Every value by its name in lower case, for who asks for many."""
        found: dict[str, list[str]] = {}
        for name, value in self.lines:
            lower = name.lower()
            if lower in found:
                found[lower].append(value)
            else:
                found[lower] = [value]
        return found

    def without(self, names: Iterable[str]) -> Headers:
        """The lines whose names are none of these."""
        gone = {name.lower() for name in names}
        return Headers(tuple(line for line in self.lines if line[0].lower() not in gone))

    def replaced(self, changes: Iterable[tuple[str, str]]) -> Headers:
        """Every line of the named headers replaced by one of the new value; what was absent is added."""
        new = tuple(changes)
        return Headers((*self.without(name for name, _ in new).lines, *new))


class Request(NamedTuple):
    """A request before any routing.

    Parameters
    ----------
    method
        As on the wire.
    path
        The path below the stage, percent-encoded as the client wrote it if that is known; begins with ``/``.
    signed_path
        The path that a signature covers: the one with the stage (``requestContext.path`` on AWS).
    query
        The query without its ``?``, as on the wire. On AWS, where the wire form is lost, built anew from the
        event's parameters in their order (:meth:`cce.gateway.events.Event.request`).
    client
        Address of the peer; never read from a header.
    request_id
        Names the request in logs and in the answer.
    """

    method: str
    path: str
    signed_path: str
    query: str
    headers: Headers
    client: IPv4Address | IPv6Address
    request_id: str
    body: bytes = b""


#: ``gateway`` when the request was not passed on. The gateway's words for a backend that was asked and
#: failed count as the backend's (row 171 of the statistics).
AnsweredBy = Literal["gateway", "backend"]


class Response(NamedTuple):
    """An answer on its way to the client."""

    status: int
    headers: Headers = Headers()
    body: bytes = b""
    answered_by: AnsweredBy = "backend"
