"""The gateway's book on AWS: records in DynamoDB, snapshots in the data bucket.

The table's key is ``service`` + ``entry``. A service lies under ``services`` by its name, a stage under the
service's id by ``stage#NAME``. Every write is conditional: two people who deploy at once do not both win.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import boto3
from boto3.dynamodb.conditions import Attr, ConditionBase, Key
from botocore.exceptions import ClientError

from cce.fleet.clients import CONFIG, code_of
from cce.gateway.records import ServiceRecord, StageRecord
from cce.store.errors import as_store_error
from cce.store.pages import query_all
from cce.store.snapshots import DeployedSnapshots, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

    from cce.gateway.snapshot import Snapshot

_SERVICES: Final = "services"


class _Objects(Protocol):
    @property
    def get(self) -> Callable[[str], bytes | None]: ...

    def put(self, key: str, body: bytes) -> None: ...


class DynamoBook:
    """See :class:`cce.gateway.records.Book`."""

    def __init__(self, table: str, objects: _Objects) -> None:
        resource: DynamoDBServiceResource = boto3.resource("dynamodb", config=CONFIG)
        self._table: Table = resource.Table(table)
        self._objects = objects

    def services(self) -> Sequence[ServiceRecord]:
        """Every service, by name."""
        with as_store_error(self._table.name):
            items = query_all(self._table, Key("service").eq(_SERVICES))
            return [ServiceRecord.model_validate_json(str(item["record"])) for item in items]

    def put_service(self, record: ServiceRecord) -> bool:
        """Note a service, or the API of one that is known; ``False`` if the name belongs to another id."""
        item = {"service": _SERVICES, "entry": record.name, "id": record.id}
        free = Attr("entry").not_exists() | Attr("id").eq(record.id)
        return self._put(item, record.model_dump_json(), free)

    def stages(self, service: str) -> Sequence[StageRecord]:
        """The stages of a service, by name."""
        with as_store_error(self._table.name):
            items = query_all(self._table, Key("service").eq(service) & Key("entry").begins_with("stage#"))
            return [StageRecord.model_validate_json(str(item["record"])) for item in items]

    def stage(self, service: str, stage: str) -> StageRecord | None:
        """One stage."""
        with as_store_error(self._table.name):
            key = {"service": service, "entry": f"stage#{stage}"}
            found = self._table.get_item(Key=key, ConsistentRead=True).get("Item")
        return StageRecord.model_validate_json(str(found["record"])) if found else None

    def put_stage(self, record: StageRecord) -> bool:
        """Write a record whose version follows the one that is there."""
        item: dict[str, str | int] = {
            "service": record.service,
            "entry": f"stage#{record.stage}",
            "version": record.version,
        }
        before = Attr("entry").not_exists() if record.version == 1 else Attr("version").eq(record.version - 1)
        return self._put(item, record.model_dump_json(), before)

    def delete_stage(self, service: str, stage: str) -> None:
        """Forget a stage."""
        with as_store_error(self._table.name):
            self._table.delete_item(Key={"service": service, "entry": f"stage#{stage}"})

    def keep(self, snapshot: Snapshot) -> None:
        """Store a snapshot where relay and authorizer read it."""
        self._objects.put(key_of(f"{snapshot.service}/{snapshot.digest}"), snapshot.text().encode())

    def snapshot(self, service: str, digest: str) -> Snapshot | None:
        """A stored snapshot."""
        name = f"{service}/{digest}"
        if self._objects.get(key_of(name)) is None:
            return None
        return DeployedSnapshots(self._objects).get(name)

    def _put(self, item: Mapping[str, str | int], record: str, condition: ConditionBase) -> bool:
        with as_store_error(self._table.name):
            try:
                self._table.put_item(Item={**item, "record": record}, ConditionExpression=condition)
            except ClientError as error:
                if code_of(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True
