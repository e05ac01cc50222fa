"""Takes stages from state to state: notes it in the book, and has API Gateway do it."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from cce.errors import CceError, GatewayStateError
from cce.gateway import states
from cce.gateway.compiler import compile_stage
from cce.gateway.compiler.model import stage_name
from cce.gateway.records import ServiceRecord, StageRecord
from cce.gateway.snapshot import Snapshot

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from cce.gateway.compiler import Compiled, Target
    from cce.gateway.definition.model import Service
    from cce.gateway.definition.stage import Stage
    from cce.gateway.records import Book, Deployment

_LETTERS: Final = string.ascii_lowercase + string.digits
_ID_LENGTH: Final = 10

#: Services of one project (row 4).
SERVICE_LIMIT: Final = 10


class Apis(Protocol):
    """API Gateway, as far as deploying needs it. Each raises ``DeployError`` when it is refused."""

    def create(self, service: ServiceRecord) -> str:
        """Make the private API of a service; returns its id."""

    def deploy(self, api: str, stage: str, compiled: Compiled, snapshot: str, description: str) -> None:
        """Give the API the document, let it call its functions, and deploy it on the stage.

        Parameters
        ----------
        snapshot
            Value of the stage variable by which relay and authorizer find the snapshot.
        """

    def delete_stage(self, api: str, stage: str) -> None:
        """Take the stage away; requests to it are refused at once."""


#: When requests to a stage of an API were counted last; ``None`` if never.
Traffic = Callable[[str, str], "datetime | None"]


class Desk:
    """Applies, deploys, rolls back and deletes the stages of services."""

    def __init__(self, book: Book, apis: Apis, target: Target, traffic: Traffic) -> None:
        self._book = book
        self._apis = apis
        self._target = target
        self._traffic = traffic

    def service(self, name: str) -> ServiceRecord:
        """The service of that name.

        Raises
        ------
        GatewayStateError
            When nothing of it was ever applied.
        """
        for record in self._book.services():
            if record.name == name:
                return record
        raise GatewayStateError(f"nothing of service {name!r} was applied yet; apply a stage of it first")

    def draft(self, service: Service, stage: Stage) -> Snapshot:
        """What the definition says of a stage, under the service's id, or its name while it has none."""
        known = {record.name: record.id for record in self._book.services()}
        return Snapshot(
            service=known.get(service.name, service.name), resources=service.resources, stage=stage
        )

    def compile(self, snapshot: Snapshot) -> Compiled:
        """What deploying a snapshot would give to API Gateway."""
        return compile_stage(snapshot, self._target, self._neighbours(snapshot))

    def apply(self, service: Service, stage: Stage, now: datetime, who: str) -> StageRecord:
        """Give the stage what the definition says.

        Raises
        ------
        GatewayStateError
            When the stage has it already.
        CompileError
            When no API could serve it; said now, not at the deployment.
        """
        record = self._known(service.name)
        snapshot = Snapshot(service=record.id, resources=service.resources, stage=stage)
        before = self._book.stage(record.id, stage.name) or StageRecord(service=record.id, stage=stage.name)
        self.compile(snapshot)
        self._book.keep(snapshot)  # also where it is applied already, for it may have got lost
        return self._write(states.apply(before, snapshot, now, who))

    def deploy(self, service: str, stage: str, now: datetime, who: str, description: str = "") -> Deployment:
        """Let the stage serve what was applied to it.

        Raises
        ------
        GatewayStateError
            When nothing was applied, nothing changed, or a deployment runs.
        CceError
            When it failed; what served before still does.
        """
        record = self._stage(service, stage)
        return self._done(states.start(record, now, who, description))

    def roll_back(self, service: str, stage: str, number: int, now: datetime, who: str) -> Deployment:
        """Deploy again what an earlier deployment did; raises what :meth:`deploy` raises."""
        return self._done(states.roll_back(self._stage(service, stage), number, now, who))

    def delete(
        self,
        service: str,
        stage: str,
        now: datetime,
        quiet: timedelta,
        *,
        force: bool,
    ) -> None:
        """Take a stage away for good.

        Parameters
        ----------
        quiet
            How long nobody must have called it, unless ``force``.

        Raises
        ------
        GatewayStateError
            When it is in use.
        """
        record = self._stage(service, stage)
        api = self.service(service).api
        states.check_delete(record, self._traffic(api, stage_name(stage)), now, quiet, force=force)
        if api and record.serving:
            self._apis.delete_stage(api, stage_name(stage))
        self._book.delete_stage(record.service, stage)

    def _done(self, begun: StageRecord) -> Deployment:
        record = self._write(begun)
        made = record.deployments[-1]
        try:
            acl_in = self._deployed(record, made)
        except CceError as error:
            self._write(states.failed(record, str(error)))
            raise
        return self._write(states.completed(record, acl_in)).deployments[-1]

    def _deployed(self, record: StageRecord, made: Deployment) -> str:
        snapshot = self._book.snapshot(record.service, made.digest)
        if snapshot is None:
            raise GatewayStateError(
                f"the book lost snapshot {made.digest[:12]}; apply the definition again, and deploy"
            )
        compiled = self.compile(snapshot)
        api = self._api(record.service)
        name = f"{record.service}/{made.digest}"
        self._apis.deploy(api, stage_name(record.stage), compiled, name, made.description)
        return compiled.acl_in

    def _api(self, service: str) -> str:
        record = next(each for each in self._book.services() if each.id == service)
        if not record.api:
            record = record.model_copy(update={"api": self._apis.create(record)})
            self._book.put_service(record)
        return record.api

    def _neighbours(self, snapshot: Snapshot) -> list[Stage]:
        """The stages whose address lists the API's policy holds."""
        found = []
        for record in self._book.stages(snapshot.service):
            serving = record.serving
            if record.stage == snapshot.stage.name or serving is None or serving.acl_in != "policy":
                continue
            if kept := self._book.snapshot(snapshot.service, serving.digest):
                found.append(kept.stage)
        return found

    def _known(self, name: str) -> ServiceRecord:
        services = self._book.services()
        for record in services:
            if record.name == name:
                return record
        if len(services) >= SERVICE_LIMIT:
            raise GatewayStateError(
                f"there are {SERVICE_LIMIT} services already (400101000), whose records stay for ever; "
                "deploy this one to another stack or --book"
            )
        made = ServiceRecord(id="".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH)), name=name)
        if not self._book.put_service(made):
            raise GatewayStateError(f"service {name!r} was made by somebody else just now; try again")
        return made

    def _stage(self, service: str, stage: str) -> StageRecord:
        record = self._book.stage(self.service(service).id, stage)
        if record is None:
            shown = stage or "(default)"
            raise GatewayStateError(f"service {service!r} has no stage {shown}; apply the definition to it")
        return record

    def _write(self, record: StageRecord) -> StageRecord:
        if not self._book.put_stage(record):
            raise GatewayStateError("somebody else changed the stage just now; look at it and try again")
        return record
