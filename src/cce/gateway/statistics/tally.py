"""Counting requests: what is counted of them, and into which cells."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from cce.errors import AccessLogError
from cce.gateway.statistics.granularity import Granularity, start_of
from cce.gateway.statistics.record import GatewayNote

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from cce.gateway.statistics.record import AccessRecord

#: Seconds of the finest granularity.
_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over some requests; adding two is associative and commutative, for every sum is a whole number.

    Parameters
    ----------
    status_2xx, status_3xx, status_4xx, status_5xx
        Requests by the group of their status.
    answered_by_gateway
        Requests that were not passed to a backend.
    microseconds
        Sum of the response times.
    bytes_out
        Bytes of the answers' bodies.
    """

    status_2xx: int = 0
    status_3xx: int = 0
    status_4xx: int = 0
    status_5xx: int = 0
    answered_by_gateway: int = 0
    microseconds: int = 0
    bytes_out: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.status_2xx + other.status_2xx,
            self.status_3xx + other.status_3xx,
            self.status_4xx + other.status_4xx,
            self.status_5xx + other.status_5xx,
            self.answered_by_gateway + other.answered_by_gateway,
            self.microseconds + other.microseconds,
            self.bytes_out + other.bytes_out,
        )

    @property
    def success(self) -> int:
        """Requests that went well, 2XX and 3XX."""
        return self.status_2xx + self.status_3xx

    @property
    def failure(self) -> int:
        """Requests that did not, 4XX and 5XX."""
        return self.status_4xx + self.status_5xx

    @property
    def mean_milliseconds(self) -> float | None:
        """Mean response time, each request with the same weight; ``None`` without a request."""
        count = self.success + self.failure
        return self.microseconds / count / 1000 if count else None


#: What is counted, by the names that stores use.
COUNTED: Final = tuple(field.name for field in fields(Tally))
_BY_GATEWAY: Final = COUNTED.index("answered_by_gateway")
_MICROSECONDS: Final = COUNTED.index("microseconds")
_BYTES_OUT: Final = COUNTED.index("bytes_out")
_NOTHING: Final = [0] * len(COUNTED)


@dataclass(frozen=True, slots=True, order=True)
class Resource:
    """A method and the resource path that a request was mapped to; both empty when it was mapped to none."""

    path: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a sum is of: a stage, or one of its resources, in one span of time.

    ``resource`` is ``None`` for the whole stage; ``start`` is in UTC.
    """

    service: str
    stage: str
    granularity: Granularity
    start: datetime
    resource: Resource | None = None


class Minutes:
    """Sums by minute, stage and resource while requests come: cheap for each, and small for many."""

    def __init__(self) -> None:
        # Each list is a Tally to be, in the order of its fields.
        self._sums: defaultdict[tuple[float, str, str, str, str], list[int]] = defaultdict(_NOTHING.copy)

    def add(self, seen: AccessRecord | GatewayNote) -> None:
        """Count one request, or the note that a request already logged was answered by the gateway.

        Raises
        ------
        AccessLogError
            When the status is none of an answer (200 to 599).
        """
        minute = seen.at.timestamp() // _MINUTE
        key = (minute, seen.service, seen.stage, seen.path, seen.method)
        if isinstance(seen, GatewayNote):
            self._sums[key][_BY_GATEWAY] += 1
            return
        group = seen.status // 100 - 2
        if not 0 <= group < _BY_GATEWAY:
            message = f"status {seen.status} of a request to {seen.service} is none of an answer, 200 to 599"
            raise AccessLogError(message)
        sums = self._sums[key]
        sums[group] += 1
        sums[_BY_GATEWAY] += seen.answered_by == "gateway"
        sums[_MICROSECONDS] += round(seen.milliseconds * 1000)
        sums[_BYTES_OUT] += seen.bytes_out

    def cells(self, zone: ZoneInfo) -> dict[Cell, Tally]:
        """The sums of every stage and resource in every granularity, all of which consist of minutes."""
        cells: defaultdict[Cell, Tally] = defaultdict(Tally)
        for (minute, service, stage, path, method), sums in self._sums.items():
            tally = Tally(*sums)
            at = datetime.fromtimestamp(minute * _MINUTE, UTC)
            for granularity in Granularity:
                start = start_of(at, granularity, zone)
                for part in (None, Resource(path, method)):
                    cells[Cell(service, stage, granularity, start, part)] += tally
        return dict(cells)


def roll_up(seen: Iterable[AccessRecord | GatewayNote], zone: ZoneInfo) -> dict[Cell, Tally]:
    """Sums of every stage and resource in every granularity.

    Parameters
    ----------
    zone
        Where a day begins at midnight.
    """
    minutes = Minutes()
    for each in seen:
        minutes.add(each)
    return minutes.cells(zone)
