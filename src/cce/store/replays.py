"""The table of used signatures: key ``signature``, attribute ``expires`` for DynamoDB's time to live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from boto3.dynamodb.conditions import Attr
from botocore.exceptions import ClientError

from cce.fleet.clients import CONFIG, code_of
from cce.store.errors import as_store_error

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

    from cce.gateway.signing.ports import Place


class DynamoReplays:
    """Used signatures in DynamoDB; see :class:`cce.gateway.signing.ports.ReplayStore`."""

    def __init__(self, table: str) -> None:
        resource: DynamoDBServiceResource = boto3.resource("dynamodb", config=CONFIG)
        self._table: Table = resource.Table(table)

    def first(self, place: Place, replay_key: str, request_id: str, expires: datetime) -> bool:
        """Note the signature; ``False`` if another request used it before."""
        item: dict[str, str | int] = {
            "signature": f"{place}/{replay_key}",
            "request": request_id,
            # DynamoDB deletes up to days later, which hurts nobody: the date is refused by then.
            "expires": int(expires.timestamp()),
        }
        # The SDK repeats a write whose answer was lost; that is the same request, not a second one.
        condition = Attr("signature").not_exists() | Attr("request").eq(request_id)
        with as_store_error(self._table.name):
            try:
                self._table.put_item(Item=item, ConditionExpression=condition)
            except ClientError as error:
                if code_of(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True
