"""What is remembered of services and their stages, and where: the book."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cce.gateway.snapshot import Snapshot

#: Characters of the words that somebody gives a deployment.
DESCRIPTION_LIMIT = 200


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Applied(_Record):
    """The resources and settings that a stage was given; they serve nobody before they are deployed."""

    digest: str
    at: datetime
    by: str


class Deployment(_Record):
    """One deployment of a stage.

    Parameters
    ----------
    number
        Counts from 1 for each stage, never used again.
    reason
        Why it failed.
    acl_in
        Who looks at client addresses: ``policy``, ``authorizer``, ``none``.
    """

    number: int
    digest: str
    at: datetime
    by: str
    description: Annotated[str, Field(max_length=DESCRIPTION_LIMIT)] = ""
    status: Literal["deploying", "complete", "failure"] = "deploying"
    reason: str = ""
    acl_in: str = "none"


class StageRecord(_Record):
    """One stage of a service. ``version`` grows with every change, so that two writers cannot both win."""

    service: str
    stage: str
    version: int = 0
    applied: Applied | None = None
    deployments: tuple[Deployment, ...] = ()

    @property
    def serving(self) -> Deployment | None:
        """What answers requests: the last deployment that was completed."""
        done = [each for each in self.deployments if each.status == "complete"]
        return done[-1] if done else None


class ServiceRecord(_Record):
    """One service: ``id`` is random and its own for ever; ``api`` is its API, empty until it has one."""

    id: str
    name: str
    api: str = ""


class Book(Protocol):
    """Where services, stages and snapshots are remembered."""

    def services(self) -> Sequence[ServiceRecord]:
        """Every service there ever was, by name."""

    def put_service(self, record: ServiceRecord) -> bool:
        """Note a service; ``False`` if another one has its id or, in use, its name."""

    def stages(self, service: str) -> Sequence[StageRecord]:
        """The stages of a service, by name."""

    def stage(self, service: str, stage: str) -> StageRecord | None:
        """One stage; ``None`` if nothing was ever applied to it, or it was deleted."""

    def put_stage(self, record: StageRecord) -> bool:
        """Write a record whose version follows the one that is there; ``False`` if somebody was faster."""

    def delete_stage(self, service: str, stage: str) -> None:
        """Forget a stage; its snapshots stay."""

    def keep(self, snapshot: Snapshot) -> None:
        """Store a snapshot under its service and digest."""

    def snapshot(self, service: str, digest: str) -> Snapshot | None:
        """A stored snapshot; ``None`` if there is none."""
