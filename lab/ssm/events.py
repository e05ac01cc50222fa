"""Status-change events, delivered as EventBridge delivers them.

``PutEvents`` refuses the source ``aws.ssm`` from anyone but the service. So the lab acts as the service: it
reads the account's rules, asks ``TestEventPattern`` whether each matches, and sends to the targets of those
that do: to another event bus (matching that bus's rules in turn), to a queue, to a function.
"""

from __future__ import annotations

import json
import queue
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from lab.clients import Clients
    from lab.ssm.state import Command, Place

DETAIL_TYPE: Final = "EC2 Command Invocation Status-change Notification"
RULES_LIVE_SECONDS: Final = 2.0
_SENDERS: Final = 4
_MAX_HOPS: Final = 3


@dataclass
class Faults:
    """How EventBridge's best effort fails.

    Parameters
    ----------
    drop
        Share of events that never arrive, 0 to 1.
    duplicate
        Whether each event arrives twice.
    delay
        Seconds an event is late.
    """

    drop: float = 0.0
    duplicate: bool = False
    delay: float = 0.0
    _random: random.Random = field(default_factory=lambda: random.Random(2))  # noqa: S311 - no secret

    def copies(self) -> int:
        """How many times the next event arrives."""
        if self._random.random() < self.drop:
            return 0
        return 2 if self.duplicate else 1


class EventDelivery:
    """Delivers events in the background.

    ``delivered`` and ``dropped`` count what became of them; ``refused`` lists why a target got none.
    """

    def __init__(self, clients: Clients) -> None:
        self.faults = Faults()
        self.delivered = 0
        self.dropped = 0
        self.refused: list[str] = []
        self._clients = clients
        self._rules: dict[tuple[str, str, str], tuple[float, list[dict[str, Any]]]] = {}
        self._waiting: queue.Queue[tuple[float, dict[str, Any]] | None] = queue.Queue()
        self._threads = [
            threading.Thread(target=self._work, name="events", daemon=True) for _ in range(_SENDERS)
        ]
        for thread in self._threads:
            thread.start()

    def changed(self, place: Place, command: Command, instance_id: str, status: str) -> None:
        """An invocation has another status."""
        copies = self.faults.copies()
        self.dropped += copies == 0
        for _ in range(copies):
            self._waiting.put(
                (time.monotonic() + self.faults.delay, status_event(place, command, instance_id, status))
            )

    def stop(self) -> None:
        """Stop after the event in hand; those that wait are lost, as best effort may."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (item := self._waiting.get()) is not None:
            due, event = item
            time.sleep(max(0.0, due - time.monotonic()))
            try:
                self._deliver(event, event["account"], event["region"], "default", _MAX_HOPS)
            except self._clients.failures as problem:
                self.refused.append(f"{event['detail']['instance-id']}: {problem}")

    def _deliver(self, event: dict[str, Any], account: str, region: str, bus: str, hops: int) -> None:
        for rule in self._matching(event, account, region, bus):
            events = self._clients.client("events", account, region)
            for target in events.list_targets_by_rule(Rule=rule["Name"], EventBusName=bus)["Targets"]:
                self._send(event, account, target["Arn"], hops)

    def _matching(self, event: dict[str, Any], account: str, region: str, bus: str) -> list[dict[str, Any]]:
        events = self._clients.client("events", account, region)
        key = (account, region, bus)
        read, rules = self._rules.get(key, (0.0, []))
        if time.monotonic() - read > RULES_LIVE_SECONDS or not rules:
            rules = events.list_rules(EventBusName=bus)["Rules"]
            self._rules[key] = (time.monotonic(), rules)
        text = json.dumps(event)
        return [
            rule
            for rule in rules
            if rule.get("State") == "ENABLED"
            and rule.get("EventPattern")
            and events.test_event_pattern(EventPattern=rule["EventPattern"], Event=text)["Result"]
        ]

    def _send(self, event: dict[str, Any], sender: str, arn: str, hops: int) -> None:
        _, _, service, region, account, resource = arn.split(":", 5)
        if service == "events" and hops > 0:
            bus = resource.partition("/")[2]
            events = self._clients.client("events", account, region)
            if sender == account or admits(events.describe_event_bus(Name=bus).get("Policy", ""), sender):
                self._deliver(event, account, region, bus, hops - 1)
            else:
                self.refused.append(f"{arn}: the bus's policy does not admit {sender}")
        elif service == "sqs":
            queues = self._clients.client("sqs", account, region)
            url = queues.get_queue_url(QueueName=resource)["QueueUrl"]
            queues.send_message(QueueUrl=url, MessageBody=json.dumps(event))
            self.delivered += 1
        elif service == "lambda":
            functions = self._clients.client("lambda", account, region)
            functions.invoke(FunctionName=arn, InvocationType="Event", Payload=json.dumps(event).encode())
            self.delivered += 1
        else:
            self.refused.append(f"{arn}: the lab delivers events to buses, queues and functions only")


def status_event(place: Place, command: Command, instance_id: str, status: str) -> dict[str, Any]:
    """The event as AWS sends it."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": DETAIL_TYPE,
        "source": "aws.ssm",
        "account": place.account,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": place.region,
        "resources": [f"arn:aws:ec2:{place.region}:{place.account}:instance/{instance_id}"],
        "detail": {
            "command-id": command.command_id,
            "document-name": command.document.name,
            "instance-id": instance_id,
            "requested-date-time": datetime.fromtimestamp(command.requested, UTC).strftime(
                "%Y-%m-%dT%H:%M:%S.%f"
            )[:23]
            + "Z",
            "status": status,
        },
    }


def admits(policy: str, account: str) -> bool:
    """Whether a bus's policy lets ``account`` put events, by its number; organizations are not known here."""
    statements = json.loads(policy)["Statement"] if policy else []
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal", "")
        named = principal.get("AWS", []) if isinstance(principal, dict) else principal
        names = {named} if isinstance(named, str) else set(named)
        if statement.get("Effect") != "Allow":
            continue
        if names & {account, f"arn:aws:iam::{account}:root"} or (
            "*" in names and "Condition" not in statement
        ):
            return True
    return False
