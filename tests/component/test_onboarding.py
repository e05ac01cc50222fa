"""``cce onboard`` against an account of moto: what is there is seen, what is not is named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from cce.cli import main
from cce.fleet.members import AwsMember
from cce.fleet.onboarding import AwsDoor
from cce.pipeline.records import Node
from cce.probes import packed_probe

if TYPE_CHECKING:
    from collections.abc import Callable

ACCOUNT, REGION = "222222222222", "ap-northeast-2"
HUB = "123456789012"  # moto's own
BUS = f"arn:aws:events:{REGION}:{HUB}:event-bus/cce-fleet-status"
PATTERN = json.dumps({"source": ["aws.ssm"], "detail": {"document-name": ["cce-fleet-linux"]}})
QUESTION = ["onboard", "--account", ACCOUNT, "--region", REGION]


@pytest.fixture
def member(aws: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:  # noqa: ARG001 - it is there
    """Clients in the member account; nobody is asked for an agent, which moto does not know."""
    monkeypatch.setenv("CCE_EXTERNAL_ID", "external-id-0001-0001")
    monkeypatch.setattr(AwsDoor, "opens_without_external_id", lambda *_: False)
    role = f"arn:aws:iam::{ACCOUNT}:role/test"
    given = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], REGION)
    return session.client  # type: ignore[return-value]


def made(client: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    step = {"action": "aws:runShellScript", "name": "x", "inputs": {"runCommand": [packed_probe()]}}
    content = json.dumps({"schemaVersion": "2.2", "mainSteps": [step]})
    client("ssm").create_document(Name="cce-fleet-linux", Content=content, DocumentType="Command")
    client("events").put_rule(Name="status", EventPattern=PATTERN)
    client("events").put_targets(Rule="status", Targets=[{"Id": "hub", "Arn": BUS}])
    ids = client("ec2").run_instances(ImageId="ami-04681a1dbd79675a5", MinCount=1, MaxCount=1)["Instances"]
    online = [Node(each["InstanceId"], "Online", "", "Linux") for each in ids]
    monkeypatch.setattr(AwsMember, "nodes", lambda _: online)


def test_a_complete_account_is_said_to_be(
    member: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    made(member, monkeypatch)

    assert 0 == main([*QUESTION, "--json"])
    answer = json.loads(capsysbinary.readouterr().out)
    (account,) = answer["accounts"]
    assert 0 == answer["exit_status"]
    assert (ACCOUNT, True) == (account["account"], account["complete"])
    assert {"ok"} == {check["state"] for check in account["checks"]}


def test_an_empty_account_is_told_what_it_lacks(
    member: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    vpc = member("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    member("ec2").create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.ssm")
    member("ec2").run_instances(ImageId="ami-04681a1dbd79675a5", MinCount=1, MaxCount=1)
    monkeypatch.setattr(AwsMember, "nodes", lambda _: [])

    assert 1 == main(QUESTION)
    printed = capsysbinary.readouterr().out.decode()
    assert f"{ACCOUNT} in {REGION}: not complete" in printed
    assert "has no document cce-fleet-linux; deploy this release" in printed
    assert f"no rule sends events to {BUS}" in printed
    assert f"{vpc} has no endpoint for ssmmessages" in printed


@pytest.mark.usefixtures("aws")
def test_a_role_that_is_given_to_anybody_of_the_hub_is_seen() -> None:
    """Moto asks nobody for an external id."""
    from cce.fleet.members import AwsMembers  # noqa: PLC0415 - beside its only use

    door = AwsDoor(AwsMembers("cce-fleet-member", "external-id-0001"), REGION, "cce-fleet-linux")

    assert door.opens_without_external_id(ACCOUNT)


@pytest.mark.parametrize(
    ("arguments", "variables", "why"),
    [
        (QUESTION, {}, "CCE_EXTERNAL_ID is missing"),
        (
            QUESTION[:3],
            {"CCE_EXTERNAL_ID": "external-id-0001-0001", "AWS_DEFAULT_REGION": ""},
            "give --region",
        ),
        (QUESTION[:3], {"CCE_EXTERNAL_ID": "x" * 16, "AWS_PROFILE": "nobody"}, "cannot be used"),
    ],
)
@pytest.mark.usefixtures("aws")
def test_what_the_caller_forgot_is_named(
    arguments: list[str],
    variables: dict[str, str],
    why: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("CCE_EXTERNAL_ID", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert 2 == main(arguments)
    assert why in capsys.readouterr().err
