"""Which points a period has, when they exist, and how far back one may ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.errors import PeriodError
from cce.gateway.statistics.granularity import Granularity, is_ready, next_start, start_of
from cce.gateway.statistics.period import Period, granularity_of
from statistics_samples import NOW, SEOUL, last

MINUTE, TEN, HOUR, DAY = Granularity
SECOND = timedelta(seconds=1)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


@pytest.mark.row("163", how="statistics")
@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (SECOND, MINUTE),
        (timedelta(hours=1), MINUTE),
        (timedelta(hours=1) + SECOND, TEN),
        (timedelta(days=1), TEN),
        (timedelta(days=1) + SECOND, HOUR),
        (timedelta(weeks=1), HOUR),
        (timedelta(weeks=1) + SECOND, DAY),
        (timedelta(days=90), DAY),
    ],
)
def test_exactly_an_hour_a_day_and_a_week_have_the_finer_points(
    length: timedelta, expected: Granularity
) -> None:
    assert expected is granularity_of(length)


@pytest.mark.row("163", how="statistics")
@pytest.mark.parametrize(
    ("length", "points"),
    [({"hours": 1}, 60), ({"days": 1}, 144), ({"weeks": 1}, 169), ({"days": 90}, 91)],
)
def test_a_period_has_a_point_for_every_span_that_it_touches(length: dict[str, int], points: int) -> None:
    assert points == len(list(last(**length).starts()))


@pytest.mark.row("162", how="statistics")
@pytest.mark.parametrize(
    ("granularity", "start", "ready"),
    [
        (MINUTE, "2026-11-22 10:00", "2026-11-22 10:01"),
        (TEN, "2026-11-22 10:00", "2026-11-22 10:11"),  # the ten minutes up to 10:10
        (HOUR, "2026-11-22 10:00", "2026-11-22 11:00"),
        (DAY, "2026-11-01 00:00", "2026-11-02 00:00"),
    ],
)
def test_a_point_exists_when_the_guide_says(granularity: Granularity, start: str, ready: str) -> None:
    first = start_of(seoul(start), granularity, SEOUL)

    assert is_ready(first, granularity, SEOUL, seoul(ready))
    assert not is_ready(first, granularity, SEOUL, seoul(ready) - SECOND)


@pytest.mark.row("162", how="statistics")
def test_a_day_begins_at_midnight_in_the_zone_that_is_set() -> None:
    assert seoul("2026-11-22 00:00") == start_of(seoul("2026-11-22 08:59"), DAY, SEOUL)
    assert datetime(2026, 11, 21, tzinfo=UTC) == start_of(seoul("2026-11-22 08:59"), DAY, ZoneInfo("UTC"))


def test_a_day_on_which_clocks_change_is_one_point() -> None:
    paris = ZoneInfo("Europe/Paris")
    start = start_of(datetime(2026, 10, 25, 12, tzinfo=paris), DAY, paris)

    assert timedelta(hours=25) == next_start(start, DAY, paris) - start


def test_a_period_is_ready_up_to_the_point_that_runs() -> None:
    now = NOW + timedelta(seconds=20)
    minutes = Period.asked(now - timedelta(hours=1), now, now=now, zone=SEOUL)
    tens = Period.asked(now - timedelta(hours=2), now, now=now, zone=SEOUL)

    assert (NOW, NOW + timedelta(minutes=1)) == (minutes.ready_until(now), minutes.end)
    assert NOW - timedelta(minutes=10) == tens.ready_until(now)  # the ten minutes up to now: a minute later
    assert minutes.start == minutes.ready_until(NOW - timedelta(days=1))


@pytest.mark.row("161", how="statistics")
@pytest.mark.parametrize(
    ("start", "end", "field", "reason"),
    [
        (NOW, NOW, "from", "not before"),
        (NOW, NOW - SECOND, "from", "not before"),
        (datetime(2026, 8, 23, 14, 59, tzinfo=UTC), NOW, "from", "90 days"),
        (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC), "from", "90 days"),
        (NOW, NOW + timedelta(days=2), "to", "ahead"),
        (NOW, datetime(9999, 12, 31, tzinfo=UTC), "to", "ahead"),
    ],
)
def test_a_period_that_cannot_be_answered_is_refused_with_the_reason(
    start: datetime, end: datetime, field: str, reason: str
) -> None:
    with pytest.raises(PeriodError, match=reason) as caught:
        Period.asked(start, end, now=NOW, zone=SEOUL)

    assert field == caught.value.field


@pytest.mark.row("161", how="statistics")
def test_the_day_that_is_ninety_days_old_is_still_there_as_a_whole() -> None:
    oldest = seoul("2026-08-24 00:00")

    assert oldest == Period.asked(oldest, NOW, now=NOW, zone=SEOUL).start
    with pytest.raises(PeriodError):
        Period.asked(oldest - SECOND, NOW, now=NOW, zone=SEOUL)


@given(
    back=st.timedeltas(timedelta(seconds=1), timedelta(days=90)),
    zone=st.sampled_from(["Asia/Seoul", "UTC", "America/Sao_Paulo", "Asia/Kolkata", "Europe/Paris"]),
)
def test_points_follow_each_other_and_cover_the_range(back: timedelta, zone: Any) -> None:
    where = ZoneInfo(zone)
    period = Period.asked(NOW - back, NOW, now=NOW, zone=where)
    starts = list(period.starts())

    assert period.start <= NOW - back
    assert period.end >= NOW
    assert len(starts) <= 170
    assert [*starts[1:], period.end] == [next_start(s, period.granularity, where) for s in starts]
    assert starts == [start_of(s, period.granularity, where) for s in starts]
