"""The whole stack on this machine, for the end-to-end tests: deployed once, used by many assessments."""

from __future__ import annotations

import gzip
import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import urllib3

from cce.pipeline.tailoring import CONFIG_KEY
from lab.aws import HUB_ACCOUNT, REGION
from lab.lab import EXTERNAL_ID, MEMBERS
from lab.setup import API_DOMAIN, API_KEY, OPTIONS, api_url, change_environment, function_name
from lab.ssm.state import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lab.lab import Lab
    from lab.nodes import Node

HUB, SHOP, BANK = MEMBERS
RECORDINGS: Final = Path(__file__).resolve().parents[2] / "lab/recordings"

#: Time-outs short enough for a test. SSM's own lower bound for delivery is 30 s; the lab's pace shortens it.
HUB_PARAMETERS: Final = {
    "ScheduleState": "DISABLED",
    **OPTIONS,
    "ApiCorsOrigins": "https://console.example,https://second.example:8443",
    "GatewayVpcLinkId": "a1b2c3",
    "DeliveryTimeoutSeconds": "30",
    "ProbeTimeoutSeconds": "60",
    "ServerTimeoutSeconds": "90",
    "AssessmentTimeoutSeconds": "180",
}
PACE: Final = 0.05
_PATIENCE: Final = 150.0


@dataclass(frozen=True)
class Ended:
    """An execution that ended: its status, its output, its error."""

    arn: str
    status: str
    output: dict[str, Any]
    error: str
    cause: str

    @property
    def assessment_id(self) -> str:
        """The assessment that it did."""
        return str(self.output["assessment_id"])


@dataclass
class Stack:
    """The deployed hub and members, and how a test talks to them."""

    lab: Lab
    outputs: dict[str, str]
    _number: int = field(default=0)

    @classmethod
    def deploy(cls, lab: Lab) -> Stack:
        """Deploy hub and members into three accounts."""
        hub = lab.deploy_hub(HUB_PARAMETERS)
        for account in MEMBERS:
            lab.deploy_member(account, {"HubBusArn": hub.outputs["BusArn"], "ProbeTimeoutSeconds": "60"})
        stack = cls(lab, hub.outputs)
        stack._reach_api()
        return stack

    @property
    def api_url(self) -> str:
        """The private API."""
        return api_url(self.lab, self.outputs)

    def _reach_api(self) -> None:
        """Tell discover where MiniStack has the API; it takes no policy from the body that SAM makes."""
        change_environment(self.lab, "DiscoverFunction", INVENTORY_URL=self.api_url)

    def ask(
        self, method: str, path: str, body: object = None, key: str = API_KEY, **headers: str
    ) -> tuple[int, dict[str, str], Any]:
        """Call the private API; returns status, headers in lower case, and the body."""
        text = None if body is None else json.dumps(body)
        sent = {"x-api-key": key} | {name.replace("_", "-"): value for name, value in headers.items()}
        answer = urllib3.request(method, f"{self.api_url}{path}", body=text, headers=sent, redirect=False)
        found = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status, found, json.loads(answer.data or b"null")

    def server(self, node: Node, test: str, account: str = HUB, *, s3: bool = False, **tags: str) -> str:
        """Add a server that carries the tag ``test``, by which an assessment names it; returns its srvid."""
        self._number += 1
        machine = Server("", node, name=f"{node.kind}-{self._number}", profile_allows_s3=s3)
        instance_id = self.lab.add_server(account, machine, {"test": test, **tags})
        return f"{account}/{REGION}/{instance_id}"

    def start(self, request: dict[str, Any], name: str = "") -> str:
        """Start an execution; returns its ARN."""
        named = {"name": name} if name else {}
        machine = self.outputs["StateMachineArn"]
        answer = self.lab.client("stepfunctions").start_execution(
            stateMachineArn=machine, input=json.dumps(request), **named
        )
        return str(answer["executionArn"])

    def wait(self, arn: str, *, reconcile: bool = False) -> Ended:
        """Wait for the end; ``reconcile`` runs that function meanwhile, as its schedule does."""
        client, deadline = self.lab.client("stepfunctions"), time.monotonic() + _PATIENCE
        while (found := client.describe_execution(executionArn=arn))["status"] == "RUNNING":
            if time.monotonic() > deadline:
                message = f"{arn} still runs after {_PATIENCE} s\n{self.lab.ministack.tail()}"
                raise TimeoutError(message)
            if reconcile:
                self.invoke("ReconcileFunction", {})
            time.sleep(0.5)
        output = json.loads(found.get("output") or "{}")
        return Ended(arn, found["status"], output, found.get("error", ""), found.get("cause", ""))

    def assess(self, request: dict[str, Any], *, reconcile: bool = False) -> Ended:
        """Start an assessment and wait for its end."""
        return self.wait(self.start(request), reconcile=reconcile)

    def assess_tag(self, test: str, *, reconcile: bool = False, **scope: Any) -> Ended:
        """Assess the servers of one test."""
        return self.assess({"scope": {"tags": {"test": [test]}, **scope}}, reconcile=reconcile)

    def function_name(self, logical_id: str) -> str:
        """The deployed name of a function."""
        return function_name(self.lab, logical_id)

    def invoke(self, logical_id: str, event: dict[str, Any]) -> dict[str, Any]:
        """Call a function and return its answer."""
        answer = self.lab.client("lambda").invoke(
            FunctionName=self.function_name(logical_id), Payload=json.dumps(event)
        )
        return dict(json.loads(answer["Payload"].read() or "{}"))

    def targets(self, assessment_id: str) -> dict[str, dict[str, Any]]:
        """The targets of an assessment as the table holds them, by srvid."""
        items = self._query("AssessmentsTableName", "assessment_id", assessment_id)
        return {item["srvid"]: item for item in items if item["entry"].startswith("TARGET#")}

    def verdicts_of(self, srvid: str) -> list[dict[str, Any]]:
        """The rows of the verdicts table of one server."""
        return list(self._query("VerdictsTableName", "srvid", srvid))

    def _query(self, table: str, key: str, value: str) -> Iterator[dict[str, Any]]:
        pages = (
            self.lab.client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self.outputs[table],
                KeyConditionExpression="#k = :v",
                ExpressionAttributeNames={"#k": key},
                ExpressionAttributeValues={":v": {"S": value}},
            )
        )
        for page in pages:
            for item in page["Items"]:
                yield {name: next(iter(value.values())) for name, value in item.items()}

    def set_target(self, assessment_id: str, srvid: str, **values: str) -> None:
        """Change a target's row, to bring about what would take hours."""
        self.lab.client("dynamodb").update_item(
            TableName=self.outputs["AssessmentsTableName"],
            Key={"assessment_id": {"S": assessment_id}, "entry": {"S": f"TARGET#{srvid}"}},
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
            ExpressionAttributeNames={f"#{name}": name for name in values},
            ExpressionAttributeValues={f":{name}": {"S": value} for name, value in values.items()},
        )

    @contextmanager
    def untrusted(self, account: str) -> Iterator[None]:
        """While it lasts, the account's member role wants another external id."""
        iam, role = self.lab.client("iam", account), "cce-fleet-member"
        trusted = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
        broken = json.dumps(trusted).replace(EXTERNAL_ID, "another-external-id")
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=broken)
        self._forget_sessions()
        try:
            yield
        finally:
            iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trusted))

    def _forget_sessions(self) -> None:
        """Functions keep a member's session for an hour; a changed environment starts them anew."""
        for name in ("PlanFunction", "DiscoverFunction"):
            change_environment(self.lab, name, RESTARTED=str(time.time()))

    def count(self, action: str) -> int:
        """How often the system called an action so far."""
        return sum(call.action == action for call in self.lab.calls())

    def keys(self, prefix: str) -> list[str]:
        """Keys of the data bucket."""
        listed = self.lab.client("s3").list_objects_v2(Bucket=self.outputs["DataBucketName"], Prefix=prefix)
        return [entry["Key"] for entry in listed.get("Contents", [])]

    def read(self, key: str) -> bytes:
        """An object of the data bucket, unpacked."""
        body = self.lab.client("s3").get_object(Bucket=self.outputs["DataBucketName"], Key=key)["Body"].read()
        return gzip.decompress(body) if key.endswith(".gz") else bytes(body)

    @contextmanager
    def tailored(self, text: str) -> Iterator[None]:
        """While it lasts, the organisation has this tailoring."""
        s3 = self.lab.client("s3")
        place = {"Bucket": self.outputs["DataBucketName"], "Key": CONFIG_KEY}
        s3.put_object(**place, Body=text.encode())
        try:
            yield
        finally:
            s3.delete_object(**place)

    def depth(self, queue: str) -> int:
        """How many messages wait in a queue, by the name of its output."""
        answer = self.lab.client("sqs").get_queue_attributes(
            QueueUrl=self.outputs[queue], AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])

    @staticmethod
    def eventually(condition: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait until the condition holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not come true in time"
            time.sleep(0.3)


__all__ = [
    "API_DOMAIN",
    "API_KEY",
    "BANK",
    "HUB",
    "HUB_ACCOUNT",
    "PACE",
    "RECORDINGS",
    "REGION",
    "SHOP",
    "Ended",
    "Stack",
]
