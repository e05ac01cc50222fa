"""Follows an assessment while it runs: the state machine's status, and every target's."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lab.aws import HUB_ACCOUNT, REGION
from lab.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lab.clients import Clients

POLL_SECONDS: Final = 0.5
RUNNING: Final = "RUNNING"


@dataclass(frozen=True)
class Progress:
    """Where an execution stands.

    ``assessment_id`` is empty before the plan; ``targets`` maps srvid to the target's item: ``name``,
    ``status``, ``step``, ``reason_en``, as far as set.
    """

    status: str
    assessment_id: str
    targets: Mapping[str, Mapping[str, str]]
    output: Mapping[str, Any]
    error: str = ""
    cause: str = ""


def start(clients: Clients, machine: str, request: Mapping[str, Any]) -> str:
    """Start an execution with an input; returns its ARN."""
    states = clients.client("stepfunctions", HUB_ACCOUNT, REGION)
    return str(states.start_execution(stateMachineArn=machine, input=json.dumps(request))["executionArn"])


def follow(clients: Clients, execution: str, table: str, *, limit: float = 600.0) -> Iterator[Progress]:
    """Yield the progress every half second, the final one last.

    Raises
    ------
    LabError
        When the execution still runs after ``limit`` seconds.
    """
    deadline = time.monotonic() + limit
    while (now := progress(clients, execution, table)).status == RUNNING:
        yield now
        if time.monotonic() > deadline:
            message = f"the assessment {execution} still runs after {limit:.0f} s"
            raise LabError(message)
        time.sleep(POLL_SECONDS)
    yield now


def progress(clients: Clients, execution: str, table: str) -> Progress:
    """Where the execution stands now."""
    states = clients.client("stepfunctions", HUB_ACCOUNT, REGION)
    # Before the targets: when it has ended, they are final.
    described = states.describe_execution(executionArn=execution)
    output = described.get("output")
    assessment_id, targets = _targets(clients, execution, table)
    return Progress(
        status=described["status"],
        assessment_id=assessment_id,
        targets=targets,
        output=json.loads(output) if output else {},
        error=described.get("error", ""),
        cause=described.get("cause", ""),
    )


def _targets(clients: Clients, execution: str, table: str) -> tuple[str, dict[str, dict[str, str]]]:
    pages = clients.client("dynamodb", HUB_ACCOUNT, REGION).get_paginator("scan").paginate(TableName=table)
    items = [
        {key: next(iter(value.values())) for key, value in item.items()}
        for page in pages
        for item in page["Items"]
    ]
    ours = next((item["assessment_id"] for item in items if item.get("execution_arn") == execution), "")
    targets = {
        item["srvid"]: item
        for item in items
        if item["assessment_id"] == ours and str(item["entry"]).startswith("TARGET#")
    }
    return ours, targets
