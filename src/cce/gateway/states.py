"""The states of a stage (draft, applied, deployed), and what leads from one to the next. Pure.

The *draft* is the definition file. *Applying* gives its resources and settings to the stage, where they serve
nobody yet. *Deploying* lets the stage serve what was applied. Codes in the messages are those of NHN's
console, so that its users find what they know.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cce.errors import GatewayStateError
from cce.gateway.records import DESCRIPTION_LIMIT, Applied, Deployment, StageRecord

if TYPE_CHECKING:
    from datetime import datetime

    from cce.gateway.snapshot import Snapshot

#: A deployment takes seconds; one that has not ended by then lost the process that did it.
LOST_AFTER: Final = timedelta(minutes=10)


def apply(record: StageRecord, snapshot: Snapshot, now: datetime, who: str) -> StageRecord:
    """Give a stage what the draft says.

    Raises
    ------
    GatewayStateError
        When there is nothing to give, or the stage has it.
    """
    if not any(resource.methods for resource in snapshot.resources.values()):
        raise GatewayStateError(f"{_name(record)}: no path has a method (400102000); add one")
    if record.applied and record.applied.digest == snapshot.digest:
        raise GatewayStateError(f"{_name(record)}: the latest resource has already been applied (409103003)")
    return _next(record, applied=Applied(digest=snapshot.digest, at=now, by=who))


def start(record: StageRecord, now: datetime, who: str, description: str = "") -> StageRecord:
    """Begin to deploy what was applied.

    Raises
    ------
    GatewayStateError
        When nothing was applied, nothing changed, or a deployment runs.
    """
    if record.applied is None:
        raise GatewayStateError(f"{_name(record)}: nothing was applied to it; apply the definition first")
    return _started(record, record.applied.digest, now, who, description)


def roll_back(
    record: StageRecord, number: int, now: datetime, who: str, description: str = ""
) -> StageRecord:
    """Begin to deploy again what an earlier deployment did; what was applied stays as it is.

    Raises
    ------
    GatewayStateError
        When there is no such deployment that was ever complete, it serves now, or a deployment runs.
    """
    found = next((each for each in record.deployments if each.number == number), None)
    if found is None:
        known = ", ".join(str(each.number) for each in record.deployments) or "none"
        raise GatewayStateError(f"{_name(record)}: there is no deployment {number}; there are: {known}")
    if found.status != "complete":
        raise GatewayStateError(f"{_name(record)}: deployment {number} was never complete; name one that was")
    return _started(record, found.digest, now, who, description or f"roll back to {number}")


def completed(record: StageRecord, acl_in: str) -> StageRecord:
    """The running deployment serves from now on."""
    return _ended(record, {"status": "complete", "acl_in": acl_in})


def failed(record: StageRecord, reason: str) -> StageRecord:
    """The running deployment failed; what served before still does."""
    return _ended(record, {"status": "failure", "reason": reason})


def running(record: StageRecord, now: datetime) -> Deployment | None:
    """The deployment that is being made, unless it was lost."""
    last = record.deployments[-1] if record.deployments else None
    return last if last and last.status == "deploying" and now - last.at < LOST_AFTER else None


def check_delete(
    record: StageRecord, last_request: datetime | None, now: datetime, quiet: timedelta, *, force: bool
) -> None:
    """Refuse to delete a stage that is in use.

    Parameters
    ----------
    last_request
        When requests of the stage were counted last, if ever.
    quiet
        How long nobody must have called.

    Raises
    ------
    GatewayStateError
        When it was called lately, or a deployment runs.
    """
    if running(record, now):
        raise GatewayStateError(f"{_name(record)}: a deployment runs (409104001); wait for its end")
    if last_request and now - last_request < quiet and not force:
        raise GatewayStateError(
            f"{_name(record)}: it was called {int((now - last_request).total_seconds() // 60)} minutes ago; "
            "its callers would get nothing at once and for good; delete it later, or with --force"
        )


def badges(draft: Snapshot | None, record: StageRecord | None) -> tuple[str, ...]:
    """What is still to be done, the steps that people forget."""
    if record is None or record.applied is None:
        return ("draft not applied",)
    found = []
    if draft and draft.digest != record.applied.digest:
        found.append("draft not applied")
    serving = record.serving
    if serving is None:
        found.append("not deployed")
    elif serving.digest != record.applied.digest:
        found.append("applied, not deployed")
    if record.deployments and record.deployments[-1].status == "failure":
        found.append("last deployment failed")
    return tuple(found) or ("up to date",)


def _started(record: StageRecord, digest: str, now: datetime, who: str, description: str) -> StageRecord:
    if len(description) > DESCRIPTION_LIMIT:
        raise GatewayStateError(
            f"the description has {len(description)} characters, {DESCRIPTION_LIMIT} are allowed; shorten it"
        )
    if running(record, now):
        raise GatewayStateError(
            f"{_name(record)}: it is being deployed already (409104001); wait for the end"
        )
    if record.serving and record.serving.digest == digest:
        raise GatewayStateError(f"{_name(record)}: nothing changed since the last deployment (409104002)")
    before = [
        each.model_copy(update={"status": "failure", "reason": "it never ended"})
        if each.status == "deploying"
        else each
        for each in record.deployments
    ]
    made = Deployment(number=len(before) + 1, digest=digest, at=now, by=who, description=description)
    return _next(record, deployments=(*before, made))


def _ended(record: StageRecord, how: dict[str, str]) -> StageRecord:
    *before, last = record.deployments
    return _next(record, deployments=(*before, last.model_copy(update=how)))


def _next(record: StageRecord, **changed: object) -> StageRecord:
    return record.model_copy(update={"version": record.version + 1, **changed})


def _name(record: StageRecord) -> str:
    return f"stage {record.stage or '(default)'}"
