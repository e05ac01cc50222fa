"""The verdicts table: key ``srvid`` + ``verdict_key``, ``{assessment}#{benchmark}#{item}``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import boto3

from cce.fleet.clients import CONFIG
from cce.store.errors import as_store_error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

#: What a query needs, besides how many deviations from the guide it was judged with; the whole line with
#: every sub-check and deviation lies in S3.
_KEPT: Final = (
    "srvid",
    "assessment_id",
    "benchmark",
    "item",
    "rule",
    "severity",
    "verdict",
    "reason_ko",
    "reason_en",
)


class DynamoVerdicts:
    """Verdicts in DynamoDB; see :class:`cce.pipeline.ports.Verdicts`."""

    def __init__(self, table: str) -> None:
        resource: DynamoDBServiceResource = boto3.resource("dynamodb", config=CONFIG)
        self._table: Table = resource.Table(table)

    def add(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """Enter the verdict lines of one server; entering them again changes nothing."""
        with as_store_error(self._table.name), self._table.batch_writer() as batch:
            for line in lines:
                key = f"{line['assessment_id']}#{line['benchmark']}#{line['item']}"
                kept = {name: line[name] for name in _KEPT}
                batch.put_item(Item=kept | {"verdict_key": key, "tailored": len(line.get("tailored", ()))})
