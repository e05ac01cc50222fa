"""The ASGI application: a request in, the engine's answer out."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import formatdate
from functools import lru_cache
from ipaddress import ip_address
from itertools import count
from secrets import token_hex
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from cce.gateway.engine import BODY_LIMIT, Outcome
from cce.gateway.message import Request, Response
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

#: Ids of requests: of this process, and in it.
_PROCESS: Final = token_hex(8)
_NUMBERS: Final = count(1)

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
        """Answer one request."""
        began, now = perf_counter(), self._clock()
        path = scope["raw_path"].decode("utf-8", "surrogateescape")
        found = self._sites.find(path)
        try:
            body = await _body(receive)
        except _GoneError:
            return
        request = _request(scope, path, found[1] if found else path, body)
        if found is None:  # no stage, so nothing to count it by
            await send_answer(send, request.method, refuse(Refusals.NOT_FOUND, request.request_id), now)
            return
        site = found[0]
        outcome = await self._outcome(site, request, now)
        await send_answer(send, request.method, outcome.response, now)
        place = (site.serving.service, site.serving.stage.name)
        milliseconds = (perf_counter() - began) * 1000
        self._on_record(record_of(outcome, place, now, milliseconds), request, outcome.reason)

    async def _outcome(self, site: Site, request: Request, now: datetime) -> Outcome:
        call = site.exchange.begun(request, now)
        if isinstance(call, Outcome):
            return call
        with call:
            try:
                response = await self._upstream.call(call.forward, site.seconds)
            except NoAnswerError as error:
                return call.failed(error, self._clock())
            return call.answered(response)


def _request(scope: Message, path: str, below: str, body: bytes) -> Request:
    return Request(
        method=scope["method"],
        path=below,
        signed_path=path,
        query=scope["query_string"].decode("utf-8", "surrogateescape"),
        headers=wire.read(scope["headers"]),
        client=_address(scope["client"][0]),
        request_id=f"{_PROCESS}-{next(_NUMBERS)}",
        body=body,
    )


async def _body(receive: Receive) -> bytes:
    """The body, or as much of it as shows that it is too large."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        parts.append(message["body"])
        size += len(parts[-1])
        if not message["more_body"] or size > BODY_LIMIT:
            return parts[0] if len(parts) == 1 else b"".join(parts)


async def send_answer(send: Send, method: str, response: Response, now: datetime) -> None:
    """Send an answer, with its length and the date."""
    head = method == "HEAD"
    body = b"" if head or response.status in wire.BODILESS else response.body
    lines, dated = [], False
    for name, value in response.headers.lines:
        lower = name.lower()
        if lower == "content-length" and not head:  # in answer to HEAD it is the length that GET would have
            continue
        dated = dated or lower == "date"
        lines.append(wire.line(name, value))
    if not head and response.status not in wire.BODILESS:
        lines.append((b"content-length", b"%d" % len(body)))
    if not dated:
        lines.append((b"date", _date(int(now.timestamp()))))
    await send({"type": "http.response.start", "status": response.status, "headers": lines})
    await send({"type": "http.response.body", "body": body})


@lru_cache(maxsize=4)
def _date(second: int) -> bytes:
    return formatdate(second, usegmt=True).encode()
