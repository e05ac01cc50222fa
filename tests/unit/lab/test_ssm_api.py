"""The other operations of the lab's SSM: documents, listings, permissions, throttling, the protocol."""

from __future__ import annotations

import hashlib
import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lab import nodes

DOCUMENT = "cce-fleet-linux"
OTHER_ACCOUNT = "333333333333"


def code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return str(caught.value.response["Error"]["Code"])


def test_a_document_is_described_with_its_hash(world: Any, make_content: Any) -> None:
    text = make_content()
    world.document(text)

    document = world.client().describe_document(Name=DOCUMENT)["Document"]

    assert hashlib.sha256(text.encode()).hexdigest() == document["Hash"]
    assert ("1", "2.2", "Command") == (
        document["DocumentVersion"],
        document["SchemaVersion"],
        document["DocumentType"],
    )


def test_a_document_comes_back_as_it_was_given(world: Any, make_content: Any) -> None:
    text = make_content(["echo one"])
    world.document(text)

    assert text == world.client().get_document(Name=DOCUMENT)["Content"]


def test_an_updated_document_is_what_runs(world: Any, make_content: Any) -> None:
    world.document(make_content(["echo one"]))
    server = world.add(nodes.Machine())

    world.client().update_document(
        Name=DOCUMENT, Content=make_content(["echo two"]), DocumentVersion="$LATEST"
    )

    assert "two\n" == world.result(world.send(server), server)["StandardOutputContent"]
    assert "one\n" == world.result(world.send(server, DocumentVersion="1"), server)["StandardOutputContent"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not json", "InvalidDocumentContent"),
        ("[]", "InvalidDocumentContent"),
        ('{"schemaVersion": "0.3"}', "InvalidDocumentSchemaVersion"),
        ('{"schemaVersion": "2.2", "mainSteps": []}', "InvalidDocumentContent"),
    ],
)
def test_a_wrong_document_is_refused(world: Any, text: str, expected: str) -> None:
    with pytest.raises(ClientError) as caught:
        world.document(text)

    assert expected == code(caught)


def test_braces_that_are_no_parameter_are_refused_as_on_aws(world: Any, make_content: Any) -> None:
    with pytest.raises(ClientError) as caught:
        world.document(make_content(["echo {{ name }}"]))

    assert "InvalidDocumentContent" == code(caught)


def test_a_document_twice_is_refused(world: Any) -> None:
    world.document()

    with pytest.raises(ClientError) as caught:
        world.document()

    assert "DocumentAlreadyExists" == code(caught)


def test_the_same_content_again_is_refused(world: Any, make_content: Any) -> None:
    world.document(make_content())

    with pytest.raises(ClientError) as caught:
        world.client().update_document(Name=DOCUMENT, Content=make_content(), DocumentVersion="$LATEST")

    assert "DuplicateDocumentContent" == code(caught)


def test_a_parameter_takes_only_allowed_values(world: Any, make_content: Any) -> None:
    parameters = {"mode": {"type": "String", "default": "quick", "allowedValues": ["quick", "full"]}}
    world.document(make_content(["echo {{ mode }}"], parameters=parameters))
    server = world.add(nodes.Machine())

    full = world.result(world.send(server, Parameters={"mode": ["full"]}), server)

    assert "full\n" == full["StandardOutputContent"]
    assert "quick\n" == world.result(world.send(server), server)["StandardOutputContent"]
    with pytest.raises(ClientError) as caught:
        world.send(server, Parameters={"mode": ["$(id)"]})
    assert "InvalidParameters" == code(caught)


def test_accounts_do_not_see_each_other(world: Any) -> None:
    world.document()
    world.add(nodes.silent())

    other = world.client(OTHER_ACCOUNT)

    assert [] == other.describe_instance_information()["InstanceInformationList"]
    with pytest.raises(ClientError) as caught:
        other.describe_document(Name=DOCUMENT)
    assert "InvalidDocument" == code(caught)


def test_instances_come_ten_to_a_page_and_with_their_ping(world: Any) -> None:
    servers = [world.add(nodes.silent()) for _ in range(11)]
    offline = world.add(nodes.Offline())
    client = world.client()

    first = client.describe_instance_information()
    pages = client.get_paginator("describe_instance_information").paginate()
    found = {
        each["InstanceId"]: each["PingStatus"] for page in pages for each in page["InstanceInformationList"]
    }

    assert 10 == len(first["InstanceInformationList"])
    assert dict.fromkeys(servers, "Online") | {offline: "ConnectionLost"} == found


@pytest.mark.parametrize(
    ("key", "values", "expected"),
    [
        ("PingStatus", ["Online"], [0]),
        ("PingStatus", ["ConnectionLost"], [1]),
        ("PlatformTypes", ["Linux"], [0, 1]),
    ],
)
def test_instances_are_filtered(world: Any, key: str, values: list[str], expected: list[int]) -> None:
    servers = [world.add(nodes.silent()), world.add(nodes.Offline())]

    found = world.client().describe_instance_information(Filters=[{"Key": key, "Values": values}])

    assert [servers[n] for n in expected] == [each["InstanceId"] for each in found["InstanceInformationList"]]


def test_fewer_than_five_results_cannot_be_asked_for(world: Any) -> None:
    with pytest.raises(ClientError, match="greater than or equal to 5"):
        world.client(validate=False).describe_instance_information(MaxResults=4)


def test_a_made_up_token_is_refused(world: Any) -> None:
    with pytest.raises(ClientError) as caught:
        world.client().describe_instance_information(NextToken="made up")

    assert "InvalidNextToken" == code(caught)


def test_invocations_are_listed_page_by_page_and_by_server(world: Any) -> None:
    world.document()
    servers = [world.add(nodes.silent()) for _ in range(5)]
    command = world.send(*servers)
    world.ended(command)
    client = world.client()

    pages = list(
        client.get_paginator("list_command_invocations").paginate(
            CommandId=command, PaginationConfig={"PageSize": 2}
        )
    )
    one = client.list_command_invocations(CommandId=command, InstanceId=servers[3])

    assert [2, 2, 1] == [len(page["CommandInvocations"]) for page in pages]
    assert [servers[3]] == [each["InstanceId"] for each in one["CommandInvocations"]]


def test_commands_carry_the_callers_comment(world: Any) -> None:
    world.document()
    server = world.add(nodes.silent())
    command = world.send(server, Comment="20261122T013000Z-7f3a")

    world.ended(command)
    (listed,) = world.client().list_commands(CommandId=command)["Commands"]

    assert ("20261122T013000Z-7f3a", "Success", 1) == (
        listed["Comment"],
        listed["Status"],
        listed["CompletedCount"],
    )
    assert "20261122T013000Z-7f3a" == world.result(command, server)["Comment"]


def test_invocations_are_filtered_by_status_and_time(world: Any) -> None:
    world.document()
    good, bad = world.add(nodes.silent()), world.add(nodes.failing())
    world.ended(world.send(good, bad, MaxErrors="100%"))
    client = world.client()

    failed = client.list_command_invocations(Filters=[{"key": "Status", "value": "Failed"}])
    future = client.list_command_invocations(
        Filters=[{"key": "InvokedAfter", "value": "2999-01-01T00:00:00Z"}]
    )

    assert [bad] == [each["InstanceId"] for each in failed["CommandInvocations"]]
    assert [] == future["CommandInvocations"]


def test_a_caller_without_the_permission_is_refused_in_awss_words(world: Any) -> None:
    world.document()
    server = world.add(nodes.silent())
    world.policy.refused.add("ssm:SendCommand")

    with pytest.raises(ClientError) as caught:
        world.send(server)

    assert "AccessDeniedException" == code(caught)
    assert "is not authorized to perform: ssm:SendCommand on resource: arn:aws:ssm:" in str(caught.value)


def test_sending_is_asked_for_the_document_and_every_server(world: Any) -> None:
    world.document()
    servers = [world.add(nodes.silent()), world.add(nodes.silent())]
    world.policy.asked.clear()

    world.send(*servers)

    place = "ap-northeast-2:222222222222"
    assert [
        ("ssm:SendCommand", f"arn:aws:ssm:{place}:document/{DOCUMENT}"),
        *(("ssm:SendCommand", f"arn:aws:ec2:{place}:instance/{each}") for each in servers),
    ] == world.policy.asked


def test_throttling_refuses_so_many_calls_and_then_none(world: Any) -> None:
    world.server.ssm.throttle.left["ListCommands"] = 2
    client = world.client()

    for _ in range(2):
        with pytest.raises(ClientError) as caught:
            client.list_commands()
        assert "ThrottlingException" == code(caught)

    assert [] == client.list_commands()["Commands"]


def test_an_operation_that_the_lab_does_not_do_says_so(world: Any) -> None:
    with pytest.raises(ClientError, match="does not do GetParameter"):
        world.client().get_parameter(Name="x")


def test_an_unsigned_request_is_refused(world: Any) -> None:
    request = urllib.request.Request(  # noqa: S310 - the server under test
        world.server.endpoint, b"{}", {"X-Amz-Target": "AmazonSSM.ListCommands"}
    )

    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=5)  # noqa: S310 - the server under test

    assert 400 == caught.value.code
    assert "MissingAuthenticationTokenException" == json.load(caught.value)["__type"]
