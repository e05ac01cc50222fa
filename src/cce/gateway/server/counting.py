"""Counts the local server's own calls, off their path: summed after the answer, written by a thread."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from cce.errors import AccessLogError, StoreError
from cce.gateway.statistics.tally import Minutes

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from zoneinfo import ZoneInfo

    from cce.gateway.message import Request
    from cce.gateway.statistics.record import AccessRecord
    from cce.store.statistics_file import FileStatistics

#: Seconds between two writes while requests come.
_DELAY: Final = 5.0


class Counting:
    """Adds requests to the statistics.

    Parameters
    ----------
    zone
        Where a day begins at midnight.
    report
        Told why requests could not be counted.
    """

    def __init__(
        self,
        book: FileStatistics,
        zone: ZoneInfo,
        report: Callable[[str], None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.book, self.zone, self.clock = book, zone, clock
        self._report = report
        self._minutes = Minutes()
        self._timer: asyncio.TimerHandle | None = None
        self._writer = ThreadPoolExecutor(1, "statistics")

    def __call__(self, record: AccessRecord, _request: Request, _reason: str) -> None:
        """Count a request that was answered; called in the event loop, as all but the writing is."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_DELAY, self._flush)
        try:
            self._minutes.add(record)
        except AccessLogError as error:
            self._report(f"not counted: {error}")

    async def caught_up(self) -> None:
        """Wait until every request that was answered is in the book."""
        await asyncio.wrap_future(self._flush())

    def close(self) -> None:
        """Write the rest, and close the book."""
        self._flush()
        self._writer.shutdown()
        self.book.close()

    def _flush(self) -> Future[None]:
        if self._timer:
            self._timer.cancel()
        minutes, self._minutes, self._timer = self._minutes, Minutes(), None
        return self._writer.submit(self._write, minutes)

    def _write(self, minutes: Minutes) -> None:
        cells = minutes.cells(self.zone)
        if not cells:
            return
        try:
            self.book.add(token_hex(8), cells, self.clock())
        except StoreError as error:
            self._report(f"requests of the last {_DELAY:g} s are not counted: {error}")
