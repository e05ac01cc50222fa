"""Executions of the state machine, for the API."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.exceptions import ClientError

from cce.fleet.clients import CONFIG, code_of
from cce.store.errors import as_store_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_stepfunctions import SFNClient

_ENDED_BADLY: Final = frozenset({"FAILED", "TIMED_OUT", "ABORTED"})

#: Characters of a cause that an answer holds.
_CAUSE: Final = 500


class AwsExecutions:
    """Executions in Step Functions; see :class:`cce.api.ports.Executions`."""

    def __init__(self, state_machine: str) -> None:
        self._state_machine = state_machine
        self._states: SFNClient = boto3.client("stepfunctions", config=CONFIG)

    def start(self, name: str, request: Mapping[str, Any]) -> bool:
        """Start an execution under that name; ``False`` if the name is taken."""
        with as_store_error("states:StartExecution"):
            try:
                # The same name with the same input is the same execution: a repeated call starts no second.
                self._states.start_execution(
                    stateMachineArn=self._state_machine, name=name, input=json.dumps(request)
                )
            except ClientError as error:
                if code_of(error) == "ExecutionAlreadyExists":
                    return False
                raise
        return True

    def refusal(self, name: str) -> str | None:
        """Why the execution ended badly, empty if it did not; ``None`` if there is none of that name."""
        arn = f"{self._state_machine.replace(':stateMachine:', ':execution:')}:{name}"
        with as_store_error("states:DescribeExecution"):
            try:
                found = self._states.describe_execution(executionArn=arn)
            except ClientError as error:
                if code_of(error) == "ExecutionDoesNotExist":
                    return None
                raise
        if found["status"] not in _ENDED_BADLY:
            return ""
        return _reason(found["status"], found.get("error", ""), found.get("cause", ""))


@dataclass
class MemoryExecutions:
    """Executions in a dict: their input and, ended badly, why; the twin of :class:`AwsExecutions`."""

    started: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    ended_badly: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, request: Mapping[str, Any]) -> bool:
        """Start an execution under that name; ``False`` if the name is taken."""
        return self.started.setdefault(name, request) is request

    def refusal(self, name: str) -> str | None:
        """Why the execution ended badly, empty if it did not; ``None`` if there is none of that name."""
        return self.ended_badly.get(name, "") if name in self.started else None


def _reason(status: str, error: str, cause: str) -> str:
    with suppress(ValueError, TypeError, KeyError):  # a Lambda's cause is JSON
        cause = str(json.loads(cause)["errorMessage"])
    return ": ".join(part for part in (error or status, cause[:_CAUSE]) if part)
