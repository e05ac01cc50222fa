"""HTTP/1.1 as the server speaks it: uvicorn's, stricter, and with limits for those who are slow."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final, cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from cce.gateway.engine import BODY_LIMIT
from cce.gateway.refusal import Refusals
from cce.gateway.server import heads, upgrade
from cce.gateway.server.joining import Joining
from cce.gateway.server.patience import Duty, Owed

if TYPE_CHECKING:
    import asyncio

    from cce.gateway.server.doorkeeper import Doorkeeper
    from cce.gateway.server.outbox import Outbox

#: Octets of one message on the wire. A body in chunks of one octet takes six for each; what takes more has
#: something else in it than a body.
_MESSAGE_LIMIT: Final = 8 * BODY_LIMIT

#: Connections past the limit that are told why they cannot be had; more are ended without a word.
_TOLD: Final = 100

#: Takes the trailers, which nobody reads.
_NOWHERE: Final = cast("list[tuple[bytes, bytes]]", deque(maxlen=0))


def _parser_of(protocol: Protocol) -> httptools.HttpRequestParser:
    parser = httptools.HttpRequestParser(protocol)
    parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn has it
    return parser


class Protocol(HttpToolsProtocol):
    """One connection of a client.

    Parameters
    ----------
    limit
        Connections at once. Past it one that only waits is ended; if none does, the new one is turned away.
    """

    def __init__(self, outbox: Outbox, doorkeeper: Doorkeeper, limit: int, **of_uvicorn: Any) -> None:  # noqa: ANN401 - what uvicorn gives
        super().__init__(**of_uvicorn)
        self._outbox, self._doorkeeper, self._limit = outbox, doorkeeper, limit
        #: Octets since the last whole message, and those of them up to the last octet of a body.
        self._size = self._settled = 0
        #: Octets of the last read, and of that with which the last message became whole: more may be in it.
        self._read = self._beside = 0
        #: Whole messages so far, and answers to them.
        self._messages = self._answers = 0
        #: The answer to what is no request; nothing is read after it.
        self._last: bytes | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Take the connection, if there is room."""
        super().connection_made(transport)
        self._joining = Joining(transport, self._outbox, self._sends)
        self.transport = cast("asyncio.Transport", self._joining)
        if self.client is None:  # it went away before it could be named
            transport.abort()
        elif len(self.connections) > self._limit:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        """Read on."""
        if self._last is not None or self._joining.left:
            return
        self._read = len(data)
        self._size += self._read
        try:
            self._parse(data)
        except httptools.HttpParserCallbackError as error:
            refused = error.__context__
            if isinstance(refused, heads.HeadError):
                self._refuse(refused.case, refused.reason)
            else:
                self._refuse(Refusals.MALFORMED, "the target is no path")
        except httptools.HttpParserError as error:
            self._refuse(Refusals.MALFORMED, f"not HTTP: {error}")
        else:
            if self._size > heads.HEAD_LIMIT:
                self._check_size()

    def eof_received(self) -> bool:  # type: ignore[override] # as asyncio has it
        """Answer what is whole: who has said everything may still listen.

        Returns
        -------
            Whether the connection stays until then.
        """
        self._outbox.flush()
        cycle = self.cycle
        if cycle is None or cycle.response_complete or self._joining.left:
            return False
        if self._last is None:
            if cycle.more_body and not self.pipeline:
                return False
            if cycle.more_body:
                self.pipeline.popleft()
            self._last = b""
        return True

    # The parser calls these.

    def on_headers_complete(self) -> None:
        """Begin to answer, if the head can be only one request."""
        if self.parser.should_upgrade():
            if self.parser.get_method() == b"CONNECT":
                raise heads.HeadError(Refusals.MALFORMED, "CONNECT is for proxies")
            return  # the head is parsed again
        if self._size + self._beside > heads.HEAD_LIMIT:
            heads.check_size(self.url, self.headers)
        heads.check(self.headers, self.parser.get_http_version())
        super().on_headers_complete()
        # What follows a chunked body decides nothing (RFC 9110, 6.5.1): headers do, and are signed.
        self.headers = _NOWHERE

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._settled = self._size
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Know that the request is whole, also when it has been answered."""
        if self.parser.should_upgrade():
            return
        self._size = self._settled = 0
        self._beside = self._read
        self._messages += 1
        self.cycle.more_body = False
        self.cycle.message_event.set()

    # The answer calls this.

    def on_response_complete(self) -> None:
        """Go on with the next request; unlike uvicorn without a timer, for :mod:`patience` has one."""
        self._joining.send()  # an answer without a body
        self._answers += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self._last is not None:
            self._leave(self._last)

    # Patience calls these.

    def owed(self) -> Owed | None:
        """See :meth:`cce.gateway.server.patience.Watched.owed`."""
        if unsent := self.transport.get_write_buffer_size():
            return Owed(Duty.READ, self._answers, -unsent)
        if self._joining.left:
            return Owed(Duty.LEAVE, self._messages)
        cycle = self.cycle
        if self.flow.read_paused or self._last is not None:
            return None
        if self._sends():
            return Owed(Duty.BODY, self._messages, self._size)
        if cycle is not None and not cycle.response_complete:
            return None
        return Owed(Duty.HEAD if self._in_head else Duty.ASK, self._messages)

    def expire(self, duty: Duty) -> None:
        """See :meth:`cce.gateway.server.patience.Watched.expire`."""
        if duty in (Duty.HEAD, Duty.BODY):
            self._refuse(Refusals.SLOW, f"the client did not {duty.value} in time")
        elif duty is Duty.ASK:
            self.transport.close()  # without a word: it would be taken for the answer to the next request
        else:
            self.transport.abort()

    @property
    def spare(self) -> bool:
        """Whether it is kept only for requests that may come."""
        owed = self.owed()
        return owed is not None and owed.duty is Duty.ASK and owed.of > 0 and not self.transport.is_closing()

    def _parse(self, data: bytes) -> None:
        rest = memoryview(data)
        while (end := upgrade.feed(self.parser, rest)) is not None:
            rest = rest[end:]
            head = upgrade.plain(self.parser, self.url, self.headers)
            self.parser = _parser_of(self)
            upgrade.feed(self.parser, head)

    def _sends(self) -> bool:
        return self.cycle is not None and self.cycle.more_body

    @property
    def _in_head(self) -> bool:
        return self.scope is not (self.cycle.scope if self.cycle else None)

    @property
    def _path(self) -> bytes:
        """The path of the message under way; empty if it is not known yet, or there is none."""
        if not self.headers and not self._sends():
            return b""
        try:
            return httptools.parse_url(self.url).path or b""
        except httptools.HttpParserInvalidURLError:
            return b""

    def _check_size(self) -> None:
        if self._size - self._settled > heads.HEAD_LIMIT:
            reason = f"head, extension of a chunk or trailers have more than {heads.HEAD_LIMIT} bytes"
            self._refuse(Refusals.HEAD_TOO_LARGE, reason)
        elif self._size > _MESSAGE_LIMIT:
            self._refuse(Refusals.TOO_LARGE, f"the request has more than {_MESSAGE_LIMIT} bytes")

    def _make_room(self) -> None:
        waiting = (each for each in self.connections if isinstance(each, Protocol) and each.spare)
        if one := next(waiting, None):
            one.transport.close()
        elif len(self.connections) > self._limit + _TOLD:
            self.transport.abort()
        else:
            self._refuse(Refusals.BUSY, f"more than {self._limit} connections at once")

    def _refuse(self, case: Refusals, reason: str) -> None:
        """Answer what is no request, after the requests before it, and end the connection."""
        if self.client is None or self.transport.is_closing():
            return
        cycle = self.cycle
        begun = self._sends()
        if begun and cycle.response_started:  # it has its answer
            self._last = b""
        else:
            self._last = self._doorkeeper.refuse(case, reason, self.client[0], self._path)
        if begun and self.pipeline:
            self.pipeline.popleft()
        elif begun and not cycle.response_started:
            cycle.disconnected = True
            cycle.message_event.set()
            self._leave(self._last)
        elif cycle is None or cycle.response_complete:
            self._leave(self._last)

    def _leave(self, last: bytes) -> None:
        self.flow.resume_reading()
        self._joining.leave(last)
