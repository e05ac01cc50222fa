"""The statistics table: key ``series`` + ``point``.

A stage's sums lie under ``{service}/{stage}#{granularity}`` by the point's start, those of its resources
under ``{service}/{stage}#{granularity}#resources`` by start, path and method: a period is one query of each.
The stages lie under ``stages``. Each part of a batch leaves a marker under ``batch#{batch}`` in the
transaction that adds its sums, so a batch that comes twice, or again after half of it was added, is added
once (docs/adr/0028).
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

from cce.fleet.clients import CONFIG, code_of
from cce.gateway.statistics.period import KEPT
from cce.gateway.statistics.ports import CountedStage
from cce.gateway.statistics.tally import COUNTED, Resource, Tally
from cce.store.errors import as_store_error
from cce.store.pages import query_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

    from cce.gateway.statistics.granularity import Granularity
    from cce.gateway.statistics.period import Period
    from cce.gateway.statistics.tally import Cell

#: How long sums stay: what can be asked for, and a week for the longest point and for clocks.
STAY: Final = KEPT + timedelta(days=7)

#: How long a batch is known: as long as it can lie in the dead-letter queue and a day.
_KNOWN: Final = timedelta(days=15)

#: Sums of one transaction, which takes 100 writes; two functions that meet in one cell repeat theirs.
_PART: Final = 49

#: Attempts of a transaction that meets others in a cell, with up to so many seconds between them.
_ATTEMPTS: Final = 8
_LONGEST_WAIT: Final = 2.0

_STAGES: Final = "stages"


class DynamoStatistics:
    """Sums in DynamoDB; see :class:`cce.gateway.statistics.ports.StatisticsBook`."""

    def __init__(self, table: str) -> None:
        resource: DynamoDBServiceResource = boto3.resource("dynamodb", config=CONFIG)
        self._table: Table = resource.Table(table)

    def add(self, batch: str, cells: Mapping[Cell, Tally], now: datetime) -> None:
        """Add the sums of a batch; a batch that was added before, or in part, is added once."""
        writes = sorted((_keys(cell), cell.start, cells[cell]) for cell in cells)
        for number, first in enumerate(range(0, len(writes), _PART)):
            marker = {"series": f"batch#{batch}", "point": str(number), "expires_at": _epoch(now + _KNOWN)}
            put = {
                "TableName": self._table.name,
                "Item": marker,
                "ConditionExpression": "attribute_not_exists(#point)",
                "ExpressionAttributeNames": {"#point": "point"},
            }
            additions = [self._addition(*write) for write in writes[first : first + _PART]]
            self._write([{"Put": put}, *additions])
        for service, stage in sorted({(cell.service, cell.stage) for cell in cells}):
            self._note_update(service, stage, now)

    def stages(self) -> Sequence[CountedStage]:
        """Every stage of which something was counted, by service and stage."""
        return [_stage(item) for item in query_all(self._table, Key("series").eq(_STAGES))]

    def last_updated(self, service: str, stage: str) -> datetime | None:
        """When requests of the stage were counted last; ``None`` if never."""
        with as_store_error(self._table.name):
            key = {"series": _STAGES, "point": f"{service}/{stage}"}
            item = self._table.get_item(Key=key).get("Item")
        return _stage(item).last_updated if item else None

    def points(self, service: str, stage: str, period: Period) -> Mapping[datetime, Tally]:
        """The stage's sums by the start of the point; a point without a request is left out."""
        found = self._between(_series(service, stage, period.granularity), period)
        return {datetime.fromisoformat(str(item["point"])): _tally(item) for item in found}

    def resources(self, service: str, stage: str, period: Period) -> Mapping[Resource, Tally]:
        """The sums of each resource over the whole period."""
        sums: defaultdict[Resource, Tally] = defaultdict(Tally)
        for item in self._between(_series(service, stage, period.granularity) + _RESOURCES, period):
            sums[Resource(str(item["path"]), str(item["method"]))] += _tally(item)
        return sums

    def _between(self, series: str, period: Period) -> Iterator[dict[str, Any]]:
        # No point begins in the last second: it is behind the last point's keys and before the end's.
        last = _moment(period.end - timedelta(seconds=1))
        condition = Key("series").eq(series) & Key("point").between(_moment(period.start), last)
        return query_all(self._table, condition)

    def _addition(self, keys: tuple[str, str, str, str], start: datetime, tally: Tally) -> dict[str, Any]:
        series, point, path, method = keys
        values = {f":{name}": getattr(tally, name) for name in COUNTED}
        sets = {":expires_at": _epoch(start + STAY), ":path": path, ":method": method}
        update = {
            "TableName": self._table.name,
            "Key": {"series": series, "point": point},
            "UpdateExpression": (
                f"ADD {', '.join(f'{name} :{name}' for name in COUNTED)} "
                "SET expires_at = :expires_at, #path = :path, #method = :method"
            ),
            "ExpressionAttributeNames": {"#path": "path", "#method": "method"},
            "ExpressionAttributeValues": values | sets,
        }
        return {"Update": update}

    def _write(self, writes: list[dict[str, Any]]) -> None:
        """Write a part of a batch unless its marker is there."""
        for attempt in range(1, _ATTEMPTS + 1):
            with as_store_error(self._table.name):
                try:
                    self._table.meta.client.transact_write_items(TransactItems=writes)  # type: ignore[arg-type] # built by name
                except ClientError as error:
                    reasons = _reasons(error)
                    if "ConditionalCheckFailed" in reasons:
                        return
                    if attempt == _ATTEMPTS or not reasons & _PASSING:
                        raise
                else:
                    return
            time.sleep(random.uniform(0, _LONGEST_WAIT * attempt / _ATTEMPTS))  # noqa: S311 - spreads attempts

    def _note_update(self, service: str, stage: str, now: datetime) -> None:
        values: dict[str, Any] = {"updated": _moment(now), "service": service, "stage": stage}
        values["expires_at"] = _epoch(now + STAY)
        with as_store_error(self._table.name):
            try:
                self._table.update_item(
                    Key={"series": _STAGES, "point": f"{service}/{stage}"},
                    UpdateExpression=f"SET {', '.join(f'#{name} = :{name}' for name in values)}",
                    ConditionExpression=Attr("updated").not_exists() | Attr("updated").lt(_moment(now)),
                    ExpressionAttributeNames={f"#{name}": name for name in values},
                    ExpressionAttributeValues={f":{name}": value for name, value in values.items()},
                )
            except ClientError as error:
                if code_of(error) != "ConditionalCheckFailedException":
                    raise


_RESOURCES: Final = "#resources"

#: Reasons of a cancelled transaction that pass.
_PASSING: Final = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


def _reasons(error: ClientError) -> set[str]:
    reasons = error.response.get("CancellationReasons", ())
    return {str(reason.get("Code")) for reason in reasons}


def _series(service: str, stage: str, granularity: Granularity) -> str:
    return f"{service}/{stage}#{granularity.value}"


def _keys(cell: Cell) -> tuple[str, str, str, str]:
    """Series, point, path and method of a cell; the last two are empty for a stage."""
    series, start, resource = (
        _series(cell.service, cell.stage, cell.granularity),
        _moment(cell.start),
        cell.resource,
    )
    if resource is None:
        return series, start, "", ""
    return series + _RESOURCES, f"{start} {resource.path} {resource.method}", resource.path, resource.method


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _epoch(at: datetime) -> int:
    return int(at.timestamp())


def _tally(item: Mapping[str, Any]) -> Tally:
    return Tally(*(int(item[name]) for name in COUNTED))


def _stage(item: Mapping[str, Any]) -> CountedStage:
    return CountedStage(
        str(item["service"]), str(item["stage"]), datetime.fromisoformat(str(item["updated"]))
    )
