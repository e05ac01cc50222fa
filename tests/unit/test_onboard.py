"""Onboarding: each thing that an account lacks is named, with what to do; nothing hides anything else."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from cce.errors import CceError, DocumentError, MemberError, ThrottledError
from cce.fleet.documents import Document
from cce.onboard import Check, Onboarder, Rule, complete
from cce.pipeline.records import Instance, Node

BUS = "arn:aws:events:ap-northeast-2:111111111111:event-bus/cce-fleet-status"
PATTERN = json.dumps({"source": ["aws.ssm"], "detail": {"document-name": ["cce-fleet-linux"]}})
ID = "i-0123456789abcdef0"
WEB = Instance(ID, "running", windows=False, vpc="vpc-0a1b2c3d")


@dataclass
class Account:
    found: Document | CceError = field(default_factory=lambda: Document("3", "a" * 64))
    sending: list[Rule] | CceError = field(
        default_factory=lambda: [Rule("status", enabled=True, pattern=PATTERN)]
    )
    machines: list[Instance] = field(default_factory=lambda: [WEB])
    managed: list[Node] | CceError = field(default_factory=lambda: [Node(ID, "Online", "", "Linux")])
    services: dict[str, frozenset[str]] = field(default_factory=dict)

    def document(self) -> Document:
        return _given(self.found)

    def rules(self, bus: str) -> list[Rule]:
        assert bus == BUS
        return _given(self.sending)

    def instances(self) -> list[Instance]:
        return self.machines

    def nodes(self) -> list[Node]:
        return _given(self.managed)

    def endpoints(self) -> dict[str, frozenset[str]]:
        return self.services


def _given(value: Any) -> Any:
    if isinstance(value, CceError):
        raise value
    return value


@dataclass
class Door:
    account: Account | CceError
    careless: bool = False

    def open(self, _: str) -> Account:
        return _given(self.account)

    def opens_without_external_id(self, _: str) -> bool:
        return self.careless


def checks_of(account: Account | CceError, *, careless: bool = False) -> dict[str, Check]:
    checks = Onboarder(Door(account, careless), BUS, "cce-fleet-linux").check("222222222222")
    return {check.name: check for check in checks}


NAMES = ["role", "external id", "document", "event rule", "agents", "agent endpoints"]


def test_an_account_that_has_everything_is_complete() -> None:
    found = checks_of(Account())

    assert NAMES == list(found)
    assert complete(list(found.values()))
    assert "version 3" in found["document"].saw
    assert {""} == {check.remedy for check in found.values()}


@pytest.mark.parametrize(
    ("error", "state"),
    [(MemberError("role x cannot be assumed"), "missing"), (ThrottledError("STS"), "unknown")],
)
def test_without_the_role_the_rest_is_unknown(error: CceError, state: str) -> None:
    found = checks_of(error)

    assert NAMES == list(found)
    assert state == found["role"].state
    assert {"unknown"} == {found[name].state for name in NAMES[1:]}
    assert not complete(list(found.values()))


SILENT = [Node(ID, "ConnectionLost", "", "Linux")]


@pytest.mark.parametrize(
    ("account", "careless", "name", "words"),
    [
        (Account(), True, "external id", "does not know the external id"),
        (Account(found=DocumentError("another release")), False, "document", "another release"),
        (Account(sending=[]), False, "event rule", "no rule sends events to"),
        (
            Account(sending=[Rule("status", enabled=False, pattern=PATTERN)]),
            *(False, "event rule", "status is disabled"),
        ),
        (
            Account(sending=[Rule("status", enabled=True, pattern="{}")]),
            *(False, "event rule", "about cce-fleet-linux"),
        ),
        (Account(sending=[Rule("status", enabled=True, pattern="")]), False, "event rule", "no rule sends"),
        (
            Account(managed=SILENT),
            False,
            "agents",
            f"1 of 1 running Linux instances have no agent online: {ID}",
        ),
        (Account(managed=[]), False, "agents", "1 of 1"),
        (
            Account(managed=[]),
            False,
            "agent endpoints",
            "vpc-0a1b2c3d has no endpoint for ssm and ssmmessages",
        ),
        (
            Account(managed=[], services={"vpc-0a1b2c3d": frozenset({"ssm", "s3"})}),
            *(False, "agent endpoints", "vpc-0a1b2c3d has no endpoint for ssmmessages"),
        ),
    ],
)
def test_what_is_missing_is_named_with_the_remedy(
    account: Account, *, careless: bool, name: str, words: str
) -> None:
    found = checks_of(account, careless=careless)

    assert "missing" == found[name].state
    assert words in found[name].saw
    assert found[name].remedy
    others = {
        check.state for check in found.values() if check.name not in {name, "agents", "agent endpoints"}
    }
    assert {"ok"} == others


def test_an_agent_that_is_silent_in_spite_of_its_endpoints_is_not_blamed_on_them() -> None:
    found = checks_of(Account(managed=[], services={"vpc-0a1b2c3d": frozenset({"ssm", "ssmmessages"})}))

    assert ("missing", "ok") == (found["agents"].state, found["agent endpoints"].state)


def test_stopped_and_windows_servers_need_no_agent() -> None:
    machines = [replace(WEB, state="stopped"), replace(WEB, windows=True)]

    assert complete(list(checks_of(Account(machines=machines, managed=[])).values()))


def test_many_silent_servers_are_counted_not_listed() -> None:
    machines = [replace(WEB, instance_id=f"i-{n:017x}") for n in range(40)]

    assert "and 35 more" in checks_of(Account(machines=machines, managed=[]))["agents"].saw


def test_a_check_that_cannot_be_made_stops_no_other() -> None:
    found = checks_of(Account(sending=MemberError("events:ListRuleNamesByTarget: AccessDeniedException")))

    assert "unknown" == found["event rule"].state
    assert "update the member stack" in found["event rule"].remedy
    assert {"ok"} == {check.state for check in found.values() if check.name != "event rule"}
