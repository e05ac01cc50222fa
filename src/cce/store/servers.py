"""The servers table: key ``place`` (``{account}/{region}``) + ``instance_id``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

from cce.assessment import ServerId
from cce.fleet.clients import CONFIG, code_of
from cce.pipeline.records import ServerRecord
from cce.store.errors import as_store_error
from cce.store.pages import query_all

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table


class DynamoServers:
    """Servers in DynamoDB; see :class:`cce.pipeline.ports.Servers`."""

    def __init__(self, table: str) -> None:
        resource: DynamoDBServiceResource = boto3.resource("dynamodb", config=CONFIG)
        self._table: Table = resource.Table(table)

    def known(self, account: str, region: str) -> list[ServerRecord]:
        """Servers of an account that an earlier assessment saw."""
        place = f"{account}/{region}"
        return [_record(place, item) for item in query_all(self._table, Key("place").eq(place))]

    def assessed(self, record: ServerRecord) -> None:
        """Note the newest assessment of a server; an older one never replaces a newer one."""
        server = ServerId.parse(record.srvid)
        values = {
            "name": record.name,
            "os": record.os,
            "assessment_id": record.assessment_id,
            "assessed_at": record.assessed_at,
            "counts": json.dumps(record.counts),
        }
        with as_store_error(self._table.name):
            try:
                self._table.update_item(
                    Key={"place": f"{server.account}/{server.region}", "instance_id": server.instance_id},
                    UpdateExpression=f"SET {', '.join(f'#{name} = :{name}' for name in values)}",
                    ExpressionAttributeNames={f"#{name}": name for name in values},
                    ExpressionAttributeValues={f":{name}": value for name, value in values.items()},
                    # Assessment ids sort by time.
                    ConditionExpression=Attr("assessment_id").not_exists()
                    | Attr("assessment_id").lte(record.assessment_id),
                )
            except ClientError as error:
                if code_of(error) != "ConditionalCheckFailedException":
                    raise


def _record(place: str, item: Mapping[str, object]) -> ServerRecord:
    return ServerRecord(
        srvid=f"{place}/{item['instance_id']}",
        name=str(item.get("name", "")),
        os=str(item.get("os", "")),
        assessment_id=str(item.get("assessment_id", "")),
        assessed_at=str(item.get("assessed_at", "")),
        counts=json.loads(str(item.get("counts", "{}"))),
    )
