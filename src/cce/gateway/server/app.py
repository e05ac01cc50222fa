"""The ASGI application: a request in, the engine's answer out."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from ipaddress import ip_address
from secrets import token_hex
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from cce.gateway.engine import BODY_LIMIT, Forward, Outcome
from cce.gateway.message import Headers, Request, Response
from cce.gateway.refusal import Refusals, refuse
from cce.gateway.relay import wire
from cce.gateway.relay.access import record_of
from cce.gateway.relay.upstream import NoAnswerError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from cce.gateway.server.client import AsyncUpstream
    from cce.gateway.server.sites import Site, Sites
    from cce.gateway.statistics.record import AccessRecord

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

    #: Told of every request, with the request's id, the client and why the gateway refused.
    OnRecord = Callable[[AccessRecord, Request, str], None]

#: Answers without a body have no length either.
_BODILESS: Final = frozenset({204, 304})

_address = lru_cache(maxsize=4096)(ip_address)


class _GoneError(Exception):
    """The client went away before its request was whole."""


class GatewayApp:
    """Serves the stages of one service.

    Parameters
    ----------
    on_record
        Called when an answer is sent.
    clock
        The time now, with a zone.
    """

    def __init__(
        self,
        sites: Sites,
        upstream: AsyncUpstream,
        on_record: OnRecord,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._sites = sites
        self._upstream = upstream
        self._on_record = on_record
        self._clock = clock

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or start and stop with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self._upstream.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._upstream.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        began, now = perf_counter(), self._clock()
        path = scope["raw_path"].decode("utf-8", "surrogateescape")
        found = self._sites.find(path)
        try:
            body = await _body(receive)
        except _GoneError:
            return
        request = _request(scope, path, found[1] if found else path, body)
        if found is None:  # no stage, so nothing to count it by
            await _send(send, request.method, refuse(Refusals.NOT_FOUND, request.request_id), now)
            return
        site = found[0]
        outcome = await self._outcome(site, request, now)
        await _send(send, request.method, outcome.response, now)
        place = (site.serving.service, site.serving.stage.name)
        milliseconds = (perf_counter() - began) * 1000
        self._on_record(record_of(outcome, place, now, milliseconds), request, outcome.reason)

    async def _outcome(self, site: Site, request: Request, now: datetime) -> Outcome:
        decision = site.exchange.begun(request, now)
        if not isinstance(decision, Forward):
            return decision
        try:
            response = await self._upstream.call(decision, site.seconds)
        except NoAnswerError as error:
            return site.exchange.failed(decision, error, self._clock())
        return site.exchange.answered(decision, response)


def _request(scope: Message, path: str, below: str, body: bytes) -> Request:
    return Request(
        method=scope["method"],
        path=below,
        signed_path=path,
        query=scope["query_string"].decode("utf-8", "surrogateescape"),
        headers=wire.read(scope["headers"]),
        client=_address(scope["client"][0]),
        request_id=token_hex(16),
        body=body,
    )


async def _body(receive: Receive) -> bytes:
    """The body, or as much of it as shows that it is too large."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        body += message["body"]
        if not message["more_body"] or len(body) > BODY_LIMIT:
            return body


async def _send(send: Send, method: str, response: Response, now: datetime) -> None:
    headers, body = response.headers, response.body
    if method != "HEAD":  # there, the length is that of the answer to GET
        headers = headers.without(["content-length"])
        if response.status in _BODILESS:
            body = b""
        else:
            headers = Headers((*headers, ("content-length", str(len(body)))))
    if not headers.all("date"):
        headers = Headers((*headers, ("date", _date(now.replace(microsecond=0)))))
    start = {"type": "http.response.start", "status": response.status, "headers": wire.written(headers)}
    await send(start)
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


@lru_cache(maxsize=4)
def _date(now: datetime) -> str:
    return format_datetime(now, usegmt=True)
