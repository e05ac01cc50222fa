"""Spans of time that requests are counted in, and when the sum of a span is complete."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


class Granularity(Enum):
    """Length of a point, the finest first."""

    MINUTE = "1m"
    TEN_MINUTES = "10m"
    HOUR = "1h"
    DAY = "1d"


_SECONDS = {Granularity.MINUTE: 60, Granularity.TEN_MINUTES: 600, Granularity.HOUR: 3600}


def start_of(at: datetime, granularity: Granularity, zone: ZoneInfo) -> datetime:
    """The start, in UTC, of the span that a moment lies in; a day begins at midnight in the zone."""
    if granularity is Granularity.DAY:
        return datetime.combine(at.astimezone(zone).date(), time.min, zone).astimezone(UTC)
    seconds = _SECONDS[granularity]
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)


def next_start(start: datetime, granularity: Granularity, zone: ZoneInfo) -> datetime:
    """The start of the span that follows the one that begins at ``start``."""
    if granularity is Granularity.DAY:
        tomorrow = start.astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time.min, zone).astimezone(UTC)
    return start + timedelta(seconds=_SECONDS[granularity])


def is_ready(start: datetime, granularity: Granularity, zone: ZoneInfo, now: datetime) -> bool:
    """Whether the point exists yet.

    The guide's times: 10:00 of minutes after 10:01, the ten minutes up to 10:10 after 10:11, 10 o'clock of
    hours after 11, the first of days after midnight of the second. A point may be late: what the log
    delivers later is added to it.
    """
    wait = timedelta(minutes=1) if granularity is Granularity.TEN_MINUTES else timedelta(0)
    return now >= next_start(start, granularity, zone) + wait
