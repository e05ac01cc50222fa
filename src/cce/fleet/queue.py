"""Sending to a queue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.exceptions import ClientError

from cce.errors import StoreError
from cce.fleet.clients import CONFIG, NO_ANSWER, code_of, message_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_sqs import SQSClient

#: SendMessageBatch takes at most ten messages (SQS API reference).
_BATCH: Final = 10


class AwsQueue:
    """An SQS queue; see :class:`cce.pipeline.ports.Queue`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._sqs: SQSClient = boto3.client("sqs", config=CONFIG)

    def send(self, bodies: Sequence[Mapping[str, Any]]) -> None:
        """Send JSON messages."""
        for start in range(0, len(bodies), _BATCH):
            chunk = bodies[start : start + _BATCH]
            try:
                answer = self._sqs.send_message_batch(
                    QueueUrl=self._url,
                    Entries=[{"Id": str(n), "MessageBody": json.dumps(body)} for n, body in enumerate(chunk)],
                )
            except ClientError as error:
                message = f"queue {self._url} refused messages: {code_of(error)}: {message_of(error)}"
                raise StoreError(message) from error
            except NO_ANSWER as error:
                message = f"queue {self._url} does not answer: {error}"
                raise StoreError(message) from error
            if failed := answer.get("Failed"):
                message = f"queue {self._url} took {len(chunk) - len(failed)} of {len(chunk)} messages"
                raise StoreError(message)
