"""What is answered of the gateway's services: what they are called, their stages, what serves on each.

Statistics know a service by its API (``apiId`` of the access log), people by its name, which stands in the
book. Who applied and deployed is not told here: ``cce gateway history`` says it to those who may deploy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cce.gateway.records import Deployment, ServiceRecord, StageRecord


class ServiceBook(Protocol):
    """The services that there are; :class:`cce.gateway.records.Book` has more."""

    def services(self) -> Sequence[ServiceRecord]:
        """Every service, by name."""

    def stages(self, service: str) -> Sequence[StageRecord]:
        """The stages of the service with that id, by name."""


@dataclass(frozen=True, slots=True)
class OwnApi:
    """The product's own API, which stands in no book: CloudFormation deploys it."""

    api: str
    name: str
    stage: str


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class DeployedSnapshot(_Answer):
    """What a stage serves."""

    number: int = Field(description="Counts the deployments of the stage from 1.")
    at: datetime
    description: str
    digest: str = Field(description="Names what was deployed: equal digests answer equally.")

    @classmethod
    def of(cls, deployment: Deployment) -> DeployedSnapshot:
        """A deployment as it is answered."""
        return cls(
            number=deployment.number,
            at=deployment.at,
            description=deployment.description,
            digest=deployment.digest,
        )


class ServiceStage(_Answer):
    """A stage, called as statistics call it."""

    stage: str
    deployed: DeployedSnapshot | None = Field(
        description="None where nothing serves yet, and of the private API itself."
    )


class ServiceEntry(_Answer):
    """A service of the gateway, or the private API itself."""

    id: str = Field(description="Its own for ever.")
    name: str
    api: str | None = Field(
        description="Id of its API, `service` of the statistics; none before its first deployment."
    )
    stages: list[ServiceStage]


class ServiceList(_Answer):
    """Every service, by name, and the private API itself, last."""

    items: list[ServiceEntry]


def service_list(book: ServiceBook, own: OwnApi | None, default_stage: str) -> ServiceList:
    """The services with their stages.

    Parameters
    ----------
    own
        The API by which the question came, unless it stands in the book; ``None`` if it came by none.
    default_stage
        What statistics call the stage whose name is empty.
    """
    items = [
        ServiceEntry(
            id=record.id,
            name=record.name,
            api=record.api or None,
            stages=[
                ServiceStage(stage=stage.stage or default_stage, deployed=_deployed(stage))
                for stage in book.stages(record.id)
            ],
        )
        for record in book.services()
    ]
    if own and own.api not in {item.api for item in items}:
        stages = [ServiceStage(stage=own.stage, deployed=None)]
        items.append(ServiceEntry(id=own.api, name=own.name, api=own.api, stages=stages))
    return ServiceList(items=items)


def names_of(book: ServiceBook, own: OwnApi | None) -> Mapping[str, str]:
    """The names of services by the ids of their APIs; one that the book does not know is not there."""
    named = {own.api: own.name} if own else {}
    return named | {record.api: record.name for record in book.services() if record.api}


def _deployed(stage: StageRecord) -> DeployedSnapshot | None:
    return DeployedSnapshot.of(stage.serving) if stage.serving else None
