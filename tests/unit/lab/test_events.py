"""Status events reach the hub's queue as EventBridge would bring them, or get lost as it may lose them."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from lab.ssm.documents import Document
from lab.ssm.events import EventDelivery, admits
from lab.ssm.state import Command, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

HUB, MEMBER, REGION = "111111111111", "222222222222", "ap-northeast-2"
HUB_BUS = f"arn:aws:events:{REGION}:{HUB}:event-bus/status"
QUEUE = f"arn:aws:sqs:{REGION}:{HUB}:results"


@dataclass
class Cloud:
    """The EventBridge and SQS of two accounts, as far as delivery reads them."""

    rules: dict[tuple[str, str], list[dict[str, Any]]]
    policy: str = ""
    sent: list[dict[str, Any]] = field(default_factory=list)
    failures = (ClientError,)

    def client(self, service: str, account: str, _region: str) -> Any:
        return Events(self, account) if service == "events" else Queue(self)


@dataclass
class Events:
    cloud: Cloud
    account: str

    def list_rules(self, EventBusName: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
        return {"Rules": self.cloud.rules.get((self.account, EventBusName), [])}

    def test_event_pattern(self, EventPattern: str, Event: str) -> dict[str, bool]:  # noqa: N803 - boto3's names
        return {"Result": bool(re.search(EventPattern, Event))}

    def list_targets_by_rule(self, Rule: str, EventBusName: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        found = next(each for each in self.cloud.rules[self.account, EventBusName] if each["Name"] == Rule)
        return {"Targets": [{"Arn": arn} for arn in found["targets"]]}

    def describe_event_bus(self, Name: str) -> dict[str, str]:  # noqa: N803 - boto3's name
        assert "status" == Name
        return {"Policy": self.cloud.policy}


@dataclass
class Queue:
    cloud: Cloud

    def get_queue_url(self, QueueName: str) -> dict[str, str]:  # noqa: N803 - boto3's name
        return {"QueueUrl": QueueName}

    def send_message(self, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803 - boto3's names
        assert "results" == QueueUrl
        self.cloud.sent.append(json.loads(MessageBody))


def allowing(account: str) -> str:
    return json.dumps(
        {"Statement": [{"Effect": "Allow", "Principal": account, "Action": "events:PutEvents"}]}
    )


@pytest.fixture
def cloud() -> Cloud:
    member = {"Name": "forward", "State": "ENABLED", "EventPattern": "Success", "targets": [HUB_BUS]}
    hub = {"Name": "results", "State": "ENABLED", "EventPattern": "aws.ssm", "targets": [QUEUE]}
    return Cloud({(MEMBER, "default"): [member], (HUB, "status"): [hub]}, allowing(MEMBER))


@pytest.fixture
def delivery(cloud: Cloud) -> Iterator[EventDelivery]:
    made = EventDelivery(cloud)  # type: ignore[arg-type] # as much of Clients as it uses
    yield made
    made.stop()


@pytest.fixture
def command() -> Command:
    return Command(Document("cce-fleet-linux", ["{}"], "JSON"), 1, "probe", ["i-00000000000000001"], {})


def tell(delivery: EventDelivery, command: Command, *statuses: str, settle: float = 0.2) -> None:
    for status in statuses:
        delivery.changed(Place(MEMBER, REGION), command, "i-00000000000000001", status)
    time.sleep(settle)


def test_an_event_goes_from_the_member_over_the_hubs_bus_into_the_queue(
    delivery: EventDelivery, cloud: Cloud, command: Command
) -> None:
    tell(delivery, command, "Success")

    (event,) = cloud.sent
    assert ("aws.ssm", MEMBER, REGION) == (event["source"], event["account"], event["region"])
    assert "EC2 Command Invocation Status-change Notification" == event["detail-type"]
    assert {"command-id", "document-name", "instance-id", "requested-date-time", "status"} == set(
        event["detail"]
    )
    assert command.command_id == event["detail"]["command-id"]


def test_an_event_that_no_rule_matches_goes_nowhere(
    delivery: EventDelivery, cloud: Cloud, command: Command
) -> None:
    tell(delivery, command, "InProgress")

    assert [] == cloud.sent


def test_a_disabled_rule_forwards_nothing(delivery: EventDelivery, cloud: Cloud, command: Command) -> None:
    cloud.rules[MEMBER, "default"][0]["State"] = "DISABLED"

    tell(delivery, command, "Success")

    assert [] == cloud.sent


def test_the_hubs_bus_refuses_an_account_that_its_policy_does_not_name(
    delivery: EventDelivery, cloud: Cloud, command: Command
) -> None:
    cloud.policy = allowing("333333333333")

    tell(delivery, command, "Success")

    assert [] == cloud.sent
    assert [f"{HUB_BUS}: the bus's policy does not admit {MEMBER}"] == delivery.refused


def test_dropped_events_never_arrive(delivery: EventDelivery, cloud: Cloud, command: Command) -> None:
    delivery.faults.drop = 1.0

    tell(delivery, command, *["Success"] * 5)

    assert ([], 5) == (cloud.sent, delivery.dropped)


def test_a_share_of_events_is_dropped(delivery: EventDelivery, cloud: Cloud, command: Command) -> None:
    delivery.faults.drop = 0.5

    tell(delivery, command, *["Success"] * 40, settle=0.5)

    assert 40 == len(cloud.sent) + delivery.dropped
    assert 5 < len(cloud.sent) < 35


def test_events_arrive_twice_when_told_to(delivery: EventDelivery, cloud: Cloud, command: Command) -> None:
    delivery.faults.duplicate = True

    tell(delivery, command, "Success")

    assert 2 == len(cloud.sent)


def test_events_are_late_when_told_to(delivery: EventDelivery, cloud: Cloud, command: Command) -> None:
    delivery.faults.delay = 0.4

    tell(delivery, command, "Success", settle=0.1)
    early = len(cloud.sent)
    time.sleep(0.6)

    assert (0, 1) == (early, len(cloud.sent))


@pytest.mark.parametrize(
    ("principal", "more", "expected"),
    [
        (MEMBER, {}, True),
        ({"AWS": MEMBER}, {}, True),
        ({"AWS": [HUB, f"arn:aws:iam::{MEMBER}:root"]}, {}, True),
        ("*", {}, True),
        ("*", {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}}, False),
        (HUB, {}, False),
    ],
)
def test_a_buss_policy_admits_accounts_by_number(
    principal: Any, more: dict[str, Any], expected: object
) -> None:
    policy = json.dumps({"Statement": [{"Effect": "Allow", "Principal": principal, **more}]})

    assert expected is admits(policy, MEMBER)


def test_a_bus_without_a_policy_admits_nobody() -> None:
    assert not admits("", MEMBER)
