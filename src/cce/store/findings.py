"""The findings table: key ``srvid`` + ``finding_key``, ``{benchmark}#{item}``.

A row is a track. Its sightings are texts, ``{at} {assessment} {verdict}``; ``state`` stands beside them for
who looks into the table: open, fixed, recurred, or ``none`` for an item that was never vulnerable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.exceptions import ClientError

from cce.errors import RecordError
from cce.findings.life import finding_of
from cce.findings.track import Sighting, Track
from cce.fleet.clients import CONFIG, code_of
from cce.store.errors import as_store_error
from cce.text import Text
from cce.verdict import Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

#: Rows of one transaction (DynamoDB API reference, TransactWriteItems).
_TRANSACTION: Final = 100

#: Reasons of a cancelled transaction that mean another writer (the same page).
_OVERTAKEN: Final = frozenset({"ConditionalCheckFailed", "TransactionConflict"})


class DynamoFindings:
    """Tracks in DynamoDB; see :class:`cce.pipeline.ports.Findings`."""

    def __init__(self, table: str) -> None:
        # The client of a resource takes and gives plain values, and is safe to share between threads.
        self._dynamodb: DynamoDBClient = boto3.resource("dynamodb", config=CONFIG).meta.client
        self._table = table

    def of(self, srvid: str) -> list[Track]:
        """Every track of the server, sorted by its key."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="srvid = :srvid",
            ExpressionAttributeValues={":srvid": srvid},
            ConsistentRead=True,
        )
        with as_store_error(self._table):
            return [_track(row) for page in pages for row in page["Items"]]

    def save(self, changes: Sequence[tuple[Track | None, Track]]) -> bool:
        """Put a track in the place of what was read; ``False`` if another writer came between."""
        return all(self._save(part) for part in _parts(changes))

    def _save(self, changes: Sequence[tuple[Track | None, Track]]) -> bool:
        with as_store_error(self._table):
            try:
                self._dynamodb.transact_write_items(TransactItems=[self._put(*change) for change in changes])
            except ClientError as error:
                if _overtaken(error):
                    return False
                raise
        return True

    def _put(self, old: Track | None, new: Track) -> Any:  # noqa: ANN401 - a literal of boto3's
        put: dict[str, Any] = {"TableName": self._table, "Item": _row(new)}
        if old is None:
            return {"Put": put | {"ConditionExpression": "attribute_not_exists(finding_key)"}}
        condition = {
            "ConditionExpression": "sightings = :read",
            "ExpressionAttributeValues": {":read": _sightings(old)},
        }
        return {"Put": put | condition}


def _parts(
    changes: Sequence[tuple[Track | None, Track]],
) -> list[Sequence[tuple[Track | None, Track]]]:
    return [changes[n : n + _TRANSACTION] for n in range(0, len(changes), _TRANSACTION)]


def _overtaken(error: ClientError) -> bool:
    if code_of(error) != "TransactionCanceledException":
        return False
    reasons = {reason.get("Code", "None") for reason in error.response.get("CancellationReasons", [])}
    return bool(reasons & _OVERTAKEN) and reasons <= {*_OVERTAKEN, "None"}


def _row(track: Track) -> dict[str, Any]:
    finding = finding_of(track)
    return {
        "srvid": track.srvid,
        "finding_key": track.key,
        "benchmark": track.benchmark,
        "item": track.item,
        "severity": track.severity.value,
        "rule": track.rule,
        "reason_ko": track.reason.ko,
        "reason_en": track.reason.en,
        "state": finding.state.value if finding else "none",
        "sightings": _sightings(track),
    }


def _sightings(track: Track) -> list[str]:
    return [f"{seen.at} {seen.assessment_id} {seen.verdict.value}" for seen in track.sightings]


def _track(row: Mapping[str, Any]) -> Track:
    try:
        return Track(
            srvid=row["srvid"],
            benchmark=row["benchmark"],
            item=row["item"],
            severity=Severity(row["severity"]),
            rule=row["rule"],
            reason=Text(row["reason_ko"], row["reason_en"]),
            sightings=tuple(_sighting(text) for text in row["sightings"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        message = f"the finding {row.get('finding_key')} of {row.get('srvid')} is malformed: {error}"
        raise RecordError(message) from error


def _sighting(text: str) -> Sighting:
    at, assessment_id, verdict = text.split(" ")
    return Sighting(at, assessment_id, Verdict(verdict))
