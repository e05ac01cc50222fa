"""Sends together what one turn of the event loop has to send."""

from __future__ import annotations

import asyncio


class Outbox:
    """Collects what is to be written, and writes all of it at the end of the turn.

    A write wakes whoever waits at the other end. Spread over the turn, each one wakes them anew, which takes
    as long as half of what the gateway does for a request.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[asyncio.WriteTransport, bytes]] = []

    def put(self, transport: asyncio.WriteTransport, data: bytes) -> None:
        """Write soon; to one transport in the order of the calls."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self.flush)
        self._waiting.append((transport, data))

    def flush(self) -> None:
        """Write now. Who went away in this turn gets nothing, and stops nobody else's."""
        waiting, self._waiting = self._waiting, []
        for transport, data in waiting:
            if not transport.is_closing():
                transport.write(data)
