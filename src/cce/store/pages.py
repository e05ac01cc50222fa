"""Reading a query of DynamoDB to its last page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cce.store.errors import as_store_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boto3.dynamodb.conditions import ConditionBase
    from mypy_boto3_dynamodb.service_resource import Table


def query_all(
    table: Table, condition: ConditionBase, index: str = "", rows: int = 0
) -> Iterator[dict[str, Any]]:
    """Every item that meets the key condition, in the key's order.

    The table itself is read as it is now; an index has no consistent read. ``rows`` are read at a time: few
    for who will stop early. Without it DynamoDB's own pages are taken, 1 MB each.
    """
    how: dict[str, Any] = {"IndexName": index} if index else {"ConsistentRead": True}
    if rows:
        how["Limit"] = rows
    with as_store_error(table.name):
        while True:
            page = table.query(KeyConditionExpression=condition, **how)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            how["ExclusiveStartKey"] = page["LastEvaluatedKey"]
