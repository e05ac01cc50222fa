"""The verdicts table: key ``srvid`` + ``verdict_key``, ``{assessment}#{benchmark}#{item}``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import boto3
from boto3.dynamodb.conditions import Key

from cce.fleet.clients import CONFIG
from cce.store.errors import as_store_error
from cce.store.pages import query_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from boto3.dynamodb.conditions import ConditionBase
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
    """Verdicts in DynamoDB; see :mod:`cce.pipeline.ports` for writing, :mod:`cce.api.ports` for reading."""

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

    def newest(self, srvid: str, before: str = "") -> str:
        """The server's newest assessment with a verdict, or the newest before that one; empty if none."""
        condition: ConditionBase = Key("srvid").eq(srvid)
        if before:
            condition &= Key("verdict_key").lt(f"{before}#")
        with as_store_error(self._table.name):
            found = self._table.query(
                KeyConditionExpression=condition, ScanIndexForward=False, Limit=1, ConsistentRead=True
            )["Items"]
        return str(found[0]["assessment_id"]) if found else ""

    def of(self, srvid: str, assessment_id: str) -> list[dict[str, Any]]:
        """The verdicts of the server in the assessment, in the order of benchmark and item."""
        key = Key("srvid").eq(srvid) & Key("verdict_key").begins_with(f"{assessment_id}#")
        return list(query_all(self._table, key))
