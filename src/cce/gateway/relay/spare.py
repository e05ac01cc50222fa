"""Blocking whose store may fail: then no backend is blocked, and the log says why."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from cce.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cce.gateway.blocking import Trouble, Troubles


class SpareTroubles:
    """See :class:`cce.gateway.blocking.Troubles`: requests are answered without it too.

    Parameters
    ----------
    report
        Told of every failure of the store.
    """

    def __init__(self, troubles: Troubles, report: Callable[[StoreError], None]) -> None:
        self._troubles = troubles
        self._report = report

    def get(self, backend: str) -> Trouble | None:
        """What is known."""
        with self._spared():
            return self._troubles.get(backend)
        return None

    def add(self, backend: str, now: int) -> int:
        """Count a failure."""
        with self._spared():
            return self._troubles.add(backend, now)
        return 0

    def block(self, backend: str, until: int) -> None:
        """Block the backend."""
        with self._spared():
            self._troubles.block(backend, until)

    def claim(self, backend: str, seen: int, until: int) -> bool:
        """Move the end of a block."""
        with self._spared():
            return self._troubles.claim(backend, seen, until)
        return True

    def clear(self, backend: str) -> None:
        """Forget the failures."""
        with self._spared():
            self._troubles.clear(backend)

    @contextmanager
    def _spared(self) -> Iterator[None]:
        try:
            yield
        except StoreError as error:
            self._report(error)
