"""Leaves a backend that does not answer alone for a while (rows 155-157).

A backend is an origin (scheme, host and port) as one stage sees it: a stage has its own patience, and must
not block what another one waits for. Failing connections and time-outs in a row are counted, and whatever the
backend answers, 500 too, begins the count anew. When the block is over, one request goes through as a probe;
the others stay refused until it is known how that went. A probe that showed nothing of the backend (the
client went away, the connection ended without a word) leaves its place to the next request.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from cce.gateway.definition.stage import Blocking


class Trouble(NamedTuple):
    """What is known of a backend that did not answer the last ``failures`` times.

    ``until`` is the end of its block in seconds since the epoch; 0 while it is not blocked.
    """

    failures: int
    until: int = 0


class Permit(NamedTuple):
    """That a request may go to the backend.

    For a probe it holds the end of the block that was over, ``seen``, and the one that holds for all others
    until it is known how the probe went, ``until``; for any other request both are 0.
    """

    seen: int = 0
    until: int = 0


#: Of a request that is no probe.
_FREE: Final = Permit()


class Troubles(Protocol):
    """The state that all who answer for a stage share; ``backend`` names stage and origin."""

    def get(self, backend: str) -> Trouble | None:
        """What is known; ``None`` if the backend answered last, or was never asked."""

    def add(self, backend: str, now: int) -> int:
        """Count a failure; return how many there are in a row now."""

    def block(self, backend: str, until: int) -> None:
        """Block the backend until then."""

    def claim(self, backend: str, seen: int, until: int) -> bool:
        """Move the end of a block from ``seen`` to ``until``; ``False`` if it is not ``seen`` any more."""

    def clear(self, backend: str) -> None:
        """Forget the backend's failures."""


@dataclass(slots=True)
class MemoryTroubles:
    """The state of one process; see :class:`Troubles`."""

    known: dict[str, Trouble] = field(default_factory=dict)

    def get(self, backend: str) -> Trouble | None:
        """What is known."""
        return self.known.get(backend)

    def add(self, backend: str, now: int) -> int:  # noqa: ARG002 - the port's
        """Count a failure."""
        failures, until = self.known.get(backend, Trouble(0))
        self.known[backend] = Trouble(failures + 1, until)
        return failures + 1

    def block(self, backend: str, until: int) -> None:
        """Block the backend."""
        self.known[backend] = self.known.get(backend, Trouble(0))._replace(until=until)

    def claim(self, backend: str, seen: int, until: int) -> bool:
        """Move the end of a block."""
        trouble = self.known.get(backend)
        if trouble is None or trouble.until != seen:
            return False
        self.known[backend] = trouble._replace(until=until)
        return True

    def clear(self, backend: str) -> None:
        """Forget the failures."""
        self.known.pop(backend, None)


@dataclass(frozen=True, slots=True)
class Breaker:
    """Applies a stage's settings.

    Parameters
    ----------
    place
        The stage, with its service: the state of one is not that of another.
    patience
        Seconds that a backend has for an answer: so long a probe may be under way.
    """

    place: str
    troubles: Troubles
    settings: Blocking
    patience: float

    def admits(self, origin: str, now: datetime) -> Permit | None:
        """Let a request to the backend pass; ``None`` if it may not be asked now.

        What becomes of it is told by :meth:`answered`, :meth:`failed` or :meth:`released`.
        """
        if not self.settings.enabled:
            return _FREE
        trouble = self.troubles.get(self._name(origin))
        if trouble is None or not trouble.until:
            return _FREE
        if now.timestamp() < trouble.until:
            return None
        # Who does not come back from the probe (a process that ended) is replaced after that time.
        until = math.ceil(now.timestamp() + self.settings.seconds + self.patience)
        claimed = self.troubles.claim(self._name(origin), trouble.until, until)
        return Permit(trouble.until, until) if claimed else None

    def failed(self, origin: str, now: datetime) -> None:
        """Note that the backend could not be reached, or did not answer in time."""
        if not self.settings.enabled:
            return
        backend, moment = self._name(origin), now.timestamp()
        if self.troubles.add(backend, int(moment)) >= self.settings.failures:
            self.troubles.block(backend, math.ceil(moment + self.settings.seconds))

    def answered(self, origin: str) -> None:
        """Note that the backend answered, whatever it said."""
        if self.settings.enabled and self.troubles.get(self._name(origin)):
            self.troubles.clear(self._name(origin))

    def released(self, origin: str, permit: Permit) -> None:
        """Note that a request showed nothing of the backend: if it was the probe, the next one is."""
        if permit.until:
            self.troubles.claim(self._name(origin), permit.until, permit.seen)

    def _name(self, origin: str) -> str:
        return f"{self.place} {origin}"
