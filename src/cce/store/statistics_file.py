"""Statistics in a file of SQLite, for the local server; in memory for tests."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from cce.errors import StoreError
from cce.gateway.statistics.ports import CountedStage
from cce.gateway.statistics.tally import COUNTED, Resource, Tally
from cce.store.statistics import STAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from cce.gateway.statistics.period import Period
    from cce.gateway.statistics.tally import Cell

#: Between two removals of what is old.
_CLEARING: Final = timedelta(hours=1)

#: A stage's own sums have neither path nor method, and are told from unmapped requests by ``whole``.
_TABLES: Final = f"""
CREATE TABLE IF NOT EXISTS sums (service TEXT, stage TEXT, granularity TEXT, start INTEGER, whole INTEGER,
  path TEXT, method TEXT, {", ".join(f"{name} INTEGER NOT NULL" for name in COUNTED)},
  PRIMARY KEY (service, stage, granularity, whole, start, path, method)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS batches (batch TEXT PRIMARY KEY, added INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stages (service TEXT, stage TEXT, updated REAL, PRIMARY KEY (service, stage));
"""

_ADD: Final = f"""
INSERT INTO sums VALUES ({", ".join("?" * (7 + len(COUNTED)))})
ON CONFLICT DO UPDATE SET {", ".join(f"{name} = {name} + excluded.{name}" for name in COUNTED)}
"""  # noqa: S608 - names of our own

_FIND: Final = f"""
SELECT start, path, method, {", ".join(COUNTED)} FROM sums
WHERE service = ? AND stage = ? AND granularity = ? AND whole = ? AND start >= ? AND start < ?
"""  # noqa: S608 - names of our own


class FileStatistics:
    """Sums in SQLite; see :class:`cce.gateway.statistics.ports.StatisticsBook`. Threads may share one.

    Parameters
    ----------
    path
        The file, made if it is not there; ``:memory:`` for none.

    Raises
    ------
    StoreError
        When the file cannot be opened, read or written; by every method.
    """

    def __init__(self, path: Path | str = ":memory:") -> None:
        self._path, self._lock = path, Lock()
        self._next_clearing: datetime | None = None
        with self._errors():
            self._base = sqlite3.connect(path, check_same_thread=False)
            self._base.executescript(_TABLES)

    def add(self, batch: str, cells: Mapping[Cell, Tally], now: datetime) -> None:
        """Add the sums of a batch unless it was added before; what is older than can be asked for goes."""
        with self._errors(), self._lock, self._base:
            added = self._base.execute(
                "INSERT OR IGNORE INTO batches VALUES (?, ?)", (batch, now.timestamp())
            ).rowcount
            if not added:
                return
            self._base.executemany(_ADD, [_row(cell, tally) for cell, tally in cells.items()])
            self._base.executemany(
                "INSERT INTO stages VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET updated = excluded.updated "
                "WHERE updated < excluded.updated",
                [(*key, now.timestamp()) for key in {(cell.service, cell.stage) for cell in cells}],
            )
            self._clear(now)

    def stages(self) -> Sequence[CountedStage]:
        """Every stage of which something was counted, by service and stage."""
        rows = self._read("SELECT service, stage, updated FROM stages ORDER BY service, stage", ())
        return [CountedStage(service, stage, _moment(at)) for service, stage, at in rows]

    def last_updated(self, service: str, stage: str) -> datetime | None:
        """When requests of the stage were counted last; ``None`` if never."""
        rows = self._read("SELECT updated FROM stages WHERE service = ? AND stage = ?", (service, stage))
        return _moment(rows[0][0]) if rows else None

    def points(self, service: str, stage: str, period: Period) -> Mapping[datetime, Tally]:
        """The stage's sums by the start of the point; a point without a request is left out."""
        rows = self._find(service, stage, period, whole=True)
        return {_moment(start): Tally(*counted) for start, _, _, *counted in rows}

    def resources(self, service: str, stage: str, period: Period) -> Mapping[Resource, Tally]:
        """The sums of each resource over the whole period."""
        sums: dict[Resource, Tally] = {}
        for _, path, method, *counted in self._find(service, stage, period, whole=False):
            resource = Resource(path, method)
            sums[resource] = sums.get(resource, Tally()) + Tally(*counted)
        return sums

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def _clear(self, now: datetime) -> None:
        """Forget what is old, now and then: it reads the whole file."""
        if self._next_clearing and now < self._next_clearing:
            return
        self._next_clearing = now + _CLEARING
        oldest = (now - STAY).timestamp()
        self._base.execute("DELETE FROM sums WHERE start < ?", (oldest,))
        self._base.execute("DELETE FROM batches WHERE added < ?", (oldest,))
        self._base.execute("DELETE FROM stages WHERE updated < ?", (oldest,))

    def _find(self, service: str, stage: str, period: Period, *, whole: bool) -> list[tuple[Any, ...]]:
        span = (period.start.timestamp(), period.end.timestamp())
        return self._read(_FIND, (service, stage, period.granularity.value, whole, *span))

    def _read(self, question: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with self._errors(), self._lock:
            return self._base.execute(question, values).fetchall()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            message = f"statistics in {self._path}: {error}; name a file of its own that can be written to"
            raise StoreError(message) from error


def _row(cell: Cell, tally: Tally) -> tuple[Any, ...]:
    resource = cell.resource or Resource()
    place = (cell.service, cell.stage, cell.granularity.value, int(cell.start.timestamp()))
    counted = (getattr(tally, name) for name in COUNTED)
    return (*place, cell.resource is None, resource.path, resource.method, *counted)


def _moment(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
