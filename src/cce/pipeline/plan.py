"""Plan: check what is asked, claim the assessment, write the list of accounts. Nothing is sent before."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from cce.assessment import Scope, ServerId, TargetStatus, assessment_id, is_assessment_id
from cce.benchmarks import load
from cce.errors import BenchmarkError, MemberError, ScopeError
from cce.events import read_event
from cce.pipeline.records import AssessmentRecord
from cce.pipeline.tailoring import read_config, snapshot_key_of

if TYPE_CHECKING:
    from cce.pipeline.ports import Assessments, Members, Objects


#: Member accounts that are asked for tags at the same time.
_ASKED_AT_ONCE: Final = 8


class Request(BaseModel):
    """Input of an execution: by hand, by the API or by the schedule. An empty one asks for everything."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scope: Scope = Scope()
    trigger: Literal["manual", "schedule", "api"] = "manual"
    scheduled_time: datetime | None = None
    requested_by: str = ""
    retry_of: str | None = None


class Trigger(BaseModel):
    """The execution that asks, and its input."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    execution_arn: str
    execution_name: str
    started_at: datetime
    request: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes the plan of an assessment."""

    objects: Objects
    assessments: Assessments
    members: Members
    accounts: tuple[str, ...]
    region: str

    def plan(self, event: dict[str, Any]) -> dict[str, Any]:
        """Check the request and write the plan.

        Returns
        -------
        dict
            ``assessment_id``, ``duplicate`` (another execution of this trigger does it), ``execution_arn``
            of the one that does it, ``bucket`` and ``accounts_key``.

        Raises
        ------
        ScopeError
            When the request names an account, region, server, tag, benchmark or item that is unknown.
        TailoringError
            When the organisation's tailoring is wrong; the message names the line and the remedy.
        """
        trigger = read_event(Trigger, event)
        request = read_event(Request, trigger.request)
        scope = self._checked(request)
        record = self._record(trigger, request, scope)
        key = accounts_key_of(record.assessment_id)
        if self.assessments.get(record.assessment_id) is None:
            # Before the claim: an execution that dies here leaves none, so the next of its trigger goes on.
            # Once claimed the plan stays as it is, whatever became of the tailoring since.
            record = self._write(key, scope, record)
        winner = self.assessments.claim(record)
        return {
            "assessment_id": record.assessment_id,
            "duplicate": winner.execution_arn != record.execution_arn,
            "execution_arn": winner.execution_arn,
            "bucket": self.objects.bucket,
            "accounts_key": key,
        }

    def _checked(self, request: Request) -> Scope:
        scope = self._missing_again(request) if request.retry_of else request.scope
        check_scope(scope, self.accounts, self.region)
        if scope.tags:
            self._check_tags(scope)
        return scope

    def _missing_again(self, request: Request) -> Scope:
        """The earlier scope, narrowed to the servers and accounts that were missing then."""
        earlier = request.retry_of or ""
        record = self.assessments.get(earlier)
        if record is None:
            message = f"retry_of names assessment {earlier!r}, which does not exist"
            raise ScopeError(message)
        again = {TargetStatus.FAILED, TargetStatus.UNREACHABLE, TargetStatus.WAITING}
        missing = tuple(t.srvid for t in self.assessments.targets(earlier) if t.status in again)
        unlisted = tuple(e.account for e in self.assessments.listings(earlier) if e.reason_en)
        if not missing and not unlisted:
            message = (
                f"assessment {earlier} has no failed or unreachable server; there is nothing to try again"
            )
            raise ScopeError(message)
        asked = request.scope if request.scope != Scope() else Scope.model_validate(record.scope)
        narrowed = {"accounts": "all", "tags": {}, "servers": missing, "whole": unlisted}
        return asked.model_copy(update=narrowed)

    def _check_tags(self, scope: Scope) -> None:
        accounts = self._accounts_of(scope)
        with ThreadPoolExecutor(_ASKED_AT_ONCE) as pool:
            for key, values in scope.tags.items():
                if not any(pool.map(self._has_tag, accounts, repeat(key), repeat(values))):
                    shown = f"{key}={'|'.join(values)}" if values else key
                    message = f"no server of the accounts in scope has the tag {shown}"
                    raise ScopeError(message)

    def _has_tag(self, account: str, key: str, values: tuple[str, ...]) -> bool:
        try:
            return bool(self.members.member(account, self.region).instances({key: values}))
        except MemberError:
            # Its servers may have the tag: discover lists the account as unreachable, with the reason.
            return True

    def _accounts_of(self, scope: Scope) -> tuple[str, ...]:
        named = {ServerId.parse(srvid).account for srvid in scope.servers} | set(scope.whole)
        chosen = self.accounts if scope.accounts == "all" else scope.accounts
        return tuple(a for a in dict.fromkeys(chosen) if not named or a in named)

    def _record(self, trigger: Trigger, request: Request, scope: Scope) -> AssessmentRecord:
        if is_assessment_id(trigger.execution_name):
            identity = trigger.execution_name
        elif request.trigger == "schedule" and request.scheduled_time:
            # Not the execution but the scheduled time: the second of two firings gets the same id.
            identity = assessment_id(request.scheduled_time.astimezone(UTC), f"schedule {self.region}")
        else:
            identity = assessment_id(trigger.started_at.astimezone(UTC), trigger.execution_arn)
        return AssessmentRecord(
            assessment_id=identity,
            execution_arn=trigger.execution_arn,
            scope=scope.model_dump(mode="json"),
            requested_by=request.requested_by or request.trigger,
            started_at=trigger.started_at.astimezone(UTC).isoformat(timespec="seconds"),
            retry_of=request.retry_of or "",
        )

    def _write(self, key: str, scope: Scope, record: AssessmentRecord) -> AssessmentRecord:
        """Write the plan and say in the record by which tailoring the assessment judges."""
        body, tailoring = read_config(self.objects)
        jobs = [{"account": account, "region": self.region} for account in self._accounts_of(scope)]
        scope_key = scope_key_of(record.assessment_id)
        self.objects.put(scope_key, json.dumps(record.scope, ensure_ascii=False).encode())
        # Also where there is none: what an execution that died here left must not hold for the next one.
        self.objects.put(snapshot_key_of(record.assessment_id), body, "application/yaml")
        self.objects.put(key, json.dumps(jobs).encode())
        return replace(record, tailoring=tailoring.tailoring if tailoring else "")


def scope_key_of(identity: str) -> str:
    """Where the plan keeps the scope of an assessment."""
    return f"plan/{identity}/scope.json"


def accounts_key_of(identity: str) -> str:
    """Where the plan keeps the accounts of an assessment: ``[{"account": …, "region": …}]``."""
    return f"plan/{identity}/accounts.json"


def read_scope(objects: Objects, identity: str) -> Scope:
    """Read the scope that ``plan`` wrote.

    Raises
    ------
    ScopeError
        When the assessment has no plan.
    """
    body = objects.get(scope_key_of(identity))
    if body is None:
        message = f"assessment {identity} has no plan in s3://{objects.bucket}/{scope_key_of(identity)}"
        raise ScopeError(message)
    return Scope.model_validate_json(body)


def check_scope(scope: Scope, accounts: tuple[str, ...], region: str) -> None:
    """Whether a hub of those accounts and that region can assess the scope; its tags only the members know.

    Raises
    ------
    ScopeError
        When it names an account, region, server, benchmark or item that is unknown.
    """
    remedy = "add it to the accounts of the stack (its parameter AccountSource says where they come from)"
    _known("account", scope.accounts, accounts, remedy)
    _known("region", scope.regions, (region,), "each region has a stack of its own")
    servers = [ServerId.parse(srvid) for srvid in scope.servers]
    _known("account", tuple(s.account for s in servers), accounts, "named by a server")
    _known("region", tuple(s.region for s in servers), (region,), "named by a server")
    if scope.accounts != "all":
        chosen = "the scope's accounts leave it out"
        _known("account", tuple(s.account for s in servers), scope.accounts, chosen)
    _check_benchmarks(scope)


def _known(what: str, named: str | tuple[str, ...], known: tuple[str, ...], remedy: str) -> None:
    if isinstance(named, str):  # "all"
        return
    if unknown := sorted(set(named) - set(known)):
        message = f"unknown {what} {', '.join(unknown)} ({remedy}); known: {', '.join(known)}"
        raise ScopeError(message)


def _check_benchmarks(scope: Scope) -> None:
    try:
        benchmarks = [load(benchmark_id) for benchmark_id in scope.benchmarks]
    except BenchmarkError as error:
        raise ScopeError(error.message) from error
    known = {item.id for benchmark in benchmarks for item in benchmark.items}
    if unknown := [item for item in scope.items if item not in known]:
        message = f"unknown item {', '.join(unknown)}; {', '.join(scope.benchmarks)} does not have it"
        raise ScopeError(message)
