"""Task tokens back to the state machine."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.exceptions import ClientError

from cce.errors import StoreError
from cce.fleet.clients import CONFIG, NO_ANSWER, code_of, message_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_stepfunctions import SFNClient

#: Nobody waits for the token any more: it was returned before, its task timed out, its execution ended.
_GONE: Final = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})


class AwsCallbacks:
    """Returns tokens by Step Functions; see :class:`cce.pipeline.ports.Callbacks`."""

    def __init__(self) -> None:
        self._sfn: SFNClient = boto3.client("stepfunctions", config=CONFIG)

    def success(self, token: str, output: Mapping[str, Any]) -> None:
        """End the server's child execution well."""
        with _unless_gone():
            self._sfn.send_task_success(taskToken=token, output=json.dumps(output))

    def failure(self, token: str, error: str, cause: str) -> None:
        """End the server's child execution as failed."""
        with _unless_gone():
            self._sfn.send_task_failure(taskToken=token, error=error, cause=cause)


@contextmanager
def _unless_gone() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if code_of(error) not in _GONE:
            message = f"Step Functions refused a task token: {code_of(error)}: {message_of(error)}"
            raise StoreError(message) from error
    except NO_ANSWER as error:
        message = f"Step Functions does not answer: {error}"
        raise StoreError(message) from error
