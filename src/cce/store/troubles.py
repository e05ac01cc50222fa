"""The table of backends that do not answer: key ``backend``, attribute ``expires`` for the time to live.

Only failures and what ends them are written; a backend that answers costs one read every few seconds.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

import boto3
from botocore.exceptions import ClientError

from cce.fleet.clients import CONFIG, code_of
from cce.gateway.blocking import Trouble
from cce.store.errors import as_store_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

#: Seconds for which a function goes by what it read.
_FRESH: Final = 2.0

#: Seconds for which failures are remembered that nothing followed.
_DAY: Final = 86_400


class DynamoTroubles:
    """The state in DynamoDB; see :class:`cce.gateway.blocking.Troubles`."""

    def __init__(self, table: str, clock: Callable[[], float] = monotonic) -> None:
        resource: DynamoDBServiceResource = boto3.resource("dynamodb", config=CONFIG)
        self._table: Table = resource.Table(table)
        self._clock = clock
        self._read: dict[str, tuple[float, Trouble | None]] = {}

    def get(self, backend: str) -> Trouble | None:
        """What is known, at most two seconds old."""
        kept = self._read.get(backend)
        if kept and self._clock() - kept[0] < _FRESH:
            return kept[1]
        with as_store_error(self._table.name):
            item = self._table.get_item(Key={"backend": backend}, ConsistentRead=True).get("Item")
        found = Trouble(int(str(item.get("failures", 0))), int(str(item.get("until", 0)))) if item else None
        self._read[backend] = self._clock(), found
        return found

    def add(self, backend: str, now: int) -> int:
        """Count a failure, at once for all who count."""
        self._read.pop(backend, None)
        with as_store_error(self._table.name):
            answer = self._table.update_item(
                Key={"backend": backend},
                UpdateExpression="ADD failures :one SET expires = :expires",
                ExpressionAttributeValues={":one": 1, ":expires": now + _DAY},
                ReturnValues="UPDATED_NEW",
            )
        return int(str(answer["Attributes"]["failures"]))

    def block(self, backend: str, until: int) -> None:
        """Block the backend, unless it answered meanwhile."""
        self._moved(backend, until, "attribute_exists(backend)", {})

    def claim(self, backend: str, seen: int, until: int) -> bool:
        """Move the end of a block, if nobody did before."""
        return self._moved(backend, until, "#until = :seen", {":seen": seen})

    def clear(self, backend: str) -> None:
        """Forget the failures."""
        self._read.pop(backend, None)
        with as_store_error(self._table.name):
            self._table.delete_item(Key={"backend": backend})

    def _moved(self, backend: str, until: int, condition: str, values: dict[str, int]) -> bool:
        """Set the end of a block if the condition holds at that moment."""
        self._read.pop(backend, None)
        with as_store_error(self._table.name):
            try:
                self._table.update_item(
                    Key={"backend": backend},
                    UpdateExpression="SET #until = :until, expires = :expires",
                    ConditionExpression=condition,
                    ExpressionAttributeNames={"#until": "until"},
                    ExpressionAttributeValues={":until": until, ":expires": until + _DAY, **values},
                )
            except ClientError as error:
                if code_of(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True
