"""The doctor's questions through boto3: the same snapshot as from the recording, and refusals by name."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import ANY, Stubber

from cce.cli import main
from cce.doctor.collect import collect, network
from cce.doctor.errors import NothingToLookAtError, RefusedError
from cce.fleet.questions import AwsQuestions
from doctor_recordings import healthy

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = "ap-northeast-2"


@pytest.fixture
def questions(aws: None) -> AwsQuestions:  # noqa: ARG001 - it is there
    return AwsQuestions(REGION)


@pytest.fixture
def ec2(questions: AwsQuestions) -> Iterator[Stubber]:
    with Stubber(questions._client("ec2")) as stub:  # noqa: SLF001 - the client behind the adapter
        yield stub


def test_boto3_takes_every_question_and_makes_the_same_snapshot(questions: AwsQuestions) -> None:
    recording = healthy()
    twin = recording.aws
    expected = collect(twin, recording.net, recording.question)

    with ExitStack() as stack:
        stubs: dict[str, Stubber] = {}
        for service, operation, question in twin.asked:
            if service not in stubs:
                client = questions._client(service)  # noqa: SLF001 - the client behind the adapter
                stubs[service] = stack.enter_context(Stubber(client))
            answer = type(twin)(REGION, recording.document["aws"]).answer(service, operation, **question)
            wanted = question | ({"StartTime": ANY} if "StartTime" in question else {})
            stubs[service].add_response(operation, dict(answer), wanted)

        found = collect(questions, recording.net, recording.question)

        for stub in stubs.values():
            stub.assert_no_pending_responses()
    assert expected == found


def test_a_refusal_names_the_call_and_the_reason(questions: AwsQuestions, ec2: Stubber) -> None:
    ec2.add_client_error(
        "describe_vpcs", "UnauthorizedOperation", "You are not authorized", http_status_code=403
    )

    with pytest.raises(RefusedError, match="ec2:DescribeVpcs: UnauthorizedOperation: You are not authorized"):
        questions.rows("ec2", "describe_vpcs", "Vpcs")


def test_a_refusal_of_an_answer_without_pages_is_named_too(questions: AwsQuestions) -> None:
    with Stubber(questions._client("route53")) as stub:  # noqa: SLF001 - the client behind the adapter
        stub.add_client_error("get_hosted_zone", "AccessDenied", "no", http_status_code=403)

        with pytest.raises(RefusedError, match="route53:GetHostedZone: AccessDenied: no"):
            questions.answer("route53", "get_hosted_zone", Id="Z0123456789EXAMPLE")


def test_all_pages_are_read(questions: AwsQuestions, ec2: Stubber) -> None:
    for vpc, token in (("vpc-0a", {"NextToken": "more"}), ("vpc-0b", {})):
        ec2.add_response("describe_vpcs", {"Vpcs": [{"VpcId": vpc}], **token})

    assert ["vpc-0a", "vpc-0b"] == [row["VpcId"] for row in questions.rows("ec2", "describe_vpcs", "Vpcs")]


def test_pages_without_a_paginator_of_botocore_are_read(questions: AwsQuestions) -> None:
    operation = "get_domain_name_access_associations"
    client = questions._client("apigateway")  # noqa: SLF001 - the client behind the adapter
    with Stubber(client) as stub:
        pages: list[tuple[dict[str, str], dict[str, Any]]] = [
            ({"resourceOwner": "SELF"}, {"position": "next"}),
            ({"resourceOwner": "SELF", "position": "next"}, {}),
        ]
        for number, (asked, more) in enumerate(pages):
            item = {"domainNameArn": f"arn:{number}"}
            stub.add_response(operation, {"items": [item], **more}, asked)

        found = questions.rows("apigateway", operation, "items", resourceOwner="SELF")

    assert ["arn:0", "arn:1"] == [row["domainNameArn"] for row in found]


def test_a_service_that_does_not_answer_is_asked_once(
    questions: AwsQuestions, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def unreachable(*_: object, **__: object) -> None:
        calls.append("asked")
        raise EndpointConnectionError(endpoint_url="https://ec2.example")

    monkeypatch.setattr(questions._client("ec2"), "_make_api_call", unreachable)  # noqa: SLF001 - boto3's way

    for _ in range(2):
        with pytest.raises(RefusedError, match="Could not connect"):
            questions.rows("ec2", "describe_vpcs", "Vpcs")
    assert ["asked"] == calls


@pytest.mark.parametrize("operation", ["delete_vpc", "create_vpc_endpoint", "modify_vpc_endpoint"])
def test_what_changes_something_is_never_asked(questions: AwsQuestions, operation: str) -> None:
    with pytest.raises(ValueError, match=f"{operation} is no question"):
        questions.rows("ec2", operation, "x")
    with pytest.raises(ValueError, match=f"{operation} is no question"):
        questions.answer("ec2", operation)


@pytest.mark.usefixtures("aws")
def test_without_a_region_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")

    with pytest.raises(NothingToLookAtError, match="give --region or set AWS_DEFAULT_REGION"):
        AwsQuestions()


@pytest.mark.usefixtures("aws")
def test_a_profile_that_does_not_exist_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    with pytest.raises(NothingToLookAtError, match="nobody"):
        AwsQuestions(REGION)


def test_without_credentials_nothing_is_healthy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    boto3.DEFAULT_SESSION = None

    assert 2 == main(["doctor", "--region", REGION])
    assert "sts:GetCallerIdentity: Unable to locate credentials" in capsys.readouterr().err


def test_what_moto_answers_is_understood(questions: AwsQuestions) -> None:
    """A VPC with private DNS of the API on, and a gateway to the internet."""
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.111.0.0/24")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.111.0.0/26")["Subnet"]["SubnetId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    (table,) = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    ec2.create_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc,
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{REGION}.execute-api",
        SubnetIds=[subnet],
        PrivateDnsEnabled=True,
    )["VpcEndpoint"]["VpcEndpointId"]
    (group,) = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"]

    (found,) = network.endpoints(questions)
    subnets = network.subnets(questions)
    groups = network.groups(questions, [group["GroupId"]])

    assert (endpoint, vpc, "execute-api", "available", True) == (
        found.id,
        found.vpc,
        found.service,
        found.state,
        found.private_dns,
    )
    assert found.policy
    assert gateway == subnets[subnet].internet
    assert {group["GroupId"]} == groups.keys()
    assert ("10.111.0.0/24",) == network.vpcs(questions)[vpc]
