"""Least privilege, proved: each call has a permission and an endpoint, and each permission was used.

The other tests of this folder run before, in the order of the files' names, so the record holds every way.
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from lab import nodes
from policies import resolver
from stack import HUB_PARAMETERS, RECORDINGS
from templates import ROOT, hub, member, resources, text_of

if TYPE_CHECKING:
    from lab.calls import Call
    from stack import Stack

pytestmark = pytest.mark.stack

#: Called without an endpoint: it has none in most regions, and the doctor tells what it could not ask there.
WITHOUT_ENDPOINT: Final = {"route53"}

#: Endpoints for what is not called here: by HTTP, as discover reads the inventory; and as NOT_CALLED says.
CALLED_ELSEWHERE: Final = {"execute-api", "cloudtrail"}

#: What is permitted and was not called here: ``role action`` patterns, each with its reason.
NOT_CALLED: Final = {
    "* kms:*": "S3 and DynamoDB call KMS in the caller's name; MiniStack's do not",
    "PlanFunctionRole s3:ListBucket": "as for CollectFunctionRole; MiniStack answers 404 without it",
    "CollectFunctionRole s3:ListBucket": "S3 tells a missing object from a forbidden one by it, 404 from 403",
    "AssessmentRole s3:[!G]*": "the maps write their results by these; MiniStack knows no ResultWriter",
    "ReconcileFunctionRole states:SendTaskSuccess": "when collect ended the target at the same moment",
    "AssessmentRole logs:*": "Step Functions sets its log up by these; MiniStack writes no log",
    "AssessmentRole states:DescribeExecution": "it watches the children of its map; MiniStack never asks",
    "AssessmentRole states:StopExecution": "for the children of an assessment that somebody stops",
    "AssessmentScheduleRole states:StartExecution": "the scheduler's; the lab starts executions itself",
    "ReconcileFunctionEveryMinuteRole lambda:InvokeFunction": "as above; MiniStack's scheduler asks no role",
    "*Schedule*Role sqs:SendMessage": "for the scheduler's dead letters; nothing failed to start here",
    "*EveryMinuteRole sqs:SendMessage": "as above",
    "StatisticsFunctionRole sqs:SendMessage": "Lambda's, for a batch that was refused three times",
    "RelayFunctionRole dynamodb:DeleteItem": "when a backend answers again that did not",
    "OperatorRole *": "people assume it for `cce onboard`",
    "DoctorFunctionRole cloudtrail:*": "for private APIs; those of MiniStack are of no kind",
    "DoctorFunctionRole elasticloadbalancing:*": "for load balancers, beyond their list; there are none here",
    "DoctorFunctionRole route53:*": "for hosted zones, beyond their list; there are none here",
    "DoctorFunctionRole ec2:DescribeNetworkInterfaces": "for those of endpoints; MiniStack's have none",
    "DoctorFunctionRole ec2:GetManagedPrefixListEntries": "for groups of endpoints; MiniStack's have none",
    "SendStatusRole events:PutEvents": "the member's rule forwards by it; the lab delivers itself",
}


def _roles(template: dict[str, Any]) -> dict[str, set[str]]:
    """Permitted actions of each role of ours by its logical id; managed policies of AWS are AWS's."""
    found = {}
    for name, role in resources(template, "AWS::IAM::Role").items():
        policies = resolver(template, {}).resolve(role.get("Policies", []))
        statements = [s for policy in policies for s in policy["PolicyDocument"]["Statement"]]
        actions = [
            a for s in statements for a in ([s["Action"]] if isinstance(s["Action"], str) else s["Action"])
        ]
        found[name] = set(actions)
    return found


def _by_role(calls: list[Call]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for call in calls:
        role = (
            "MemberRole"
            if call.role == "cce-fleet-member"
            else call.role.removeprefix("cce-fleet-").rsplit("-", 1)[0]
        )
        found.setdefault(role, set()).add(call.action)
    return found


@pytest.fixture(scope="module")
def calls(stack: Stack) -> list[Call]:
    """Everything that was called; one more of each way, so that this file may also run alone."""
    stack.server(nodes.Recording(RECORDINGS / "debian12-default.evidence"), "calls")
    stack.assess_tag("calls")
    for function in ("DoctorFunction", "OnboardFunction"):
        stack.invoke(function, {})
    return stack.lab.calls()


def test_every_call_of_a_function_has_an_endpoint_in_its_vpc(calls: list[Call]) -> None:
    endpoints = text_of(list(resources(hub(), "AWS::EC2::VPCEndpoint").values()))
    functions = {name.removesuffix("Function") for name in resources(hub(), "AWS::Lambda::Function")}
    called = {
        call.service
        for call in calls
        if any(f"-{function}FunctionRole-" in call.role for function in functions)
        or call.role == "cce-fleet-member"
    }

    assert called
    assert WITHOUT_ENDPOINT >= {service for service in called if f'.{service}"' not in endpoints}


def test_every_endpoint_is_for_a_service_that_is_called(calls: list[Call]) -> None:
    called = {call.service for call in calls} | CALLED_ELSEWHERE
    values = resolver(hub(), HUB_PARAMETERS)
    services = [
        str(values.resolve(each["Properties"]["ServiceName"])).rsplit(".", 1)[-1]
        for each in hub()["Resources"].values()
        if each["Type"] == "AWS::EC2::VPCEndpoint" and values.holds(each["Condition"])
    ]

    assert set() == set(services) - called


def test_the_list_of_recorded_calls_is_whole(calls: list[Call]) -> None:
    """The template test proves privacy of these calls; one that it does not know would be unproved."""
    known = yaml.safe_load((ROOT / "tests/data/recorded-calls.yaml").read_text("utf-8"))
    recorded = {
        (role, action)
        for role, actions in _by_role(calls).items()
        for action in actions
        if role.endswith("FunctionRole") or role == "MemberRole"
    }

    assert set() == recorded - {(role, action) for role, actions in known.items() for action in actions}


def test_every_permission_is_used_or_has_its_reason(calls: list[Call]) -> None:
    used = _by_role(calls)
    idle = {
        (role, action)
        for role, actions in (_roles(hub()) | _roles(member())).items()
        for action in actions
        if action not in used.get(role, set())
        and not any(fnmatchcase(f"{role} {action}", pattern) for pattern in NOT_CALLED)
    }

    assert set() == idle


def test_no_permission_is_a_wildcard() -> None:
    actions = {
        action for template in (hub(), member()) for role in _roles(template).values() for action in role
    }

    assert set() == {action for action in actions if "*" in action}


def test_no_call_was_refused(calls: list[Call]) -> None:
    refused = [json.dumps([c.role, c.action, c.resource]) for c in calls if c.decision != "allow"]

    assert [] == refused
