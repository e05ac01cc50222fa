"""The period that is asked for: how far back it may reach, and how long its points are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from cce.errors import PeriodError
from cce.gateway.statistics.granularity import Granularity, is_ready, next_start, start_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

#: How long statistics can be asked for: three months, which NHN counts as 90 days.
KEPT: Final = timedelta(days=90)

#: The longest range of each length of points; beyond the last the points are days.
_FINER: Final = (
    (timedelta(hours=1), Granularity.MINUTE),
    (timedelta(days=1), Granularity.TEN_MINUTES),
    (timedelta(weeks=1), Granularity.HOUR),
)


def granularity_of(length: timedelta) -> Granularity:
    """The length of the points of a range; exactly an hour, a day and a week have the finer ones."""
    return next((g for longest, g in _FINER if length <= longest), Granularity.DAY)


@dataclass(frozen=True, slots=True)
class Period:
    """A period in whole points: the first begins at ``start``, the last ends at ``end``, both in UTC."""

    start: datetime
    end: datetime
    granularity: Granularity
    zone: ZoneInfo

    @classmethod
    def asked(cls, start: datetime, end: datetime, *, now: datetime, zone: ZoneInfo) -> Period:
        """The period of a question; its points cover the range, so the first and last may reach beyond it.

        Raises
        ------
        PeriodError
            When the range is empty, reaches back more than three months, or ahead of today and tomorrow.
        """
        oldest = start_of(now - KEPT, Granularity.DAY, zone)
        if start >= end:
            raise PeriodError("from", "is not before `to`")
        if start < oldest:
            raise PeriodError("from", f"is before {oldest.isoformat()}; statistics are kept for 90 days")
        if end > now + timedelta(days=1):
            raise PeriodError("to", "lies more than a day ahead")
        granularity = granularity_of(end - start)
        first = start_of(start, granularity, zone)
        last = start_of(end - timedelta(microseconds=1), granularity, zone)
        return cls(first, next_start(last, granularity, zone), granularity, zone)

    def starts(self) -> Iterator[datetime]:
        """The start of every point."""
        start = self.start
        while start < self.end:
            yield start
            start = next_start(start, self.granularity, self.zone)

    def ready_until(self, now: datetime) -> datetime:
        """The end of the last point that exists yet; the period's start if none does."""
        ready = takewhile(lambda s: is_ready(s, self.granularity, self.zone, now), self.starts())
        return max((next_start(s, self.granularity, self.zone) for s in ready), default=self.start)
