"""Ends calls that take too long. One timer looks after all: one each costs more than sending a request."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cce.gateway.server.connection import Connection

#: Seconds between two looks: by so much a call may outstay its time.
_STEP: Final = 0.05


class Deadlines:
    """The calls under way and when each must have ended, by the monotonic clock."""

    def __init__(self) -> None:
        self._until: dict[Connection, float] = {}
        self._looking = False

    def add(self, connection: Connection, until: float) -> None:
        """Watch a connection."""
        self._until[connection] = until
        if not self._looking:
            self._looking = True
            asyncio.get_running_loop().call_later(_STEP, self._look)

    def remove(self, connection: Connection) -> None:
        """Watch it no more."""
        self._until.pop(connection, None)

    def _look(self) -> None:
        now = monotonic()
        for connection in [each for each, until in self._until.items() if until <= now]:
            connection.expire()
        self._looking = bool(self._until)
        if self._looking:
            asyncio.get_running_loop().call_later(_STEP, self._look)
