"""The services of the definition that is served, as a stack's book has those that are deployed."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from cce.api.statistics import SERVICE
from cce.gateway.records import Deployment, ServiceRecord, StageRecord
from cce.gateway.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from cce.gateway.definition.model import Service
    from cce.gateway.definition.stage import Stage


def service_id(name: str) -> str:
    """The id of a service on this machine: its name, or a digest where paths of statistics cannot hold it."""
    return name if SERVICE.fullmatch(name) else sha256(name.encode()).hexdigest()[:10]


def records_of(
    services: Iterable[Service], served: Collection[tuple[str, str]], since: datetime
) -> Mapping[ServiceRecord, Sequence[StageRecord]]:
    """Every service of a definition with its stages.

    Parameters
    ----------
    served
        What is served: names of service and stage.
    since
        When the server was started, which is the one deployment here.
    """
    return {
        _record(service): [
            _stage(service, stage, since if (service.name, stage.name) in served else None)
            for stage in sorted(service.stages, key=lambda stage: stage.name)
        ]
        for service in services
    }


def _record(service: Service) -> ServiceRecord:
    own = service_id(service.name)
    return ServiceRecord(id=own, name=service.name, api=own)


def _stage(service: Service, stage: Stage, since: datetime | None) -> StageRecord:
    record = StageRecord(service=service_id(service.name), stage=stage.name)
    if since is None:
        return record
    digest = Snapshot(service=record.service, resources=service.resources, stage=stage).digest
    made = Deployment(number=1, digest=digest, at=since, by="cce gateway serve", status="complete")
    return record.model_copy(update={"deployments": (made,)})
