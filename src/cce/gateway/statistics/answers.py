"""What is answered of statistics, to the private API's clients and to the page with charts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from cce.gateway.statistics.granularity import Granularity
from cce.gateway.statistics.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cce.gateway.statistics.period import Period
    from cce.gateway.statistics.ports import StatisticsBook

#: The path of the line that stands for all requests that were mapped to no resource.
NONE_MAPPED = "(none)"


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True)


class Counts(_Answer):
    """Requests counted. ``success`` is 2XX and 3XX, ``failure`` 4XX and 5XX."""

    success: int
    failure: int
    status_2xx: int
    status_3xx: int
    status_4xx: int
    status_5xx: int
    answered_by_gateway: int = Field(description="Not passed to a backend.")
    mean_ms: float | None = Field(description="Mean response time in milliseconds; none without a request.")
    bytes_out: int = Field(description="Bytes of the answers' bodies.")

    @classmethod
    def of(cls, tally: Tally) -> Counts:
        """A tally as it is answered."""
        mean = tally.mean_milliseconds
        return cls(
            success=tally.success,
            failure=tally.failure,
            status_2xx=tally.status_2xx,
            status_3xx=tally.status_3xx,
            status_4xx=tally.status_4xx,
            status_5xx=tally.status_5xx,
            answered_by_gateway=tally.answered_by_gateway,
            mean_ms=None if mean is None else round(mean, 3),
            bytes_out=tally.bytes_out,
        )


class StageEntry(_Answer):
    """A stage that has statistics. The default stage has an empty name; in paths it is `-`."""

    service: str
    stage: str
    last_updated: datetime


class StageList(_Answer):
    """Every stage that has statistics; ``zone`` is where a day begins at midnight."""

    zone: str
    items: list[StageEntry]


class _Statistics(_Answer):
    service: str
    stage: str
    start: datetime = Field(serialization_alias="from", description="Start of the first point.")
    end: datetime = Field(serialization_alias="to", description="End of the last point.")
    granularity: Granularity
    zone: str
    last_updated: datetime | None = Field(description="When requests were counted last; none if never.")
    ready_until: datetime = Field(description="Points beyond do not exist yet, and are not in `total`.")
    total: Counts


class Point(_Answer):
    """One point; ``counts`` is none while the point does not exist yet, and zeros without a request."""

    start: datetime = Field(serialization_alias="from")
    counts: Counts | None


class StageStatistics(_Statistics):
    """A stage over time."""

    points: list[Point]


class ResourceRow(_Answer):
    """One resource; the one without a method, ``(none)``, is of requests that were mapped to none."""

    method: str
    path: str
    counts: Counts


class ResourceStatistics(_Statistics):
    """A stage by method and mapped path, in the order of path and method."""

    items: list[ResourceRow]
    next: str | None = None


def stage_list(book: StatisticsBook, zone: str) -> StageList:
    """The stages that have statistics."""
    items = [StageEntry(service=s.service, stage=s.stage, last_updated=s.last_updated) for s in book.stages()]
    return StageList(zone=zone, items=items)


def stage_statistics(
    book: StatisticsBook, service: str, stage: str, period: Period, now: datetime
) -> StageStatistics:
    """A stage over a period: a point for every span of it, whether it exists yet or not."""
    until = period.ready_until(now)
    found = book.points(service, stage, replace(period, end=until)) if until > period.start else {}
    points = [
        Point(start=start, counts=Counts.of(found.get(start, Tally())) if start < until else None)
        for start in period.starts()
    ]
    about = _about(book, service, stage, period, until, found.values())
    return StageStatistics(**about, points=points)


def resource_statistics(
    book: StatisticsBook, service: str, stage: str, period: Period, now: datetime
) -> ResourceStatistics:
    """A stage's resources over the points of a period that exist yet; every one that was called."""
    until = period.ready_until(now)
    found = book.resources(service, stage, replace(period, end=until)) if until > period.start else {}
    rows = [
        ResourceRow(method=each.method, path=each.path or NONE_MAPPED, counts=Counts.of(found[each]))
        for each in sorted(found)
    ]
    about = _about(book, service, stage, period, until, found.values())
    return ResourceStatistics(**about, items=rows)


def _about(  # noqa: PLR0913, PLR0917 - what both answers begin with
    book: StatisticsBook,
    service: str,
    stage: str,
    period: Period,
    until: datetime,
    found: Iterable[Tally],
) -> dict[str, object]:
    return {
        "service": service,
        "stage": stage,
        "start": period.start,
        "end": period.end,
        "granularity": period.granularity,
        "zone": period.zone.key,
        "last_updated": book.last_updated(service, stage),
        "ready_until": until,
        "total": Counts.of(sum(found, Tally())),
    }
