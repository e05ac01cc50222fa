"""Privacy, proved on the transformed template: no way out, and every call has an endpoint that admits it."""

from __future__ import annotations

from typing import Any, Final

import pytest
import yaml

from lab.intrinsics import NO_VALUE
from policies import HUB, MEMBER, REGION, STRANGER, Request, decide, resolver
from templates import ROOT, hub, member, resources, text_of

ENDPOINTS: Final = resources(hub(), "AWS::EC2::VPCEndpoint")
ORGANIZATION: Final = "o-a1b2c3d4e5"
MEMBER_ROLE: Final = f"arn:aws:iam::{MEMBER}:role/cce-fleet-member"
SERVICES: Final = {
    text_of(e["ServiceName"]).strip('"}').rsplit(".", 1)[-1]: name for name, e in ENDPOINTS.items()
}
#: How the template is used: accounts by name, an organization, an existing VPC; with what looks after it.
BY_NAME: Final = {"CreateDoctor": "true", "CreateOnboard": "true"}
BY_ORGANIZATION: Final = {"OrganizationId": ORGANIZATION, **BY_NAME}
WITH_API: Final = {"ApiKey": "k" * 20}
BY_REGISTRY: Final = {"AccountSource": "registry", "Accounts": "", **BY_ORGANIZATION}
WHOLE_ORGANIZATION: Final = {"AccountSource": "organization", "Accounts": "", **BY_ORGANIZATION}
EXISTING: Final = {
    "VpcId": "vpc-0a1b2c3d",
    "SubnetIds": "subnet-0a1b2c3d,subnet-0a1b2c3e",
    "SecurityGroupId": "sg-0a1b2c3d",
}

#: Has an endpoint in us-east-1 at most; the doctor tells what it could not ask there.
WITHOUT_ENDPOINT: Final = "route53"

CALLS: Final = [
    (role, action, resource)
    for role, called in yaml.safe_load((ROOT / "tests/data/recorded-calls.yaml").read_text("utf-8")).items()
    for action, resource in called.items()
]


def _resolved(value: Any, given: dict[str, str]) -> Any:
    return resolver(hub(), given).resolve(value)


def _policy(service: str, given: dict[str, str]) -> dict[str, Any]:
    return dict(_resolved(ENDPOINTS[SERVICES[service]]["PolicyDocument"], given))


def _role_policy(role: str, given: dict[str, str] = BY_NAME) -> dict[str, Any]:
    template = member() if role == "MemberRole" else hub()
    policies = resources(template, "AWS::IAM::Role")[role]["Policies"]
    statements = [s for policy in policies for s in policy["PolicyDocument"]["Statement"]]
    values = resolver(template, given)
    if role == "MemberRole":
        values.references["AWS::AccountId"] = MEMBER  # type: ignore[index] # a dict, seen as a mapping
    return {"Statement": values.resolve(statements)}


def _request(role: str, action: str, resource: str, *, organization: str = "") -> Request:
    name = resource.partition("}")[0].removeprefix("{")
    if resource.startswith("{"):
        arn = _resolved({"Fn::GetAtt": [name, "Arn"]}, {})
        resource = resource.replace(f"{{{name}}}", arn)
    principal = MEMBER_ROLE if role == "MemberRole" else f"arn:aws:iam::{HUB}:role/cce-fleet-{role}-EXAMPLE"
    return Request(principal, action, resource, {"aws:PrincipalOrgID": organization} if organization else {})


# ---------------------------------------------------------------- no way out, everything inside


@pytest.mark.row("T6", "T7", "T11", "T12", how="template")
def test_there_is_no_way_to_the_internet() -> None:
    kinds = {resource["Type"] for resource in hub()["Resources"].values()}
    ways_out = {
        *("AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::Route", "AWS::EC2::EIP"),
        *("AWS::EC2::EgressOnlyInternetGateway", "AWS::EC2::VPCGatewayAttachment", "AWS::EC2::VPNGateway"),
        *("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::VPCPeeringConnection"),
        *("AWS::Lambda::Url", "AWS::EC2::CarrierGateway"),
    }

    assert set() == kinds & ways_out


@pytest.mark.row("T1", how="template")
@pytest.mark.parametrize("name", resources(hub(), "AWS::Lambda::Function"))
@pytest.mark.parametrize("given", [BY_NAME, EXISTING, {"ZoneCount": "3", "IpVersion": "dualstack"}])
def test_every_function_lives_in_the_vpc(name: str, given: dict[str, str]) -> None:
    config = _resolved(resources(hub(), "AWS::Lambda::Function")[name]["VpcConfig"], given)

    assert int(given.get("ZoneCount", "2")) == len(config["SubnetIds"])
    relay = name == "RelayFunction" and "VpcId" not in given  # also in the group that reaches backends
    assert (2 if relay else 1) == len(config["SecurityGroupIds"])
    assert ("IpVersion" in given) == config["Ipv6AllowedForDualStack"]


def test_the_subnets_are_private_and_each_lies_in_its_own_zone() -> None:
    subnets = resources(hub(), "AWS::EC2::Subnet")
    routed = {
        text_of(a["SubnetId"]) for a in resources(hub(), "AWS::EC2::SubnetRouteTableAssociation").values()
    }

    assert 3 == len({text_of(subnet["AvailabilityZone"]) for subnet in subnets.values()}) == len(subnets)
    assert {False} == {subnet["MapPublicIpOnLaunch"] for subnet in subnets.values()}
    assert {text_of({"Ref": name}) for name in subnets} == routed


@pytest.mark.row("T5", how="template")
@pytest.mark.parametrize("group", ["EndpointSecurityGroup", "ApiEndpointSecurityGroup"])
def test_endpoints_admit_https_from_the_functions_and_call_nobody(group: str) -> None:
    rules = _resolved(resources(hub(), "AWS::EC2::SecurityGroup")[group], WITH_API)

    assert [(443, 443, "cce-fleet-FunctionSecurityGroup-EXAMPLE")] == [
        (rule["FromPort"], rule["ToPort"], rule["SourceSecurityGroupId"])
        for rule in rules["SecurityGroupIngress"]
    ]
    assert ["127.0.0.1/32"] == [rule["CidrIp"] for rule in rules["SecurityGroupEgress"]]


def test_the_endpoint_of_the_api_also_admits_the_networks_that_are_named() -> None:
    given = {
        **WITH_API,
        "ApiClientCidr": "10.0.0.0/8",
        "ApiClientPrefixListId": "pl-0a1b2c3d",
    }
    rules = _resolved(resources(hub(), "AWS::EC2::SecurityGroup")["ApiEndpointSecurityGroup"], given)
    ingress = rules["SecurityGroupIngress"]

    assert {443} == {rule[port] for rule in ingress for port in ("FromPort", "ToPort")}
    assert ["10.0.0.0/8"] == [rule["CidrIp"] for rule in ingress if "CidrIp" in rule]
    assert ["pl-0a1b2c3d"] == [r["SourcePrefixListId"] for r in ingress if "SourcePrefixListId" in r]


def test_the_functions_admit_nobody_and_call_by_https_only() -> None:
    group = _resolved(
        resources(hub(), "AWS::EC2::SecurityGroup")["FunctionSecurityGroup"], {"IpVersion": "dualstack"}
    )

    assert "SecurityGroupIngress" not in group
    assert [(443, 443)] * 2 == [(rule["FromPort"], rule["ToPort"]) for rule in group["SecurityGroupEgress"]]


@pytest.mark.row("T13", "T14", how="template")
def test_private_dns_of_the_apis_endpoint_is_off_unless_asked_for() -> None:
    private_dns = ENDPOINTS["ApiEndpoint"]["PrivateDnsEnabled"]

    assert "false" == _resolved(private_dns, {})
    assert "true" == _resolved(private_dns, {"PrivateDnsEnabled": "true"})
    assert not resolver(hub(), {}).holds("HasApiEndpoint")


# ---------------------------------------------------------------- every call has an endpoint and a role


@pytest.mark.parametrize(("role", "action", "resource"), CALLS)
@pytest.mark.parametrize(
    ("given", "organization"),
    [(BY_NAME, ""), (BY_ORGANIZATION, ORGANIZATION)],
    ids=["by name", "organization"],
)
def test_every_recorded_call_is_admitted_by_an_endpoint_and_by_the_role(
    role: str, action: str, resource: str, given: dict[str, str], organization: str
) -> None:
    request = _request(role, action, resource, organization=organization)
    service = action.partition(":")[0]

    assert service == WITHOUT_ENDPOINT or "allow" == decide(_policy(service, given), request)
    assert "allow" == decide(_role_policy(role), request)


def test_every_endpoint_has_a_policy_and_a_service_that_is_called() -> None:
    called = {action.partition(":")[0] for _, action, _ in CALLS}

    assert [] == [name for name, endpoint in ENDPOINTS.items() if "PolicyDocument" not in endpoint]
    options = {"execute-api", "organizations"}
    assert called - {WITHOUT_ENDPOINT} == SERVICES.keys() - options


def _place(pattern: str) -> str:
    """A resource that a pattern means."""
    return pattern.replace("iam::*", f"iam::{MEMBER}").replace("*", "x")


@pytest.mark.parametrize("given", [BY_NAME, BY_REGISTRY, WHOLE_ORGANIZATION])
def test_every_permission_of_a_function_is_admitted_by_an_endpoint(given: dict[str, str]) -> None:
    """Also of those that the end-to-end run does not need.

    KMS is called by S3 and DynamoDB, and the queue of events that a function could not handle by Lambda.
    """
    functions = [name for name in resources(hub(), "AWS::IAM::Role") if name.endswith("FunctionRole")]
    refused = []
    for role in functions:
        for statement in _role_policy(role, given)["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            places = statement["Resource"]
            for action in (a for a in actions if not a.startswith(("kms:", f"{WITHOUT_ENDPOINT}:"))):
                for place in places if isinstance(places, list) else [places]:
                    request = _request(
                        role, action, _place(place), organization=given.get("OrganizationId", "")
                    )
                    if place.endswith("Dlq-EXAMPLE"):
                        continue
                    if "allow" != decide(_policy(action.partition(":")[0], given), request):
                        refused.append((role, action, place))

    assert [] == refused


@pytest.mark.parametrize(
    ("role", "action", "resource"), [call for call in CALLS if not call[1].startswith(WITHOUT_ENDPOINT)]
)
@pytest.mark.parametrize(
    ("principal", "organization", "given"),
    [
        (f"arn:aws:iam::{STRANGER}:role/cce-fleet-PlanFunctionRole-EXAMPLE", "", BY_NAME),
        (f"arn:aws:iam::{STRANGER}:role/cce-fleet-member", "", BY_NAME),
        (f"arn:aws:iam::{HUB}:role/another-role", "", BY_NAME),
        (f"arn:aws:iam::{STRANGER}:role/cce-fleet-member", "o-zzzzzzzzzz", BY_ORGANIZATION),
        (f"arn:aws:iam::{HUB}:role/cce-fleet-PlanFunctionRole-EXAMPLE", "o-zzzzzzzzzz", BY_ORGANIZATION),
    ],
)
def test_no_endpoint_admits_a_stranger(  # noqa: PLR0913, PLR0917 - two tables
    role: str, action: str, resource: str, principal: str, organization: str, given: dict[str, str]
) -> None:
    known = _request(role, action, resource)
    keys = {"aws:PrincipalOrgID": organization} if organization else {}

    request = Request(principal, action, known.resource, keys)
    assert "nothing" == decide(_policy(action.partition(":")[0], given), request)


@pytest.mark.parametrize(
    ("role", "action", "resource"),
    [
        ("CollectFunctionRole", "s3:PutObject", "arn:aws:s3:::another-bucket/evidence/x"),
        ("CollectFunctionRole", "s3:DeleteObject", "{DataBucket}/evidence/x"),
        ("PlanFunctionRole", "dynamodb:PutItem", f"arn:aws:dynamodb:{REGION}:{HUB}:table/another"),
        ("PlanFunctionRole", "dynamodb:PutItem", f"arn:aws:dynamodb:{REGION}:{STRANGER}:table/cce-fleet-x"),
        ("ReconcileFunctionRole", "sqs:SendMessage", f"arn:aws:sqs:{REGION}:{STRANGER}:results"),
        ("PlanFunctionRole", "sts:AssumeRole", f"arn:aws:iam::{MEMBER}:role/Administrator"),
        ("MemberRole", "ssm:SendCommand", f"arn:aws:ssm:{REGION}::document/AWS-RunShellScript"),
        ("MemberRole", "ec2:TerminateInstances", "*"),
    ],
)
def test_no_endpoint_leads_to_what_is_not_ours(role: str, action: str, resource: str) -> None:
    assert "nothing" == decide(_policy(action.partition(":")[0], {}), _request(role, action, resource))


# ---------------------------------------------------------------- data only by the gateway endpoints

OURS: Final = {"aws:SourceVpce": "cce-fleet-S3Endpoint-EXAMPLE"}
AGENT: Final = f"arn:aws:iam::{MEMBER}:role/web-server"
PLAN: Final = f"arn:aws:iam::{HUB}:role/cce-fleet-PlanFunctionRole-EXAMPLE"
AUDITOR: Final = f"arn:aws:iam::{HUB}:role/auditor"
OUTPUT: Final = f"output/{MEMBER}/20261122T013000Z-7f3a/stdout"
REPORT: Final = "reports/20261122T013000Z-7f3a/report.html"


@pytest.mark.parametrize(
    ("principal", "action", "key", "keys", "given", "decision"),
    [
        (PLAN, "s3:PutObject", "plan/x", OURS, {}, "nothing"),  # the role allows
        (PLAN, "s3:PutObject", "plan/x", {}, {}, "deny"),
        (PLAN, "s3:PutObject", "plan/x", {"aws:SourceVpce": "vpce-0a1b2c3d"}, {}, "deny"),
        (AUDITOR, "s3:GetObject", REPORT, {}, {}, "deny"),
        (AUDITOR, "s3:GetObject", REPORT, {}, {"BreakGlassPrincipals": AUDITOR}, "nothing"),
        (AUDITOR, "s3:GetObject", REPORT, {}, {"BreakGlassPrincipals": PLAN}, "deny"),
        (
            AUDITOR,
            *("s3:GetObject", REPORT),
            {"aws:SourceVpce": "vpce-0a1b2c3d"},
            {"DataEndpointIds": "vpce-0a1b2c3d"},
            "nothing",
        ),
        (PLAN, "s3:PutObject", "plan/x", OURS, {"DataEndpointIds": "vpce-0a1b2c3d"}, "nothing"),
        (AUDITOR, "s3:PutBucketPolicy", "", {}, {}, "nothing"),  # who deploys is never locked out
        (
            f"arn:aws:iam::{HUB}:role/cce-fleet-AssessmentRole-EXAMPLE",
            *("s3:GetObject", "plan/x", {}, {}, "nothing"),
        ),
        (
            "backup.amazonaws.com",
            "s3:GetObject",
            REPORT,
            {"aws:PrincipalIsAWSService": "true"},
            {},
            "nothing",
        ),
        (AGENT, "s3:PutObject", OUTPUT, {}, {}, "allow"),
        (AGENT, "s3:PutObject", OUTPUT, {"aws:PrincipalOrgID": ORGANIZATION}, BY_ORGANIZATION, "allow"),
        (AGENT, "s3:PutObject", OUTPUT, {"aws:PrincipalOrgID": "o-zzzzzzzzzz"}, BY_ORGANIZATION, "nothing"),
        (AGENT, "s3:PutObject", f"output/{HUB}/x", {}, {}, "nothing"),  # another account's place
        (AGENT, "s3:GetObject", OUTPUT, {}, {}, "deny"),
        (AGENT, "s3:PutObject", REPORT, {}, {}, "deny"),
        (f"arn:aws:iam::{STRANGER}:role/web-server", "s3:PutObject", OUTPUT, {}, {}, "nothing"),
        (PLAN, "s3:PutObject", "plan/x", {"aws:SourceVpc": "vpc-0a1b2c3d"}, EXISTING, "nothing"),
        (PLAN, "s3:PutObject", "plan/x", {"aws:SourceVpc": "vpc-99999999"}, EXISTING, "deny"),
        (PLAN, "s3:PutObject", "plan/x", {}, EXISTING, "deny"),
        (
            PLAN,
            *("s3:PutObject", "plan/x", {"aws:SourceVpc": "cce-fleet-Vpc-EXAMPLE"}),
            {"CreateEndpoints": "false"},
            "nothing",
        ),
    ],
)
def test_the_bucket_is_reached_by_the_endpoints_only(  # noqa: PLR0913, PLR0917 - a table
    principal: str, action: str, key: str, keys: dict[str, str], given: dict[str, str], decision: str
) -> None:
    bucket = _resolved({"Fn::GetAtt": ["DataBucket", "Arn"]}, {})
    document = resources(hub(), "AWS::S3::BucketPolicy")["DataBucketPolicy"]["PolicyDocument"]
    request = Request(principal, action, f"{bucket}/{key}" if key else bucket, keys)

    assert decision == decide(_resolved(document, given), request)


#: The registry of accounts is entered by people and pipelines, and holds no evidence.
TABLES: Final = [name for name in resources(hub(), "AWS::DynamoDB::Table") if name != "AccountsTable"]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("keys", "given", "decision"),
    [
        ({"aws:SourceVpce": "cce-fleet-DynamoDbEndpoint-EXAMPLE"}, {}, "nothing"),
        ({}, {}, "deny"),
        ({"aws:SourceVpce": "vpce-0a1b2c3d"}, {}, "deny"),
        ({"aws:SourceVpce": "vpce-0a1b2c3d"}, {"DataEndpointIds": "vpce-0a1b2c3d"}, "nothing"),
        ({"aws:SourceVpc": "vpc-0a1b2c3d"}, EXISTING, "nothing"),
        ({}, EXISTING, "deny"),
        ({}, {"BreakGlassPrincipals": f"{AUDITOR},{PLAN}"}, "nothing"),
        ({"aws:ViaAWSService": "true"}, {}, "nothing"),
    ],
)
def test_the_tables_are_reached_by_the_endpoint_only(
    table: str, keys: dict[str, str], given: dict[str, str], decision: str
) -> None:
    policy = _resolved(
        resources(hub(), "AWS::DynamoDB::Table")[table]["ResourcePolicy"]["PolicyDocument"], given
    )
    reads = ["dynamodb:GetItem", "dynamodb:BatchWriteItem", "dynamodb:Query", "dynamodb:Scan"]

    assert policy is not NO_VALUE
    assert {decision} == {decide(policy, Request(PLAN, action, "*", keys)) for action in reads}
    assert "nothing" == decide(policy, Request(PLAN, "dynamodb:UpdateTable", "*"))
