"""The inventory table: key ``kind`` (always ``server``) + ``srvid``; index ``instance`` finds an instance id.

One partition keeps the list in order for paging, and takes 3,000 reads and 1,000 writes a second, where ten
thousand servers that people look after need a few (docs/adr/0021).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError
from pydantic import ValidationError

from cce.api.assets import Asset
from cce.errors import RecordError
from cce.fleet.clients import CONFIG, code_of
from cce.store.errors import as_store_error
from cce.store.pages import query_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from boto3.dynamodb.conditions import ConditionBase
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

    from cce.api.conditions import Condition

_KIND: Final = "server"

#: The alias's name of the field of the API; it is the index's key too.
_INSTANCE: Final = "instance-id"

#: Rows of one query; a page of the API needs at most a hundred that meet its filters.
_ROWS: Final = 250

#: Greater than every character of a srvid.
_LAST: Final = "\uffff"


class DynamoInventory:
    """The inventory in DynamoDB; see :class:`cce.api.ports.Inventory`."""

    def __init__(self, table: str) -> None:
        resource: DynamoDBServiceResource = boto3.resource("dynamodb", config=CONFIG)
        self._table: Table = resource.Table(table)

    def get(self, srvid: str) -> Asset | None:
        """Find a server."""
        with as_store_error(self._table.name):
            key = {"kind": _KIND, "srvid": srvid}
            item = self._table.get_item(Key=key, ConsistentRead=True).get("Item")
        return _asset(item) if item else None

    def named(self, instance_id: str) -> list[str]:
        """The srvids that have that instance id; a record of the last moment may be missing yet."""
        found = query_all(self._table, Key(_INSTANCE).eq(instance_id), "instance")
        return sorted(str(item["srvid"]) for item in found)

    def after(self, prefix: str, key: str) -> Iterator[Asset]:
        """Servers whose srvid begins with the prefix and is greater than the key, in that order."""
        if prefix:
            if key >= prefix + _LAST:
                return
            condition: ConditionBase = Key("srvid").between(max(prefix, key), prefix + _LAST)
        else:
            condition = Key("srvid").gt(key or " ")
        found = query_all(self._table, Key("kind").eq(_KIND) & condition, rows=_ROWS)
        yield from (_asset(item) for item in found if item["srvid"] > key)

    def put(self, asset: Asset, condition: Condition) -> bool:
        """Write the whole record if the condition holds at that moment; ``False`` if not, and nothing is."""
        item = asset.as_json() | {"kind": _KIND, "etag": asset.etag}
        with as_store_error(self._table.name):
            try:
                self._table.put_item(Item=item, ConditionExpression=_expression(condition))
            except ClientError as error:
                if code_of(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True


def _expression(condition: Condition) -> ConditionBase:
    if not condition.exists:
        return Attr("srvid").not_exists()
    return Attr("etag").is_in(list(condition.tags)) if condition.tags else Attr("srvid").exists()


def _asset(item: Mapping[str, Any]) -> Asset:
    known = {field.alias or name for name, field in Asset.model_fields.items()}
    try:
        return Asset.model_validate({name: value for name, value in item.items() if name in known})
    except ValidationError as error:
        message = f"the inventory's record of {item.get('srvid')} is malformed: {error.error_count()} fields"
        raise RecordError(message) from error
