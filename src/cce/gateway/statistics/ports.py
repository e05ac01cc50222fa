"""What statistics need of the world: where sums are kept. ``store`` has it in DynamoDB and in SQLite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from cce.gateway.statistics.period import Period
    from cce.gateway.statistics.tally import Cell, Resource, Tally


@dataclass(frozen=True, slots=True)
class CountedStage:
    """A stage of which something was counted, and when that was done last."""

    service: str
    stage: str
    last_updated: datetime


class StatisticsBook(Protocol):
    """Sums by stage and resource in four granularities."""

    def add(self, batch: str, cells: Mapping[Cell, Tally], now: datetime) -> None:
        """Add the sums of a batch; a batch that was added before, or in part, is added once."""

    def stages(self) -> Sequence[CountedStage]:
        """Every stage of which something was counted, by service and stage."""

    def last_updated(self, service: str, stage: str) -> datetime | None:
        """When requests of the stage were counted last; ``None`` if never."""

    def points(self, service: str, stage: str, period: Period) -> Mapping[datetime, Tally]:
        """The stage's sums by the start of the point; a point without a request is left out."""

    def resources(self, service: str, stage: str, period: Period) -> Mapping[Resource, Tally]:
        """The sums of each resource over the whole period."""
