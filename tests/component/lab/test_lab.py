"""The lab itself: MiniStack with IAM on, the lab's SSM, three accounts, events from one to the other."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lab import deploy, nodes
from lab.calls import denied
from lab.lab import Lab
from lab.ssm.state import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.stack

STACK = Path(__file__).with_name("stack")
MEMBER = "222222222222"
DOCUMENT = "cce-fleet-linux"


@dataclass
class Deployed:
    """The lab with the small stack and one member in it."""

    lab: Lab
    outputs: dict[str, str]
    server: str

    def call(self, operation: str, **more: Any) -> dict[str, Any]:
        """One operation of SSM, done by the function as the member role."""
        event = {"operation": operation, "account": MEMBER, **more}
        answer = self.lab.client("lambda").invoke(
            FunctionName=self.outputs["Function"], Payload=json.dumps(event).encode()
        )
        return dict(json.loads(answer["Payload"].read()))

    def send(self, document: str = DOCUMENT, **more: Any) -> dict[str, Any]:
        return self.call(
            "send_command", request={"InstanceIds": [self.server], "DocumentName": document}, **more
        )


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("lab")
    built = deploy.build(STACK / "template.yaml", folder / "build")
    with Lab(pace=0.01) as lab:
        hub = lab.deploy_hub(built=built)
        lab.deploy_member(MEMBER, {"HubBusArn": hub.outputs["BusArn"]})
        server = lab.add_server(
            MEMBER, Server("", nodes.Printing(b"evidence"), name="web-1"), {"service": "shop"}
        )
        yield Deployed(lab, hub.outputs, server)


def test_what_ministack_does_not_know_is_made_and_named(deployed: Deployed) -> None:
    made = "\n".join(deployed.lab.by_api)

    assert "AWS::Events::EventBusPolicy BusPolicy made by API" in made
    assert "AWS::SSM::Document LinuxProbe made by API" in made
    assert DOCUMENT == deployed.lab.client("ssm", MEMBER).describe_document(Name=DOCUMENT)["Document"]["Name"]


def test_a_server_is_an_instance_with_tags_and_a_managed_node(deployed: Deployed) -> None:
    reservations = deployed.lab.client("ec2", MEMBER).describe_instances()["Reservations"]
    (instance,) = [each for found in reservations for each in found["Instances"]]

    assert {"Name": "web-1", "service": "shop"} == {tag["Key"]: tag["Value"] for tag in instance["Tags"]}
    assert [deployed.server] == deployed.call("describe_instance_information")["instances"]


def test_the_member_role_sends_its_document_and_the_event_comes_to_the_hub(deployed: Deployed) -> None:
    command = deployed.send()["command"]

    queue = deployed.lab.client("sqs")
    found: list[dict[str, Any]] = []
    deadline = time.monotonic() + 15
    while not found and time.monotonic() < deadline:
        messages = queue.receive_message(QueueUrl=deployed.outputs["Queue"], WaitTimeSeconds=1).get(
            "Messages", []
        )
        found = [json.loads(message["Body"]) for message in messages]

    assert [(command, MEMBER, "Success")] == [
        (each["detail"]["command-id"], each["account"], each["detail"]["status"]) for each in found
    ]
    assert [] == deployed.lab.events.refused


def test_any_other_document_is_refused_by_iam(deployed: Deployed) -> None:
    assert {"error": "AccessDeniedException"} == deployed.send("AWS-RunShellScript")


def test_an_operation_that_the_role_may_not_do_is_refused_by_iam(deployed: Deployed) -> None:
    assert {"error": "AccessDeniedException"} == deployed.call("list_commands")


def test_a_wrong_external_id_opens_no_account(deployed: Deployed) -> None:
    assert {"error": "AccessDenied"} == deployed.send(external_id="another-external-id")


def test_a_forged_signature_is_refused(deployed: Deployed) -> None:
    assert "error" in deployed.send(secret="forged")


def test_the_state_machine_needs_its_own_permissions_and_catches_errors_by_name(deployed: Deployed) -> None:
    states = deployed.lab.client("stepfunctions")
    execution = states.start_execution(stateMachineArn=deployed.outputs["Machine"])["executionArn"]
    deadline = time.monotonic() + 20
    while (ended := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.1)

    assert ("FAILED", "States.Permissions") == (ended["status"], ended["error"])


def test_every_decision_on_a_role_is_recorded(deployed: Deployed) -> None:
    deployed.send()
    deployed.send("AWS-RunShellScript")

    calls = deployed.lab.calls()

    assert {"sts:AssumeRole", "ssm:SendCommand"} <= {
        each.action for each in calls if each.decision == "allow"
    }
    refused = [each for each in denied(calls) if each.action == "ssm:SendCommand"]
    assert ("cce-fleet-member", MEMBER) == (refused[0].role, refused[0].account)


def test_everything_listens_on_this_machine_only(deployed: Deployed) -> None:
    ports = {
        int(url.rpartition(":")[2]) for url in deployed.lab.environment().values() if url.startswith("http")
    }
    listening = [
        line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if " 0A " in line
    ]

    assert 2 == len(ports)
    assert {"0100007F"} == {
        address for address, port in (each.split(":") for each in listening) if int(port, 16) in ports
    }
