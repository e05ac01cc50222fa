"""HTTP/1.1 as the server speaks it: uvicorn's, with two things of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio

    from cce.gateway.server.outbox import Outbox

#: How the head of an answer begins; one of an interim answer (100) does not.
_FINAL: Final = (b"HTTP/1.1 2", b"HTTP/1.1 3", b"HTTP/1.1 4", b"HTTP/1.1 5")


class Protocol(HttpToolsProtocol):
    """Keeps trailers out of the headers, and sends an answer in one piece."""

    def __init__(self, outbox: Outbox, **of_uvicorn: Any) -> None:  # noqa: ANN401 - what uvicorn gives
        super().__init__(**of_uvicorn)
        self._outbox = outbox

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Take the connection."""
        super().connection_made(transport)
        self._joining = _Joining(transport, self._outbox)
        self.transport = cast("asyncio.Transport", self._joining)
        if self.client is None:  # it went away before it could be named
            transport.abort()

    def on_headers_complete(self) -> None:
        """Drop what follows a chunked body (RFC 9110, 6.5.1): headers decide, and are signed."""
        super().on_headers_complete()
        self.headers = []  # of trailers, which nobody reads

    def on_response_complete(self) -> None:
        """Send the head of an answer without a body."""
        self._joining.send()
        super().on_response_complete()


class _Joining:
    """A transport that holds the head of an answer until the body comes: two writes take longer than one."""

    def __init__(self, transport: asyncio.Transport, outbox: Outbox) -> None:
        self._transport = transport
        self._outbox = outbox
        self._head = b""

    def write(self, data: bytes) -> None:
        """Send, but keep a head back."""
        if not self._head and data.startswith(_FINAL):
            self._head = data
            return
        self._outbox.put(self._transport, self._head + data)
        self._head = b""

    def send(self) -> None:
        """Send a head that was kept back."""
        if self._head:
            self.write(b"")

    def close(self) -> None:
        """Send everything, and end the connection."""
        self.send()
        self._outbox.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the transport has
        return getattr(self._transport, name)
