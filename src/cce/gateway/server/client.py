"""Calls backends from the local server; :class:`cce.gateway.relay.upstream.Upstream`, but asynchronous.

A client of our own, over the parser that uvicorn uses: aiohttp takes three times as long per call, and it
would be half of what the server does (docs/adr/0030).
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import defaultdict
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from cce.gateway.message import WITH_BODY
from cce.gateway.relay import wire
from cce.gateway.relay.addresses import checked
from cce.gateway.relay.upstream import (
    CONNECT_SECONDS,
    LateError,
    SilentError,
    UnreachableError,
)
from cce.gateway.server.connection import Connection
from cce.gateway.server.deadlines import Deadlines
from cce.gateway.server.outbox import Outbox

if TYPE_CHECKING:
    from cce.gateway.engine import Forward
    from cce.gateway.message import Response

#: Seconds for which an idle connection is kept: less than servers keep it (Node has 5), so that it is not
#: used at the moment when they close it.
_IDLE_SECONDS: Final = 4

#: Idle connections to one backend.
_IDLE_LIMIT: Final = 128

#: May be sent again when the connection ended without a word: asking twice does what asking once does.
_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})


class _Backend(NamedTuple):
    """An origin, as a connection needs it."""

    origin: str
    host: str
    port: int
    tls: bool
    named: bytes  # the value of Host


class _Idle(NamedTuple):
    connection: Connection
    since: float


class AsyncUpstream:
    """Calls backends over connections that are kept.

    Parameters
    ----------
    loopback
        Whether backends on this machine may be asked.
    tls
        What certificates are trusted; by default, those of the system.
    """

    def __init__(self, *, loopback: bool = True, tls: ssl.SSLContext | None = None) -> None:
        self._loopback = loopback
        self._tls = tls or ssl.create_default_context()
        self._deadlines = Deadlines()
        self._outbox = Outbox()
        self._idle: defaultdict[str, list[_Idle]] = defaultdict(list)

    async def call(self, forward: Forward, seconds: float) -> Response:
        """See :meth:`cce.gateway.relay.upstream.Upstream.call`."""
        until = monotonic() + seconds
        backend = _backend(forward.origin)
        head = _head(forward, backend)
        if kept := self._kept(forward.origin):
            try:
                return await self._asked(kept, forward, head, until)
            except SilentError:
                if forward.method not in _IDEMPOTENT:
                    raise
        fresh = await self._connected(backend, min(CONNECT_SECONDS, seconds))
        return await self._asked(fresh, forward, head, until)

    def close(self) -> None:
        """End the idle connections."""
        for kept in self._idle.values():
            for connection, _ in kept:
                connection.close()
        self._idle.clear()

    async def _asked(self, connection: Connection, forward: Forward, head: bytes, until: float) -> Response:
        self._deadlines.add(connection, until)
        try:
            answer = await connection.ask(head, forward.body, head_only=forward.method == "HEAD")
        finally:
            self._deadlines.remove(connection)
        idle = self._idle[forward.origin]
        if connection.reusable and len(idle) < _IDLE_LIMIT:
            idle.append(_Idle(connection, monotonic()))
        else:
            connection.close()
        return answer

    def _kept(self, origin: str) -> Connection | None:
        """The connection that was used last, if it can be used again."""
        idle, oldest = self._idle[origin], monotonic() - _IDLE_SECONDS
        while idle:
            connection, since = idle.pop()
            if since >= oldest and connection.reusable and not connection.closed:
                return connection
            connection.close()
        return None

    async def _connected(self, backend: _Backend, seconds: float) -> Connection:
        """A new connection to an address that was checked, to none that is resolved anew."""
        loop = asyncio.get_running_loop()
        problem: OSError | None = None
        try:
            async with asyncio.timeout(seconds):
                found = await loop.getaddrinfo(backend.host, backend.port, type=socket.SOCK_STREAM)
                addresses = [str(each[4][0]) for each in found]
                for address in dict.fromkeys(checked(backend.host, addresses, loopback=self._loopback)):
                    try:
                        _, connection = await loop.create_connection(
                            lambda: Connection(backend.origin, self._outbox),
                            address,
                            backend.port,
                            ssl=self._tls if backend.tls else None,
                            server_hostname=backend.host if backend.tls else None,
                        )
                    except OSError as error:  # certificates too: ssl.SSLError is one
                        problem = error
                    else:
                        return connection
        except (socket.gaierror, UnicodeError) as error:
            message = f"{backend.origin} has no address: {error}"
            raise UnreachableError(message) from error
        except TimeoutError as error:
            message = f"{backend.origin} took no connection in {seconds:g} s"
            raise LateError(message) from error
        message = f"{backend.origin} cannot be reached: {problem}"
        raise UnreachableError(message) from problem


@lru_cache(maxsize=256)
def _backend(origin: str) -> _Backend:
    parts = urlsplit(origin)
    host, tls = parts.hostname or "", parts.scheme == "https"
    return _Backend(origin, host, parts.port or 0, tls, wire.host_of(origin).encode())


def _head(forward: Forward, backend: _Backend) -> bytes:
    lines = [
        b"%b %b HTTP/1.1" % (forward.method.encode(), forward.url[len(backend.origin) :].encode()),
        b"host: " + backend.named,
    ]
    lines += [b"%b: %b" % line for line in (wire.line(*each) for each in forward.headers.lines)]
    if forward.body or forward.method in WITH_BODY:
        lines.append(b"content-length: %d" % len(forward.body))
    return b"\r\n".join((*lines, b"", b""))
