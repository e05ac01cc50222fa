"""Calls backends from the local server; :class:`cce.gateway.relay.upstream.Upstream`, but asynchronous."""

from __future__ import annotations

import asyncio
import socket
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import aiohttp
from yarl import URL

from cce.gateway.engine import BODY_LIMIT
from cce.gateway.message import Response
from cce.gateway.relay import wire
from cce.gateway.relay.addresses import checked
from cce.gateway.relay.upstream import (
    CONNECT_SECONDS,
    BrokenError,
    LateError,
    OversizeError,
    UnreachableError,
)

if TYPE_CHECKING:
    from ssl import SSLContext

    from aiohttp.abc import ResolveResult

    from cce.gateway.engine import Forward

#: Seconds for which an idle connection is kept: less than servers keep it (Node has 5), so that it is not used
#: at the moment when they close it.
_IDLE_SECONDS: Final = 4

#: Bytes of the longest line of an answer's head.
_LINE: Final = 65_536

#: Headers that aiohttp would add to what the client sent.
_NOT_ADDED: Final = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")

_FIRST_FINAL_STATUS: Final = 200


class AsyncUpstream:
    """Calls backends over connections that are kept. Enter it before the first call.

    Parameters
    ----------
    loopback
        Whether backends on this machine may be asked.
    tls
        What certificates are trusted; by default, those of the system.
    """

    def __init__(self, *, loopback: bool = True, tls: SSLContext | None = None) -> None:
        self._loopback = loopback
        self._tls = tls
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Make ready in the running event loop."""
        connector = aiohttp.TCPConnector(
            limit=0,
            keepalive_timeout=_IDLE_SECONDS,
            resolver=_CheckedResolver(loopback=self._loopback),
            ssl=self._tls or True,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            skip_auto_headers=_NOT_ADDED,
            max_line_size=_LINE,
            max_field_size=_LINE,
        )

    async def stop(self) -> None:
        """Close every connection."""
        if self._session:
            await self._session.close()

    async def call(self, forward: Forward, seconds: float) -> Response:
        """See :meth:`cce.gateway.relay.upstream.Upstream.call`."""
        assert self._session  # started before the server listens
        url = URL(forward.url, encoded=True)
        _check_literal(url.host or "", loopback=self._loopback)
        try:
            async with self._session.request(
                forward.method,
                url,
                headers=forward.headers.lines,
                data=forward.body or None,
                allow_redirects=False,
                timeout=_timeout(seconds),
            ) as answer:
                return await _read(answer, forward)
        except TimeoutError as error:
            message = f"{forward.origin} did not answer within {seconds:g} s"
            raise LateError(message) from error
        except aiohttp.ClientConnectorError as error:
            message = f"{forward.origin} cannot be reached: {error}"
            raise UnreachableError(message) from error
        except (aiohttp.ClientError, ValueError) as error:
            message = f"{forward.origin} gave no whole answer: {type(error).__name__}: {error}"
            raise BrokenError(message) from error


class _CheckedResolver(aiohttp.ThreadedResolver):
    """Resolves names, and lets a connection be made to no address that was not checked."""

    def __init__(self, *, loopback: bool) -> None:
        super().__init__()
        self._may_be_loopback = loopback

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name."""
        found = await super().resolve(host, port, family)
        checked(host, [each["host"] for each in found], loopback=self._may_be_loopback)
        return found


@lru_cache(maxsize=256)
def _check_literal(host: str, *, loopback: bool) -> None:
    """A host that is an address is not resolved, so it is checked here."""
    try:
        socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except OSError:
        return  # a name
    checked(host, [host], loopback=loopback)


@lru_cache(maxsize=64)
def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds, sock_connect=min(CONNECT_SECONDS, seconds))


async def _read(answer: aiohttp.ClientResponse, forward: Forward) -> Response:
    if answer.status < _FIRST_FINAL_STATUS:
        message = f"{forward.origin} answered {answer.status}, which ends nothing"
        raise BrokenError(message)
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > BODY_LIMIT:
            answer.close()
            message = f"{forward.origin} answered more than {BODY_LIMIT} bytes"
            raise OversizeError(message)
    return Response(answer.status, wire.read_answer(answer.raw_headers), bytes(body))
