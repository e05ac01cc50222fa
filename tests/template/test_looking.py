"""The doctor and onboarding as functions: only with their parameters, and with just what they need."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from policies import HUB, REGION, Request, decide, resolver
from templates import ROOT, hub, resources, text_of

VPC: Final = {"VpcId": "vpc-0a1b2c3d", "SubnetIds": "subnet-0a1b2c3d", "SecurityGroupId": "sg-0a1b2c3d"}
DOCTOR: Final = {"CreateDoctor": "true"}
ONBOARD: Final = {"CreateOnboard": "true"}
ENDPOINTS: Final = {"ApiGatewayEndpoint", "BalancerEndpoint", "LambdaEndpoint", "CloudTrailEndpoint"}


def there(given: dict[str, str], *kinds: str) -> set[str]:
    """The resources of the kinds that only some parameter brings."""
    return {
        name
        for name, body in hub()["Resources"].items()
        if body["Type"] in kinds and "Condition" in body and resolver(hub(), given).holds(body["Condition"])
    }


def added(given: dict[str, str], base: dict[str, str], kind: str) -> set[str]:
    return there(base | given, kind) - there(base, kind)


@pytest.mark.parametrize(
    ("given", "functions", "endpoints"),
    [
        (DOCTOR, {"DoctorFunction"}, ENDPOINTS),
        (ONBOARD, {"OnboardFunction"}, {"EventsEndpoint"}),
    ],
)
def test_who_asks_for_one_gets_its_function_and_pays_for_its_endpoints_only(
    given: dict[str, str], functions: set[str], endpoints: set[str]
) -> None:
    assert functions == added(given, {}, "AWS::Lambda::Function")
    assert endpoints == added(given, {}, "AWS::EC2::VPCEndpoint")
    assert set() == there({}, "AWS::EC2::VPCEndpoint") & (ENDPOINTS | {"EventsEndpoint"})


@pytest.mark.parametrize("base", [VPC, {"CreateEndpoints": "false"}])
def test_where_the_endpoints_are_somebody_elses_none_is_made(base: dict[str, str]) -> None:
    assert set() == added(DOCTOR | ONBOARD, base, "AWS::EC2::VPCEndpoint")
    assert {"DoctorFunction", "OnboardFunction"} == added(DOCTOR | ONBOARD, base, "AWS::Lambda::Function")


@pytest.mark.parametrize("service", ["SsmEndpoint", "StsEndpoint", "Ec2Endpoint"])
def test_the_other_endpoints_admit_the_looking_with_the_parameters_only(service: str) -> None:
    policy = resources(hub(), "AWS::EC2::VPCEndpoint")[service]["PolicyDocument"]

    def sids(given: dict[str, str]) -> list[str]:
        return [statement["Sid"] for statement in resolver(hub(), given).resolve(policy)["Statement"]]

    assert not re.search("Doctor|Onboard", " ".join(sids({})))
    assert re.search("Doctor", " ".join(sids(DOCTOR)))


def _statements(role: str) -> list[dict[str, Any]]:
    policies = resolver(hub(), {}).resolve(resources(hub(), "AWS::IAM::Role")[role]["Policies"])
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def test_the_doctor_may_what_the_documents_list_and_no_more() -> None:
    """tests/unit/doctor/test_private_endpoints.py compares that list with what the doctor asks."""
    listed = set(
        re.findall(r'"([a-z0-9]+:[A-Za-z]+)"', (ROOT / "docs/private-endpoints.md").read_text("utf-8"))
    )
    actions = {
        action
        for statement in _statements("DoctorFunctionRole")
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }

    assert listed == actions - {"sts:GetCallerIdentity"}


@pytest.mark.parametrize(
    ("path", "decision"),
    [
        (":/restapis", "allow"),
        (":/restapis/a1b2c3d4e5/stages", "allow"),
        (":/domainnames", "allow"),
        (f"{HUB}:/domainnames/cce.corp.example+a1b2c3/basepathmappings", "allow"),
        (":/domainnameaccessassociations", "allow"),
        (":/apikeys", "nothing"),  # a GET with includeValues shows them
        (":/usageplans/x/keys", "nothing"),
    ],
)
def test_the_doctor_reads_apis_and_names_but_no_keys(path: str, decision: str) -> None:
    principal = f"arn:aws:iam::{HUB}:role/cce-fleet-DoctorFunctionRole-EXAMPLE"
    request = Request(principal, "apigateway:GET", f"arn:aws:apigateway:{REGION}:{path}")

    assert decision == decide({"Statement": _statements("DoctorFunctionRole")}, request)


@pytest.mark.parametrize("role", ["DoctorFunctionRole", "OnboardFunctionRole"])
def test_looking_changes_nothing(role: str) -> None:
    actions = re.findall(r'"[a-z0-9]+:(\w+)"', text_of([s["Action"] for s in _statements(role)]))

    assert {"Describe", "Get", "List", "Lookup", "GET", "Assume"} >= {
        re.match("GET|[A-Z][a-z]+", action)[0]  # type: ignore[index] # every action begins so
        for action in actions
    }
