"""Sends an answer in one piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from cce.gateway.server.outbox import Outbox

#: How the head of an answer begins; one of an interim answer (100) does not.
_FINAL: Final = (b"HTTP/1.1 2", b"HTTP/1.1 3", b"HTTP/1.1 4", b"HTTP/1.1 5")


class Joining:
    """A transport that holds the head of an answer until the body comes: two writes take longer than one.

    Parameters
    ----------
    sends
        Whether the client has begun a request that it has not sent to its end.
    """

    def __init__(self, transport: asyncio.Transport, outbox: Outbox, sends: Callable[[], bool]) -> None:
        self._transport = transport
        self._outbox = outbox
        self._sends = sends
        self._head = b""
        #: Whether the last word is said.
        self.left = False

    def write(self, data: bytes) -> None:
        """Send, but keep a head back."""
        if self.left:
            return
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
        """Send everything, and end the connection; if the client still sends, as :meth:`leave` does."""
        if self._sends():
            self.leave(b"")
            return
        self.send()
        self._outbox.flush()
        self._transport.close()

    def leave(self, last: bytes) -> None:
        """Send everything and this, and nothing more. The client ends the connection when it has read it.

        Who closes while the other side still sends takes back what he has said: TCP resets the connection.
        """
        if self.left:
            return
        self.send()
        self._outbox.put(self._transport, last)
        self._outbox.flush()
        self.left = True
        if not self._transport.is_closing():
            self._transport.write_eof()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the transport has
        return getattr(self._transport, name)
