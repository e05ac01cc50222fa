"""Onboarding: what an account lacks before its servers can be checked. Reads only, and judges no server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol

from cce.errors import CceError, DocumentError, MemberError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cce.fleet.documents import Document
    from cce.pipeline.records import Instance, Node

State = Literal["ok", "missing", "unknown"]

_DEPLOY: Final = "deploy member/template.yaml there with this hub's account, stack name, bus and external id"
#: What the agent calls; ``ec2messages`` only for agents before 3.3.40 (release notes of amazon-ssm-agent).
_AGENT_SERVICES: Final = ("ssm", "ssmmessages")
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that an account needs: whether it is there, what was seen, and what to do if it is not."""

    name: str
    state: State
    saw: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """An event rule of the account whose target is the hub's bus."""

    name: str
    enabled: bool
    pattern: str


class Account(Protocol):
    """One account, seen through its member role. Every method may raise ``MemberError``."""

    def document(self) -> Document:
        """Look at the probe's document; ``DocumentError`` when it is another one, or none."""

    def rules(self, bus: str) -> list[Rule]:
        """The rules whose target is the bus."""

    def instances(self) -> list[Instance]:
        """Its EC2 instances that are not terminated."""

    def nodes(self) -> list[Node]:
        """The instances that SSM manages."""

    def endpoints(self) -> Mapping[str, frozenset[str]]:
        """The services that have an available endpoint, by VPC: ``{"vpc-…": {"ssm", …}}``."""


class Door(Protocol):
    """The way into accounts."""

    def open(self, account: str) -> Account:
        """Assume the member role with the external id; ``MemberError`` where that is refused."""

    def opens_without_external_id(self, account: str) -> bool:
        """Whether the role is given to a caller who does not know the external id."""


@dataclass(frozen=True, slots=True)
class Onboarder:
    """Checks accounts. ``bus`` is the ARN of the hub's event bus, ``document_name`` the probe's document."""

    door: Door
    bus: str
    document_name: str

    def check(self, account: str) -> list[Check]:
        """Every check of one account, in the order in which they are put right."""
        try:
            opened = self.door.open(account)
        except CceError as error:
            remedy = _DEPLOY if isinstance(error, MemberError) else "try again"
            state: State = "missing" if isinstance(error, MemberError) else "unknown"
            rest = ("external id", "document", "event rule", "agents", "agent endpoints")
            later = [Check(name, "unknown", "cannot be seen without the role") for name in rest]
            return [Check("role", state, error.message, remedy), *later]
        looks: tuple[tuple[str, Callable[[], Check]], ...] = (
            ("external id", lambda: self._external_id(account)),
            ("document", lambda: self._document(opened)),
            ("event rule", lambda: self._rule(opened)),
            ("agents", lambda: _agents(opened)),
            ("agent endpoints", lambda: _agent_endpoints(opened)),
        )
        role = Check("role", "ok", "is assumed with the external id")
        return [role, *(_looked(name, look) for name, look in looks)]

    def _external_id(self, account: str) -> Check:
        if self.door.opens_without_external_id(account):
            saw = "the role is given to a caller of the hub who does not know the external id"
            return Check("external id", "missing", saw, _DEPLOY)
        return Check("external id", "ok", "the role is refused without it")

    def _document(self, account: Account) -> Check:
        try:
            document = account.document()
        except DocumentError as error:
            return Check("document", "missing", error.message, _DEPLOY)
        version = f"{self.document_name} version {document.version} (SHA-256 {document.sha256[:12]})"
        saw = f"{version} runs this release's probe"
        return Check("document", "ok", saw)

    def _rule(self, account: Account) -> Check:
        rules = account.rules(self.bus)
        for rule in rules:
            if rule.enabled and self.document_name in _documents(rule.pattern):
                return Check("event rule", "ok", f"{rule.name} sends to {self.bus}")
        if any(not rule.enabled for rule in rules):
            saw = f"{rules[0].name} is disabled; results still arrive, later, by reconcile"
            return Check("event rule", "missing", saw, f"enable the rule {rules[0].name}")
        about = f" about {self.document_name}" if rules else ""
        saw = f"no rule sends events{about} to {self.bus}; results still arrive, later, by reconcile"
        return Check("event rule", "missing", saw, _DEPLOY)


def complete(checks: Sequence[Check]) -> bool:
    """Whether nothing is missing and everything could be seen."""
    return all(check.state == "ok" for check in checks)


def _looked(name: str, look: Callable[[], Check]) -> Check:
    """A check that cannot be made says so; it never stops the others."""
    try:
        return look()
    except CceError as error:
        remedy = (
            "update the member stack: an older role may not be asked this" if "Denied" in str(error) else ""
        )
        return Check(name, "unknown", error.message, remedy)


def _documents(pattern: str) -> list[str]:
    """The documents that an event pattern names."""
    try:
        return list(json.loads(pattern)["detail"]["document-name"])
    except (ValueError, KeyError, TypeError):
        return []


def _silent(account: Account) -> tuple[list[Instance], list[Instance]]:
    """The running Linux instances, and those of them whose agent does not answer."""
    online = {node.instance_id for node in account.nodes() if node.ping == "Online"}
    running = [i for i in account.instances() if i.state == "running" and not i.windows]
    return running, [instance for instance in running if instance.instance_id not in online]


def _agents(account: Account) -> Check:
    running, silent = _silent(account)
    if not silent:
        return Check("agents", "ok", f"{len(running)} running Linux instances, every agent is online")
    saw = f"{len(silent)} of {len(running)} running Linux instances have no agent online: {_some(silent)}"
    remedy = "look at the agent, the instance profile (AmazonSSMManagedInstanceCore) and the agent endpoints"
    return Check("agents", "missing", saw, remedy)


def _agent_endpoints(account: Account) -> Check:
    """Only where an agent is silent: who is online has a way already, whichever it is."""
    _, silent = _silent(account)
    if not silent:
        return Check("agent endpoints", "ok", "every agent has a way to SSM")
    endpoints = account.endpoints()
    lacking = {
        vpc: [service for service in _AGENT_SERVICES if service not in endpoints.get(vpc, frozenset())]
        for vpc in sorted({instance.vpc for instance in silent})
    }
    lines = [
        f"{vpc} has no endpoint for {' and '.join(services)}" for vpc, services in lacking.items() if services
    ]
    if not lines:
        return Check(
            "agent endpoints", "ok", "the VPCs of the silent agents have endpoints for ssm and ssmmessages"
        )
    remedy = "make interface endpoints with private DNS for them (ec2messages too for agents before 3.3.40)"
    return Check("agent endpoints", "missing", "; ".join(lines), remedy)


def _some(instances: Sequence[Instance]) -> str:
    shown = [i.instance_id for i in instances[:_SHOWN]]
    more = len(instances) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
