"""The gateway's services in memory: those of the local server, and none where a stack has no gateway."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cce.gateway.records import ServiceRecord, StageRecord


@dataclass(frozen=True)
class MemoryServices:
    """Services with their stages; see :class:`cce.gateway.statistics.services.ServiceBook`."""

    known: Mapping[ServiceRecord, Sequence[StageRecord]] = field(default_factory=dict)

    def services(self) -> Sequence[ServiceRecord]:
        """Every service, by name."""
        return sorted(self.known, key=lambda record: record.name)

    def stages(self, service: str) -> Sequence[StageRecord]:
        """The stages of the service with that id, by name."""
        return [stage for record, stages in self.known.items() if record.id == service for stage in stages]
