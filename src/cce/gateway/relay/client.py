"""Calls backends from the relay function, with urllib3; see :class:`cce.gateway.relay.upstream.Upstream`."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from http.client import RemoteDisconnected
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProtocolError,
    SSLError,
)
from urllib3.exceptions import (
    TimeoutError as SlowError,
)
from urllib3.util import SKIP_HEADER

from cce.gateway.engine import BODY_LIMIT
from cce.gateway.message import Response
from cce.gateway.relay import wire
from cce.gateway.relay.addresses import checked
from cce.gateway.relay.reading import PlainPool, SecurePool
from cce.gateway.relay.upstream import (
    CONNECT_SECONDS,
    BrokenError,
    LateError,
    OversizeError,
    SilentError,
    UnreachableError,
)

if TYPE_CHECKING:
    from ssl import SSLContext

    from urllib3 import BaseHTTPResponse, HTTPConnectionPool

    from cce.gateway.engine import Forward

#: Seconds after which an unused connection is not trusted: a function sleeps between requests, and what the
#: network forgets meanwhile ends no connection.
_IDLE_SECONDS: Final = 4

#: Seconds after which a name is resolved anew, however busy it is.
_RESOLVED_SECONDS: Final = 60

_CHUNK: Final = 65_536


@dataclass(slots=True)
class _Backend:
    """Connections to the checked addresses of one origin."""

    pools: list[HTTPConnectionPool]
    resolved: float
    used: float


class PooledUpstream:
    """Calls backends over connections that are kept.

    Parameters
    ----------
    loopback
        Whether this machine may be a backend: not on AWS, where the runtime listens there.
    tls
        What certificates are trusted; by default, those of the system.
    """

    def __init__(self, *, loopback: bool = False, tls: SSLContext | None = None) -> None:
        self._loopback = loopback
        self._tls = tls
        self._backends: dict[str, _Backend] = {}

    def call(self, forward: Forward, seconds: float) -> Response:
        """See :meth:`cce.gateway.relay.upstream.Upstream.call`."""
        until = time.monotonic() + seconds
        problem: HTTPError | None = None
        for pool in self._pools(forward.origin):
            left = max(until - time.monotonic(), 0.001)
            try:
                return self._asked(pool, forward, left, until)
            except ConnectTimeoutError as error:
                problem = error
            except SlowError as error:
                raise _late(forward, seconds) from error
            except (NewConnectionError, SSLError) as error:
                problem = error
            except (HTTPError, ValueError) as error:
                message = f"{forward.origin} gave no whole answer: {type(error).__name__}: {error}"
                raise (SilentError if _silent(error) else BrokenError)(message) from error
        if isinstance(problem, ConnectTimeoutError) and not isinstance(problem, NewConnectionError):
            raise _late(forward, seconds) from problem
        message = f"{forward.origin} cannot be reached: {problem}"
        raise UnreachableError(message) from problem

    def _asked(self, pool: HTTPConnectionPool, forward: Forward, left: float, until: float) -> Response:
        answer = pool.urlopen(
            forward.method,
            forward.url[len(forward.origin) :],
            body=forward.body or None,
            headers=_headers(forward),
            timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, left), read=left),
            retries=False,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
        )
        try:
            return _read(answer, forward, until)
        except BaseException:
            answer.close()  # what still comes must not be the next request's answer
            raise
        finally:
            answer.release_conn()

    def _pools(self, origin: str) -> list[HTTPConnectionPool]:
        """Connections to the addresses of the origin, which are looked at before any is made."""
        now = time.time()
        known = self._backends.get(origin)
        if known and now - known.used < _IDLE_SECONDS and now - known.resolved < _RESOLVED_SECONDS:
            known.used = now
            return known.pools
        if known:
            for pool in known.pools:
                pool.close()
        pools = [self._pool(origin, address) for address in self._addresses(origin)]
        self._backends[origin] = _Backend(pools, now, now)
        return pools

    def _addresses(self, origin: str) -> list[str]:
        parts = urlsplit(origin)
        host = parts.hostname or ""
        try:
            found = socket.getaddrinfo(host, parts.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            message = f"{origin} has no address: {error}"
            raise UnreachableError(message) from error
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        return checked(host, addresses, loopback=self._loopback)

    def _pool(self, origin: str, address: str) -> HTTPConnectionPool:
        parts = urlsplit(origin)
        if parts.scheme == "http":
            return PlainPool(address, parts.port, maxsize=4)
        return SecurePool(
            address,
            parts.port,
            maxsize=4,
            ssl_context=self._tls,
            server_hostname=parts.hostname,
            assert_hostname=parts.hostname,
        )


def _headers(forward: Forward) -> urllib3.HTTPHeaderDict:
    headers = urllib3.HTTPHeaderDict({"host": wire.host_of(forward.origin)})
    for name, value in forward.headers:
        headers.add(name, value.encode("utf-8", "surrogateescape").decode("latin-1"))
    for name in ("accept-encoding", "user-agent"):  # urllib3 adds its own to what has none
        if name not in headers:
            headers[name] = SKIP_HEADER
    return headers


def _read(answer: BaseHTTPResponse, forward: Forward, until: float) -> Response:
    if answer.status < wire.FIRST_FINAL or answer.status not in wire.STATUSES:
        message = f"{forward.origin} answered {answer.status}, which is no status of an answer"
        raise BrokenError(message)
    body = bytearray()
    for chunk in answer.stream(_CHUNK, decode_content=False):
        body += chunk
        if len(body) > BODY_LIMIT:
            message = f"{forward.origin} answered more than {BODY_LIMIT} bytes"
            raise OversizeError(message)
        if time.monotonic() > until:
            message = f"{forward.origin} was not done with its answer in time"
            raise LateError(message)
    lines = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.iteritems()]
    return Response(answer.status, wire.read(lines), bytes(body))


def _silent(error: Exception) -> bool:
    """Whether the connection ended before anything came; see :mod:`cce.gateway.relay.reading`."""
    return isinstance(error, ProtocolError) and isinstance(error.args[-1], RemoteDisconnected)


def _late(forward: Forward, seconds: float) -> LateError:
    return LateError(f"{forward.origin} did not answer within {seconds:g} s")
