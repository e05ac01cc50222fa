"""One connection to a backend: HTTP/1.1, one request at a time, parsed by llhttp (httptools)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, cast

import httptools

from cce.gateway.engine import BODY_LIMIT
from cce.gateway.message import Response
from cce.gateway.relay import wire
from cce.gateway.relay.upstream import (
    BrokenError,
    LateError,
    NoAnswerError,
    OversizeError,
    SilentError,
)

if TYPE_CHECKING:
    from cce.gateway.server.outbox import Outbox

#: Headers that say how long a body is. Without one it ends with the connection.
_LENGTHS: Final = frozenset({b"content-length", b"transfer-encoding"})


class Connection(asyncio.Protocol):
    """Sends a request and collects its answer.

    A backend that says anything unasked, or more than one answer, is not asked on this connection again: the
    next caller would get what was not meant for it.
    """

    def __init__(self, origin: str, outbox: Outbox) -> None:
        self.origin = origin
        self._outbox = outbox
        self.reusable = True
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._begin()
        #: Nobody waits before the first request.
        self._waiting: asyncio.Future[Response] = self._loop.create_future()
        self._waiting.cancel()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection."""
        self._transport = cast("asyncio.Transport", transport)

    def ask(self, head: bytes, body: bytes, *, head_only: bool) -> asyncio.Future[Response]:
        """Send a request; what is returned ends with its answer, or with a ``NoAnswerError``.

        Parameters
        ----------
        head_only
            Whether the request is a HEAD, whose answer has no body whatever its head says.
        """
        assert self._transport
        self._begin()
        self._head_only = head_only
        self._waiting = self._loop.create_future()
        self._outbox.put(self._transport, head + body if body else head)
        return self._waiting

    @property
    def closed(self) -> bool:
        """Whether the other side, or this one, has ended it."""
        return self._transport is None or self._transport.is_closing()

    def close(self) -> None:
        """End it."""
        self.reusable = False
        if self._transport:
            self._transport.abort()

    def expire(self) -> None:
        """Wait for the answer no longer; what still comes must reach nobody."""
        self._fail(LateError(f"{self.origin} did not answer in time"))

    def data_received(self, data: bytes) -> None:
        """Read on."""
        if self._waiting.done():
            self.close()
            return
        self._started = True
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._fail(BrokenError(f"{self.origin} answered what is no HTTP: {error}"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Know that nothing more comes; an answer without a length ends so."""
        self.reusable = False
        if exc is None and self._status and not any(name.lower() in _LENGTHS for name, _ in self._lines):
            self._complete()
        kind = BrokenError if self._started else SilentError
        self._fail(kind(f"{self.origin} ended the connection before its answer: {exc or 'closed'}"))

    # The parser calls these.

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a line of the head; what follows a chunked body is none (RFC 9110, 6.5.1)."""
        if self._status:
            return
        self._size += len(name) + len(value)
        if self._size > wire.HEAD_LIMIT:
            self._fail(
                BrokenError(f"{self.origin} answered with a head of more than {wire.HEAD_LIMIT} bytes")
            )
        else:
            self._lines.append((name, value))

    def on_headers_complete(self) -> None:
        """Know the status."""
        self._status = self._parser.get_status_code()
        if self._status not in wire.STATUSES:
            self._fail(BrokenError(f"{self.origin} answered {self._status}, which is no status"))
            return
        if self._head_only and self._status >= wire.FIRST_FINAL:
            self.reusable = False  # the parser waits for the body that its head speaks of
            self._complete()

    def on_body(self, data: bytes) -> None:
        """Collect a part of the body."""
        self._body += data
        if len(self._body) > BODY_LIMIT:
            self._fail(OversizeError(f"{self.origin} answered more than {BODY_LIMIT} bytes"))

    def on_message_complete(self) -> None:
        """Hand the answer on; after an interim one (100, 103) wait for the next."""
        if self._status < wire.FIRST_FINAL:
            self._lines.clear()
            self._status = 0
            return
        self.reusable = self.reusable and self._parser.should_keep_alive()
        self._complete()

    def on_message_begin(self) -> None:
        """Take no second answer."""
        if self._waiting.done():
            self.reusable = False

    @property
    def _unsent(self) -> int:
        return self._transport.get_write_buffer_size() if self._transport else 0

    def _begin(self) -> None:
        self._lines: list[tuple[bytes, bytes]] = []
        self._body = bytearray()
        self._status = self._size = 0
        self._started = self._head_only = False

    def _complete(self) -> None:
        if not self._waiting.done():
            # What is not sent yet belongs to a request that has its answer.
            self.reusable = self.reusable and not self._unsent
            self._waiting.set_result(Response(self._status, wire.read(self._lines), bytes(self._body)))

    def _fail(self, error: NoAnswerError) -> None:
        self.close()
        if not self._waiting.done():
            self._waiting.set_exception(error)
