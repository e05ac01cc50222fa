"""The assessments table and its in-memory twin keep the same promises: the tests run on both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import boto3
import pytest

from aws_by_moto import make_table
from cce.assessment import TargetStatus
from cce.pipeline.records import AssessmentRecord, Listing, TargetRecord
from cce.store.assessments import DynamoAssessments
from cce.store.memory import MemoryAssessments
from cce.text import Text

if TYPE_CHECKING:
    from cce.pipeline.ports import Assessments

ID = "20261122T013000Z-7f3a"
SRVID = "111111111111/ap-northeast-2/i-0123456789abcdef0"
WAITING = TargetRecord(ID, SRVID, TargetStatus.WAITING, name="web-1", platform="linux")


@pytest.fixture(params=["dynamodb", "memory"])
def table(request: pytest.FixtureRequest) -> Assessments:
    if request.param == "memory":
        return MemoryAssessments()
    request.getfixturevalue("aws")
    return DynamoAssessments(make_table("a", "assessment_id", "entry", ("open_shard", "open_since")))


def _record(execution: str) -> AssessmentRecord:
    return AssessmentRecord(ID, execution, {"accounts": "all"}, "manual", "2026-11-22T01:30:00+00:00")


def test_only_the_first_claim_of_an_assessment_wins(table: Assessments) -> None:
    first, second = table.claim(_record("one")), table.claim(_record("two"))

    assert ("one", "one") == (first.execution_arn, second.execution_arn)


def test_an_assessment_is_found_as_it_was_entered_and_says_how_it_ended(table: Assessments) -> None:
    table.claim(_record("one"))
    table.end(ID, "partial", "2026-11-22T02:00:00+00:00")

    found = table.get(ID)
    assert found is not None
    assert ({"accounts": "all"}, "partial") == (found.scope, found.outcome)
    assert table.get("20200101T000000Z-0000") is None


def test_a_target_is_claimed_once(table: Assessments) -> None:
    table.add_targets([WAITING])

    assert [True, False] == [
        table.claim_target(ID, SRVID, token, "2026-11-22T01:31:00+00:00") for token in "ab"
    ]
    assert not table.claim_target(ID, "111111111111/ap-northeast-2/i-00000000000000009", "c", "now")


def test_a_released_target_can_be_claimed_again(table: Assessments) -> None:
    table.add_targets([WAITING])
    table.claim_target(ID, SRVID, "a", "2026-11-22T01:31:00+00:00")
    table.release_target(ID, SRVID)

    assert [] == list(table.open_targets())
    assert table.claim_target(ID, SRVID, "b", "2026-11-22T01:32:00+00:00")


def test_open_targets_are_those_claimed_or_sent_and_not_ended(table: Assessments) -> None:
    other = "111111111111/ap-northeast-2/i-00000000000000001"
    table.add_targets([WAITING, TargetRecord(ID, other, TargetStatus.WAITING)])
    table.claim_target(ID, SRVID, "token", "2026-11-22T01:31:00+00:00")
    table.mark_sent(ID, SRVID, "command", "2026-11-22T01:56:00+00:00")

    (sent,) = table.open_targets()
    assert ("sent", "command", "token") == (sent.step, sent.command_id, *sent.task_tokens)
    table.finish(sent.ended(TargetStatus.FAILED, Text("죽음", "died")))
    assert [] == list(table.open_targets())


def test_a_final_status_never_changes(table: Assessments) -> None:
    table.add_targets([WAITING])

    assert table.finish(WAITING.ended(TargetStatus.FAILED, Text("죽음", "died")))
    assert not table.finish(WAITING.assessed(os="Debian", collected_at="", verdict_keys=("k",)))
    table.mark_sent(ID, SRVID, "late", "")
    found = table.target(ID, SRVID)
    assert found is not None
    assert ("failed", "died", "") == (found.status, found.reason_en, found.command_id)


def test_the_overlays_of_a_target_are_kept_to_the_end(table: Assessments) -> None:
    table.add_targets([replace(WAITING, overlays=(0, 7))])
    table.claim_target(ID, SRVID, "token", "2026-11-22T01:31:00+00:00")

    found = table.target(ID, SRVID)
    assert found is not None
    assert (0, 7) == found.overlays
    table.finish(found.assessed(os="Debian", collected_at="", verdict_keys=("k",)))
    assert [(0, 7)] == [target.overlays for target in table.targets(ID)]


def test_an_assessment_says_by_which_tailoring_it_judges(table: Assessments) -> None:
    table.claim(replace(_record("one"), tailoring="bank"))

    found = table.get(ID)
    assert found is not None
    assert "bank" == found.tailoring


@pytest.mark.usefixtures("aws")
def test_records_of_before_there_were_tailorings_are_read() -> None:
    table = make_table("a", "assessment_id", "entry", ("open_shard", "open_since"))
    rows = boto3.resource("dynamodb").Table(table)
    old = {"assessment_id": ID, "execution_arn": "one", "requested_by": "manual", "started_at": "x"}
    rows.put_item(Item=old | {"entry": "ASSESSMENT", "scope": "{}"})
    rows.put_item(Item={"assessment_id": ID, "entry": f"TARGET#{SRVID}", "srvid": SRVID, "status": "waiting"})

    record, target = DynamoAssessments(table).get(ID), DynamoAssessments(table).target(ID, SRVID)
    assert record is not None
    assert target is not None
    assert ("", ()) == (record.tailoring, target.overlays)


def test_targets_come_sorted_and_whole(table: Assessments) -> None:
    others = [
        TargetRecord(ID, f"111111111111/ap-northeast-2/i-{n:017x}", TargetStatus.SKIPPED) for n in (3, 1, 2)
    ]
    table.add_targets(others)

    assert sorted(others, key=lambda t: t.srvid) == table.targets(ID)
    assert [] == table.targets("20200101T000000Z-0000")


def test_every_token_of_a_target_is_kept_to_the_end(table: Assessments) -> None:
    table.add_targets([WAITING])
    table.claim_target(ID, SRVID, "first", "2026-11-22T01:31:00+00:00")
    table.add_token(ID, SRVID, "second")
    table.finish(WAITING.ended(TargetStatus.FAILED, Text("죽음", "died")))
    table.add_token(ID, SRVID, "third")

    found = table.target(ID, SRVID)
    assert found is not None
    assert ("first", "second", "third") == found.task_tokens


def test_what_was_handed_to_collect_is_noted_while_it_waits(table: Assessments) -> None:
    table.add_targets([WAITING])
    table.claim_target(ID, SRVID, "token", "2026-11-22T01:31:00+00:00")
    table.mark_handed(ID, SRVID, "2026-11-22T01:40:00+00:00")

    (target,) = table.open_targets()
    assert "2026-11-22T01:40:00+00:00" == target.handed_at


def test_what_became_of_an_account_is_kept_beside_the_targets(table: Assessments) -> None:
    gap = Listing(ID, "222222222222", "ap-northeast-2", "접근 불가", "cannot be reached")
    table.add_listing(gap)
    table.add_targets([WAITING])

    assert [gap] == table.listings(ID)
    assert [WAITING] == table.targets(ID)
