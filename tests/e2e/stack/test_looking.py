"""``cce doctor`` and ``cce onboard`` as functions, each with its own role and nothing more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cce.doctor.checks import CHECKS
from lab import nodes
from stack import BANK, HUB, RECORDINGS, REGION, SHOP

if TYPE_CHECKING:
    from stack import Stack

pytestmark = pytest.mark.stack

EVENTS = Path(__file__).resolve().parents[3] / "events"


def event(name: str) -> dict[str, Any]:
    return dict(json.loads((EVENTS / f"{name}.json").read_text("utf-8")))


def checks(answer: dict[str, Any], account: str) -> dict[str, dict[str, str]]:
    (found,) = [each for each in answer["accounts"] if each["account"] == account]
    return {check["name"]: check for check in found["checks"]}


def test_the_doctor_answers_what_the_command_prints(stack: Stack) -> None:
    answer = stack.invoke("DoctorFunction", event("doctor"))

    assert (REGION, HUB, sorted(CHECKS)) == (answer["region"], answer["account"], answer["checks"])
    assert ("findings", 1) == (answer["status"], answer["exit_status"])
    # MiniStack knows no security groups of endpoints, and the event names a network that calls the API.
    (closed,) = [finding for finding in answer["findings"] if finding["id"] == "DOC-11"]
    assert "10.20.0.0/16" in closed["saw"]["en"]
    # Its functions are those of this stack, by their names, the doctor itself among them.
    functions = {f["resource"].rsplit("-", 1)[0] for f in answer["findings"] if f["id"] == "DOC-16"}
    assert {"cce-fleet-DiscoverFunction", "cce-fleet-DoctorFunction"} <= functions


def test_what_the_doctor_could_not_ask_is_told_and_is_not_for_want_of_a_permission(stack: Stack) -> None:
    gaps = {
        gap["action"]: gap["reason"]
        for unlooked in stack.invoke("DoctorFunction", {})["not_looked"]
        for gap in unlooked["missing"]
    }

    assert {"apigateway:GetDomainNameAccessAssociations"} == gaps.keys()  # which MiniStack does not know
    assert "NotFoundException" in gaps.popitem()[1]


def test_a_vpc_that_is_not_there_and_a_field_that_is_unknown_are_refused(stack: Stack) -> None:
    refused = [stack.invoke("DoctorFunction", each) for each in ({"vpcs": ["vpc-0nothing"]}, {"vpc": []})]

    assert ["NothingToLookAtError", "ScopeError"] == [each["errorType"] for each in refused]
    assert "no VPC 'vpc-0nothing'" in refused[0]["errorMessage"]


def test_onboarding_says_of_every_account_that_it_is_complete(stack: Stack) -> None:
    with_agent = nodes.Recording(RECORDINGS / "debian12-default.evidence")
    stack.server(with_agent, "looking", BANK)

    answer = stack.invoke("OnboardFunction", {"accounts": [BANK]})

    assert 0 == answer["exit_status"], answer
    assert {"ok"} == {check["state"] for check in checks(answer, BANK).values()}


def test_onboarding_names_a_silent_agent_and_what_its_vpc_lacks(stack: Stack) -> None:
    silent = stack.server(nodes.Offline(), "looking", SHOP)

    answer = stack.invoke("OnboardFunction", event("onboard"))

    found = checks(answer, SHOP)
    assert 1 == answer["exit_status"]
    assert "missing" == found["agents"]["state"]
    assert silent.rpartition("/")[2] in found["agents"]["saw"]
    assert "no endpoint for ssm and ssmmessages" in found["agent endpoints"]["saw"]
    assert {"ok"} == {found[name]["state"] for name in ("role", "external id", "document", "event rule")}


def test_without_accounts_onboarding_asks_about_those_that_the_stack_checks(stack: Stack) -> None:
    with stack.untrusted(SHOP):
        answer = stack.invoke("OnboardFunction", {})

    assert [HUB, SHOP, BANK] == [each["account"] for each in answer["accounts"]]
    assert "missing" == checks(answer, SHOP)["role"]["state"]
    assert "ok" == checks(answer, HUB)["role"]["state"]
