"""What is answered of statistics, to the private API's clients and to the page with charts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field

from cce.gateway.statistics.granularity import Granularity
from cce.gateway.statistics.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


_NAME: Final = "Its name; its id where nobody knows that (any more)."


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a stage, its service's name, a period, and the time now."""

    service: str
    name: str
    stage: str
    period: Period
    now: datetime


class StageEntry(_Answer):
    """A stage that has statistics. The default stage is `default` on AWS and empty on the local server."""

    service: str = Field(description="Id of the service's API.")
    name: str = Field(description=_NAME)
    stage: str
    last_updated: datetime


class StageList(_Answer):
    """Every stage that has statistics; ``zone`` is where a day begins at midnight."""

    zone: str
    items: list[StageEntry]


class _Statistics(_Answer):
    service: str = Field(description="Id of the service's API.")
    name: str = Field(description=_NAME)
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


def stage_list(book: StatisticsBook, names: Mapping[str, str], zone: str) -> StageList:
    """The stages that have statistics; ``names`` are those of services by their ids."""
    items = [
        StageEntry(
            service=each.service,
            name=names.get(each.service, each.service),
            stage=each.stage,
            last_updated=each.last_updated,
        )
        for each in book.stages()
    ]
    return StageList(zone=zone, items=items)


def stage_statistics(book: StatisticsBook, asked: Asked) -> StageStatistics:
    """A stage over a period: a point for every span of it, whether it exists yet or not."""
    period, until = asked.period, asked.period.ready_until(asked.now)
    ready = replace(period, end=until)
    found = book.points(asked.service, asked.stage, ready) if until > period.start else {}
    points = [
        Point(start=start, counts=Counts.of(found.get(start, Tally())) if start < until else None)
        for start in period.starts()
    ]
    return StageStatistics(**_about(book, asked, until, found.values()), points=points)


def resource_statistics(book: StatisticsBook, asked: Asked) -> ResourceStatistics:
    """A stage's resources over the points of a period that exist yet; every one that was called."""
    period, until = asked.period, asked.period.ready_until(asked.now)
    ready = replace(period, end=until)
    found = book.resources(asked.service, asked.stage, ready) if until > period.start else {}
    rows = [
        ResourceRow(method=each.method, path=each.path or NONE_MAPPED, counts=Counts.of(found[each]))
        for each in sorted(found)
    ]
    return ResourceStatistics(**_about(book, asked, until, found.values()), items=rows)


def _about(book: StatisticsBook, asked: Asked, until: datetime, found: Iterable[Tally]) -> dict[str, object]:
    """What both answers begin with."""
    return {
        "service": asked.service,
        "name": asked.name,
        "stage": asked.stage,
        "start": asked.period.start,
        "end": asked.period.end,
        "granularity": asked.period.granularity,
        "zone": asked.period.zone.key,
        "last_updated": book.last_updated(asked.service, asked.stage),
        "ready_until": until,
        "total": Counts.of(sum(found, Tally())),
    }
