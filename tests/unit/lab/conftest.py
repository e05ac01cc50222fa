"""The lab's SSM with a real boto3 in front of it, and nothing behind it but what a test puts there."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from lab.ssm.identity import Caller, denied
from lab.ssm.runner import Runner
from lab.ssm.server import SsmServer
from lab.ssm.service import Ssm
from lab.ssm.state import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lab.nodes import Node
    from lab.ssm.identity import Request
    from lab.ssm.state import Command, Place

ACCOUNT = "222222222222"
REGION = "ap-northeast-2"
DOCUMENT = "cce-fleet-linux"


@dataclass
class Policy:
    """An authorizer: the access key is the account; ``refused`` actions are denied."""

    refused: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def authorize(self, request: Request, checks: Sequence[tuple[str, str]]) -> Caller:
        account = dict(request.headers)["Authorization"].partition("Credential=")[2].partition("/")[0]
        caller = Caller(account, f"arn:aws:iam::{account}:root")
        for action, resource in checks:
            self.asked.append((action, resource.replace("{account}", account)))
            if action in self.refused:
                raise denied(caller.principal, *self.asked[-1])
        return caller


@dataclass
class Heard:
    """Events that were told, as (instance id, status)."""

    changes: list[tuple[str, str]] = field(default_factory=list)

    def changed(self, _place: Place, _command: Command, instance_id: str, status: str) -> None:
        self.changes.append((instance_id, status))


@dataclass
class Stored:
    """Outputs that were put into S3, by bucket and key."""

    objects: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def put(self, _place: Place, bucket: str, key: str, body: bytes) -> str:
        self.objects[bucket, key] = body
        return f"https://s3.example/{bucket}/{key}"


def content(lines: Sequence[str] = ("echo checked",), timeout: int = 5, **more: Any) -> str:
    """A document whose script has these lines."""
    step = {
        "action": "aws:runShellScript",
        "name": "probe",
        "inputs": {"timeoutSeconds": str(timeout), "runCommand": list(lines)},
    }
    return json.dumps({"schemaVersion": "2.2", "description": "A test.", "mainSteps": [step], **more})


@dataclass
class World:
    """The SSM under test and what a test asks of it."""

    server: SsmServer
    policy: Policy
    heard: Heard
    stored: Stored
    _number: int = 0

    def client(self, account: str = ACCOUNT, *, validate: bool = True) -> Any:
        """A client; without ``validate`` it leaves every check to the service."""
        return boto3.client(
            "ssm",
            region_name=REGION,
            endpoint_url=self.server.endpoint,
            aws_access_key_id=account,
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, parameter_validation=validate),
        )

    def document(self, text: str = "", name: str = DOCUMENT, account: str = ACCOUNT) -> None:
        self.client(account).create_document(Name=name, Content=text or content(), DocumentType="Command")

    def add(self, node: Node, account: str = ACCOUNT, **more: Any) -> str:
        self._number += 1
        instance_id = f"i-{self._number:017x}"
        self.server.ssm.register(account, REGION, Server(instance_id, node, **more))
        return instance_id

    def send(self, *ids: str, **more: Any) -> str:
        answer = self.client().send_command(InstanceIds=list(ids), DocumentName=DOCUMENT, **more)
        return str(answer["Command"]["CommandId"])

    def ended(self, command_id: str) -> dict[str, dict[str, Any]]:
        """Wait for a command's end; its invocations by instance id."""
        client, deadline = self.client(), time.monotonic() + 20
        while time.monotonic() < deadline:
            found = client.list_command_invocations(CommandId=command_id, Details=True)["CommandInvocations"]
            if found and all(each["Status"] not in {"Pending", "InProgress"} for each in found):
                return {each["InstanceId"]: each for each in found}
            time.sleep(0.02)
        message = f"{command_id} did not end: {found}"
        raise TimeoutError(message)

    def result(self, command_id: str, instance_id: str) -> dict[str, Any]:
        """Wait for a command's end; one server's result."""
        self.ended(command_id)
        answer: dict[str, Any] = self.client().get_command_invocation(
            CommandId=command_id, InstanceId=instance_id
        )
        return answer


@pytest.fixture
def world() -> Iterator[World]:
    policy, heard, stored = Policy(), Heard(), Stored()
    server = SsmServer(Ssm(policy, Runner(stored, heard, pace=0.01)))
    yield World(server, policy, heard, stored)
    server.stop()


@pytest.fixture
def make_content() -> Callable[..., str]:
    return content
