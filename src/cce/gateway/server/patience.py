"""How long clients may keep the server waiting.

One timer looks at all connections every second, and costs requests nothing. :mod:`deadlines`, for backends,
is told of every call and exact to a moment: a stage's time-out may be short.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

#: Octets a second, of a body and of an answer: 10 MB on the slowest line take less than three hours.
PACE: Final = 1024

#: Looks within the time that a client has, and at least one a second.
_LOOKS: Final = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """What clients may ask of the server.

    Parameters
    ----------
    seconds
        Within which the head of a request must be whole, and for which a connection is kept without one.
        Of a body so many KiB must come in it, and of an answer be taken.
    connections
        At once. Each may need one more to a backend, and a system may give a process no more than 1024 files.
    """

    seconds: float = 20.0
    connections: int = 400


class Duty(Enum):
    """What a client has to do before anything goes on."""

    ASK = "send a request"
    HEAD = "send the rest of a head"
    BODY = "send the rest of a body"
    READ = "read an answer"
    LEAVE = "end the connection"


class Owed(NamedTuple):
    """What a connection waits for; ``of`` tells one message of it from the next, ``done`` counts octets."""

    duty: Duty
    of: int
    done: int = 0


class Watched(Protocol):
    """A connection of a client."""

    def owed(self) -> Owed | None:
        """What the client has to do; ``None`` while the server has."""

    def expire(self, duty: Duty) -> None:
        """Wait for it no longer."""


class _Wait(NamedTuple):
    owed: Owed
    since: float


class Patience:
    """Looks at connections in turn, and ends those that do too little for too long.

    Parameters
    ----------
    connections
        Those that are open; the set changes with them.
    """

    def __init__(self, connections: AbstractSet[Watched], seconds: float) -> None:
        self._connections = connections
        self._seconds = seconds
        self._step = min(1.0, seconds / _LOOKS)
        self._waits: Mapping[Watched, _Wait] = {}

    def start(self) -> None:
        """Look as long as the event loop runs."""
        asyncio.get_running_loop().call_later(self._step, self._look)

    def _look(self) -> None:
        self.start()
        now, waits, late = monotonic(), {}, []
        for connection in self._connections:
            if owed := connection.owed():
                wait = self._wait(self._waits.get(connection), owed, now)
                waits[connection] = wait
                if now - wait.since >= self._allowed(owed.duty):
                    late.append((connection, owed.duty))
        self._waits = waits
        for connection, duty in late:
            connection.expire(duty)

    def _wait(self, before: _Wait | None, owed: Owed, now: float) -> _Wait:
        """The wait as it was, or a new one if something else is waited for, or enough was done."""
        if before is None or before.owed[:2] != owed[:2]:
            return _Wait(owed, now)
        enough = owed.done - before.owed.done >= PACE * self._seconds
        return _Wait(owed, now) if enough else before

    def _allowed(self, duty: Duty) -> float:
        """Who was told that the connection ends has only to read it."""
        return self._seconds / _LOOKS if duty is Duty.LEAVE else self._seconds
