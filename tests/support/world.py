"""A small world in memory for the steps: two accounts, a few servers, a clock that stands still."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cce.fleet.memory import MemoryCallbacks, MemoryInventories, MemoryMember, MemoryMembers, MemoryQueue
from cce.pipeline.collect import Collector
from cce.pipeline.discover import Discoverer
from cce.pipeline.dispatch import Dispatcher, Job
from cce.pipeline.plan import Planner
from cce.pipeline.reconcile import Reconciler
from cce.pipeline.records import Instance, Node
from cce.pipeline.reporting import Reporter
from cce.store.memory import (
    MemoryAssessments,
    MemoryFindings,
    MemoryObjects,
    MemoryServers,
    MemoryVerdicts,
)

HUB, OTHER = "111111111111", "222222222222"
REGION = "ap-northeast-2"
_NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


def instance(number: int, state: str = "running", *, windows: bool = False, **tags: str) -> Instance:
    return Instance(f"i-{number:017x}", state, windows, {"Name": f"server-{number}"} | tags)


def node(number: int, ping: str = "Online", platform: str = "Linux") -> Node:
    return Node(f"i-{number:017x}", ping, "2026-11-22T01:00:00Z", platform)


def srvid(number: int, account: str = HUB) -> str:
    return f"{account}/{REGION}/i-{number:017x}"


@dataclass
class World:
    """Everything the steps reach, in memory."""

    now: datetime = _NOW
    objects: MemoryObjects = field(default_factory=MemoryObjects)
    assessments: MemoryAssessments = field(default_factory=MemoryAssessments)
    servers: MemoryServers = field(default_factory=MemoryServers)
    verdicts: MemoryVerdicts = field(default_factory=MemoryVerdicts)
    findings: MemoryFindings = field(default_factory=MemoryFindings)
    callbacks: MemoryCallbacks = field(default_factory=MemoryCallbacks)
    results: MemoryQueue = field(default_factory=MemoryQueue)
    hub: MemoryMember = field(default_factory=MemoryMember)
    members: MemoryMembers = field(default_factory=MemoryMembers)
    inventory: MemoryInventories = field(default_factory=MemoryInventories)
    patience: timedelta = timedelta(minutes=25)

    def __post_init__(self) -> None:
        self.members.accounts[HUB] = self.hub

    def plan(
        self,
        request: dict[str, Any] | None = None,
        name: str = "by-hand",
        arn: str = "",
        at: datetime = _NOW,
    ) -> dict[str, Any]:
        planner = Planner(self.objects, self.assessments, self.members, (HUB, OTHER), REGION)
        event = {
            "execution_arn": arn or f"arn:aws:states:{REGION}:{HUB}:execution:cce-fleet-assessment:{name}",
            "execution_name": name,
            "started_at": f"{at:%Y-%m-%dT%H:%M:%S}.123Z",
            "request": request or {},
        }
        return planner.plan(event)

    def discover(self, identity: str, account: str = HUB) -> dict[str, Any]:
        step = Discoverer(self.objects, self.assessments, self.servers, self.members, self.inventory)
        return step.discover({"assessment_id": identity, "account": account, "region": REGION})

    @property
    def dispatcher(self) -> Dispatcher:
        return Dispatcher(self.assessments, self.members, self.callbacks, lambda: self.now, self.patience)

    @property
    def collector(self) -> Collector:
        return Collector(
            objects=self.objects,
            assessments=self.assessments,
            servers=self.servers,
            verdicts=self.verdicts,
            findings=self.findings,
            members=self.members,
            callbacks=self.callbacks,
        )

    def reconcile(self) -> dict[str, Any]:
        step = Reconciler(
            self.assessments, self.members, self.results, self.callbacks, lambda: self.now, self.patience
        )
        return step.reconcile()

    def report(self, identity: str) -> dict[str, Any]:
        return Reporter(self.objects, self.assessments, self.findings, lambda: self.now).report(identity)

    def with_servers(self, *numbers: int) -> World:
        self.hub.machines += [instance(n) for n in numbers]
        self.hub.managed += [node(n) for n in numbers]
        return self

    def planned(self, **scope: Any) -> str:
        """Plan and discover the hub account; return the assessment's id."""
        identity = self.plan({"scope": {"accounts": [HUB], **scope}})["assessment_id"]
        self.discover(identity)
        return identity

    def jobs(self, identity: str, *numbers: int) -> list[Job]:
        return [
            Job(assessment_id=identity, srvid=srvid(n), platform="linux", task_token=f"token-{n}")
            for n in numbers
        ]
