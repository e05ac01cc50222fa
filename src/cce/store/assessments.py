"""The assessments table.

Key ``assessment_id`` + ``entry``: ``ASSESSMENT``, ``TARGET#{srvid}``, ``ACCOUNT#{account}/{region}``.
An assessment carries ``kind``: it stands in the index ``newest``.
A target that is claimed or sent carries ``open_shard`` and ``open_since``: it stands in the index ``open``.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

from cce.assessment import TargetStatus
from cce.fleet.clients import CONFIG, code_of
from cce.pipeline.records import AssessmentRecord, Listing, TargetRecord
from cce.store.errors import as_store_error
from cce.store.pages import query_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from boto3.dynamodb.conditions import ConditionBase
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

#: Open targets are spread over this many keys of the index; one key takes 1,000 writes a second.
SHARDS: Final = 8

_ASSESSMENT: Final = "ASSESSMENT"
_TARGET: Final = "TARGET#"
_ACCOUNT: Final = "ACCOUNT#"

#: Assessments alone carry it: it is the key of the index ``newest``, in which no target stands.
_KIND: Final = "assessment"


class DynamoAssessments:
    """Assessments in DynamoDB; see :class:`cce.pipeline.ports.Assessments`."""

    def __init__(self, table: str) -> None:
        resource: DynamoDBServiceResource = boto3.resource("dynamodb", config=CONFIG)
        self._table: Table = resource.Table(table)

    def claim(self, record: AssessmentRecord) -> AssessmentRecord:
        """Enter the assessment unless it is there; return the one that is there then."""
        item = asdict(record) | {"entry": _ASSESSMENT, "scope": json.dumps(record.scope), "kind": _KIND}
        if self._put_new(item):
            return record
        return self.get(record.assessment_id) or record

    def get(self, assessment_id: str) -> AssessmentRecord | None:
        """Find an assessment."""
        item = self._get(assessment_id, _ASSESSMENT)
        if item is None:
            return None
        return _record(item)

    def newest(self, before: str, limit: int) -> list[AssessmentRecord]:
        """Assessments, the newest first; only those before that id unless it is empty."""
        condition: ConditionBase = Key("kind").eq(_KIND)
        if before:
            condition &= Key("assessment_id").lt(before)
        with as_store_error(self._table.name):
            found = self._table.query(
                IndexName="newest", KeyConditionExpression=condition, ScanIndexForward=False, Limit=limit
            )
        return [_record(item) for item in found["Items"]]

    def end(self, assessment_id: str, outcome: str, ended_at: str) -> None:
        """Note how the assessment ended."""
        self._update(assessment_id, _ASSESSMENT, {"outcome": outcome, "ended_at": ended_at})

    def add_targets(self, targets: Iterable[TargetRecord]) -> None:
        """Enter expected servers; entering one again before it was claimed changes nothing."""
        with as_store_error(self._table.name), self._table.batch_writer() as batch:
            for target in targets:
                given = {name: value for name, value in asdict(target).items() if value}
                batch.put_item(Item=given | {"entry": f"{_TARGET}{target.srvid}"})

    def add_listing(self, listing: Listing) -> None:
        """Note that an account's servers were listed, or why they could not be."""
        with as_store_error(self._table.name):
            self._table.put_item(Item=asdict(listing) | {"entry": f"{_ACCOUNT}{listing.place}"})

    def targets(self, assessment_id: str) -> list[TargetRecord]:
        """Every expected server of the assessment, sorted by srvid."""
        return [_target(item) for item in self._entries(assessment_id, _TARGET)]

    def listings(self, assessment_id: str) -> list[Listing]:
        """The accounts that were listed or could not be."""
        return [Listing(**_known(Listing, item)) for item in self._entries(assessment_id, _ACCOUNT)]

    def target(self, assessment_id: str, srvid: str) -> TargetRecord | None:
        """Find one target."""
        item = self._get(assessment_id, f"{_TARGET}{srvid}")
        return _target(item) if item else None

    def claim_target(self, assessment_id: str, srvid: str, task_token: str, now: str) -> bool:
        """Take a waiting target for sending; ``False`` if it was taken or ended before."""
        values = {
            "step": "claimed",
            "task_tokens": {task_token},
            "claimed_at": now,
            "open_shard": f"open-{crc32(srvid.encode()) % SHARDS}",
            "open_since": now,
        }
        unclaimed = Attr("status").eq(TargetStatus.WAITING.value) & Attr("step").not_exists()
        return self._update(assessment_id, f"{_TARGET}{srvid}", values, unclaimed)

    def add_token(self, assessment_id: str, srvid: str, task_token: str) -> None:
        """Note the token of a repeated message too: any of them may be the one that is waited for."""
        with as_store_error(self._table.name):
            self._table.update_item(
                Key={"assessment_id": assessment_id, "entry": f"{_TARGET}{srvid}"},
                UpdateExpression="ADD task_tokens :token",
                ConditionExpression=Attr("entry").exists(),
                ExpressionAttributeValues={":token": {task_token}},
            )

    def release_target(self, assessment_id: str, srvid: str) -> None:
        """Undo a claim whose command was certainly not sent."""
        remove = ("step", "claimed_at", "open_shard", "open_since")
        self._update(assessment_id, f"{_TARGET}{srvid}", {}, Attr("step").eq("claimed"), remove)

    def mark_sent(self, assessment_id: str, srvid: str, command_id: str, deadline: str) -> None:
        """Note the command that runs on the server."""
        values = {"step": "sent", "command_id": command_id, "deadline": deadline}
        self._update(assessment_id, f"{_TARGET}{srvid}", values, _WAITING)

    def mark_handed(self, assessment_id: str, srvid: str, now: str) -> None:
        """Note that reconcile handed the ended command to collect."""
        self._update(assessment_id, f"{_TARGET}{srvid}", {"handed_at": now}, _WAITING)

    def finish(self, record: TargetRecord) -> bool:
        """Give the target its final status; ``False`` if it had one, which stays."""
        names = ("status", "reason_ko", "reason_en", "os", "collected_at", "verdict_keys")
        values = {name: getattr(record, name) for name in names}
        values["status"] = record.status.value
        values["verdict_keys"] = list(record.verdict_keys)
        key = f"{_TARGET}{record.srvid}"
        return self._update(record.assessment_id, key, values, _WAITING, ("open_shard", "open_since"))

    def open_targets(self) -> Iterator[TargetRecord]:
        """Targets of all assessments that are claimed or sent and not ended."""
        for shard in range(SHARDS):
            yield from map(_target, query_all(self._table, Key("open_shard").eq(f"open-{shard}"), "open"))

    def _put_new(self, item: dict[str, Any]) -> bool:
        with as_store_error(self._table.name):
            try:
                self._table.put_item(Item=item, ConditionExpression=Attr("entry").not_exists())
            except ClientError as error:
                if code_of(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True

    def _get(self, assessment_id: str, entry: str) -> dict[str, Any] | None:
        with as_store_error(self._table.name):
            key = {"assessment_id": assessment_id, "entry": entry}
            return self._table.get_item(Key=key, ConsistentRead=True).get("Item")

    def _entries(self, assessment_id: str, prefix: str) -> list[dict[str, Any]]:
        return list(
            query_all(self._table, Key("assessment_id").eq(assessment_id) & Key("entry").begins_with(prefix))
        )

    def _update(
        self,
        assessment_id: str,
        entry: str,
        values: dict[str, Any],
        condition: ConditionBase | None = None,
        remove: tuple[str, ...] = (),
    ) -> bool:
        names = {f"#{name}": name for name in (*values, *remove)}
        sets = f"SET {', '.join(f'#{name} = :{name}' for name in values)}" if values else ""
        removes = f"REMOVE {', '.join(f'#{name}' for name in remove)}" if remove else ""
        extra: dict[str, Any] = (
            {"ExpressionAttributeValues": {f":{k}": v for k, v in values.items()}} if values else {}
        )
        with as_store_error(self._table.name):
            try:
                self._table.update_item(
                    Key={"assessment_id": assessment_id, "entry": entry},
                    UpdateExpression=f"{sets} {removes}".strip(),
                    ExpressionAttributeNames=names,
                    ConditionExpression=condition or Attr("entry").exists(),
                    **extra,
                )
            except ClientError as error:
                if code_of(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True


_WAITING: Final = Attr("status").eq(TargetStatus.WAITING.value)


def _target(item: dict[str, Any]) -> TargetRecord:
    known = _known(TargetRecord, item)
    known["status"] = TargetStatus(known["status"])
    known["verdict_keys"] = tuple(known.get("verdict_keys", ()))
    known["task_tokens"] = tuple(sorted(known.get("task_tokens", ())))
    known["overlays"] = tuple(map(int, known.get("overlays", ())))
    return TargetRecord(**known)


def _record(item: dict[str, Any]) -> AssessmentRecord:
    return AssessmentRecord(**_known(AssessmentRecord, item) | {"scope": json.loads(str(item["scope"]))})


def _known(record: type[Any], item: dict[str, Any]) -> dict[str, Any]:
    return {f.name: item[f.name] for f in fields(record) if f.name in item}
