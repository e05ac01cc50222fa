"""The findings table, and its twin in memory: nothing that somebody else wrote is overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from aws_by_moto import make_table
from cce.errors import RecordError, StoreError
from cce.findings.track import follow
from cce.pipeline.findings import follow_up
from cce.store.findings import DynamoFindings
from cce.store.memory import MemoryFindings
from finding_samples import SRVID, G, V, days, followed, seen

if TYPE_CHECKING:
    from cce.findings.track import Track
    from cce.pipeline.ports import Findings

OTHER = f"{SRVID[:-1]}1"


@pytest.fixture(params=["dynamodb", "memory"])
def findings(request: pytest.FixtureRequest) -> Findings:
    if request.param == "memory":
        return MemoryFindings()
    request.getfixturevalue("aws")
    return DynamoFindings(make_table("f", "srvid", "finding_key"))


def test_what_is_saved_is_read_in_the_order_of_the_items(findings: Findings) -> None:
    tracks = [followed(days(V, G, V, item=item)) for item in ("U-02", "U-01")]
    elsewhere = seen(0, V, srvid=OTHER)

    assert findings.save([(None, track) for track in (*tracks, elsewhere)])
    assert tracks[::-1] == findings.of(SRVID)
    assert [elsewhere] == findings.of(OTHER)
    assert [] == findings.of(f"{SRVID[:-1]}2")


@pytest.mark.parametrize("known", [True, False])
def test_what_another_wrote_meanwhile_stays_and_nothing_beside_it_is_written(
    findings: Findings, *, known: bool
) -> None:
    read = seen(0, V) if known else None
    if read:
        findings.save([(None, read)])
    theirs = followed(days(V, G))
    assert findings.save([(read, theirs)])

    ours = [(None, seen(0, V, "U-02")), (read, follow(read, seen(2, V)))]
    assert not findings.save(ours)
    assert [theirs] == findings.of(SRVID)


def test_more_rows_than_one_transaction_holds_are_saved(findings: Findings) -> None:
    tracks = [seen(0, V, f"U-{number:03d}") for number in range(130)]

    assert findings.save([(None, track) for track in tracks])
    assert tracks == findings.of(SRVID)


def test_nothing_to_save_is_saved(findings: Findings) -> None:
    assert findings.save([])


class _Overtaken:
    """A table into which another assessment writes between our reading and our writing, some times."""

    def __init__(self, findings: Findings, theirs: list[Track]) -> None:
        self.findings, self.theirs = findings, theirs

    def of(self, srvid: str) -> list[Track]:
        known = self.findings.of(srvid)
        if self.theirs:
            follow_up(self.findings, srvid, [self.theirs.pop()])
        return known

    def save(self, changes: list[tuple[Track | None, Track]]) -> bool:
        return self.findings.save(changes)


def test_assessments_side_by_side_lose_nothing_of_each_other(findings: Findings) -> None:
    tracks = days(V, G, V, G, V)

    follow_up(_Overtaken(findings, tracks[1:]), SRVID, [tracks[0]])  # type: ignore[arg-type] # as the port

    assert [followed(tracks)] == findings.of(SRVID)


def test_a_row_that_others_never_leave_alone_ends_in_an_error_that_comes_again() -> None:
    table = _Overtaken(MemoryFindings(), [seen(day, V) for day in range(1, 9)])

    with pytest.raises(StoreError, match=rf"findings of {SRVID} .* 5 times") as caught:
        follow_up(table, SRVID, [seen(0, V)])  # type: ignore[arg-type] # as the port
    assert caught.value.retryable


@pytest.mark.usefixtures("aws")
def test_a_table_that_is_not_there_is_named() -> None:
    findings = DynamoFindings("nowhere")

    with pytest.raises(StoreError, match="nowhere"):
        findings.of(SRVID)
    with pytest.raises(StoreError, match="nowhere"):
        findings.save([(None, seen(0, V))])


@pytest.mark.usefixtures("aws")
def test_a_row_says_its_state_and_one_that_is_malformed_is_named() -> None:
    findings = DynamoFindings(make_table("f", "srvid", "finding_key"))
    findings.save([(None, followed(days(V, G, V))), (None, seen(0, G, "U-02"))])
    table = boto3.resource("dynamodb").Table("f")
    rows = {row["item"]: row for row in table.scan()["Items"]}

    assert ("recurred", "none") == (rows["U-01"]["state"], rows["U-02"]["state"])
    table.put_item(Item=rows["U-01"] | {"sightings": ["yesterday"]})
    with pytest.raises(RecordError, match=r"kisa-2021#U-01 of 111111111111/.* is malformed"):
        findings.of(SRVID)
