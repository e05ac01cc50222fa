"""An assessment through the real stack: IAM enforced, queues, maps, SSM, DynamoDB, S3."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cce.benchmarks import load
from lab import nodes
from lab.calls import denied
from stack import BANK, HUB, RECORDINGS, SHOP

if TYPE_CHECKING:
    from stack import Stack

pytestmark = pytest.mark.stack

DEFAULT = RECORDINGS / "debian12-default.evidence"
HARDENED = RECORDINGS / "debian12-hardened.evidence"
MISCONFIGURED = RECORDINGS / "debian12-misconfigured.evidence"


def test_every_kind_of_trouble_ends_in_its_own_status_and_leaves_the_others_alone(stack: Stack) -> None:
    expected = {
        stack.server(nodes.Recording(DEFAULT), "kinds", HUB): ("assessed", ""),
        stack.server(nodes.Recording(HARDENED), "kinds", SHOP): ("assessed", ""),
        stack.server(nodes.Recording(MISCONFIGURED), "kinds", BANK): ("assessed", ""),
        stack.server(nodes.Offline(), "kinds", SHOP): ("unreachable", "ConnectionLost"),
        stack.server(nodes.Flaky(), "kinds", SHOP): ("unreachable", "InvalidInstanceId"),
        stack.server(nodes.Undelivered(), "kinds", BANK): ("unreachable", "did not reach the server"),
        stack.server(nodes.Dies(DEFAULT), "kinds", BANK): ("failed", "ExecutionTimedOut"),
        stack.server(nodes.garbage(), "kinds", BANK): ("failed", "no evidence"),
        stack.server(nodes.silent(), "kinds", BANK): ("failed", "printed nothing"),
        stack.server(nodes.huge(), "kinds", HUB): ("failed", "evidence"),
    }

    ended = stack.assess_tag("kinds")

    targets = stack.targets(ended.assessment_id)
    assert ("SUCCEEDED", "partial") == (ended.status, ended.output.get("outcome")), ended
    assert expected.keys() == targets.keys()
    assert {srvid: status for srvid, (status, _) in expected.items()} == {
        s: t["status"] for s, t in targets.items()
    }
    assert [] == [
        (srvid, targets[srvid]["reason_en"], words)
        for srvid, (_, words) in expected.items()
        if words not in targets[srvid].get("reason_en", "")
    ]


def test_verdicts_evidence_and_report_lie_where_they_should(stack: Stack) -> None:
    srvid = stack.server(nodes.Recording(MISCONFIGURED), "lie", SHOP)

    ended = stack.assess_tag("lie")

    identity = ended.assessment_id
    rows = {row["item"]: row["verdict"] for row in stack.verdicts_of(srvid)}
    (evidence,) = stack.keys(f"evidence/{identity}/")
    (verdicts,) = [key for key in stack.keys("verdicts/benchmark=kisa-2021/date=") if identity in key]
    lines = [json.loads(line) for line in stack.read(verdicts).splitlines()]
    report = json.loads(stack.read(ended.output["report"]["json"]))
    assert len(load("kisa-2021").items) == len(rows) == len(lines)
    assert "vulnerable" == rows["U-01"]
    assert stack.read(evidence).startswith(b"cce\t1\t")
    assert rows == {line["item"]: line["verdict"] for line in lines}
    assert identity in json.dumps(report)
    assert {"html", "csv", "json"} == ended.output["report"].keys()


def test_with_every_event_dropped_an_assessment_still_finishes(stack: Stack) -> None:
    for account in (HUB, SHOP, BANK, HUB, SHOP, BANK):
        stack.server(nodes.Recording(DEFAULT), "dropped", account)
    stack.lab.faults.drop = 1.0
    try:
        ended = stack.assess_tag("dropped", reconcile=True)
    finally:
        stack.lab.faults.drop = 0.0

    assert ("complete", 6) == (ended.output["outcome"], ended.output["assessed"])


def test_doubled_events_change_nothing(stack: Stack) -> None:
    srvid = stack.server(nodes.Recording(DEFAULT), "doubled")
    stack.lab.faults.duplicate = True
    try:
        ended = stack.assess_tag("doubled")
    finally:
        stack.lab.faults.duplicate = False

    assert ("complete", 1) == (ended.output["outcome"], ended.output["assessed"])
    assert len(load("kisa-2021").items) == len(stack.verdicts_of(srvid))


def test_a_schedule_that_fires_twice_is_one_assessment(stack: Stack) -> None:
    stack.server(nodes.Recording(DEFAULT), "twice")
    request = {
        "trigger": "schedule",
        "scheduled_time": "2026-11-22T02:00:00Z",
        "scope": {"tags": {"test": ["twice"]}},
    }

    ends = [stack.wait(arn) for arn in [stack.start(request), stack.start(request)]]

    assert ["SUCCEEDED", "SUCCEEDED"] == [end.status for end in ends]
    assert 1 == len({end.assessment_id for end in ends})
    assert [True] == [end.output["duplicate"] for end in ends if "outcome" not in end.output]


@pytest.mark.parametrize(
    ("scope", "named"),
    [
        ({"accounts": ["999999999999"]}, "unknown account 999999999999"),
        ({"regions": ["eu-west-1"]}, "unknown region eu-west-1"),
        ({"tags": {"test": ["no-server-has-this"]}}, "test=no-server-has-this"),
        ({"items": ["U-99"]}, "unknown item U-99"),
        ({"benchmarks": ["kisa-1999"]}, "kisa-1999"),
    ],
)
def test_a_wrong_scope_fails_at_plan_by_name_and_nothing_is_sent(
    stack: Stack, scope: dict[str, object], named: str
) -> None:
    sent = stack.count("ssm:SendCommand")
    ended = stack.assess({"scope": scope})

    assert ("FAILED", True) == (ended.status, named in ended.cause), ended
    assert sent == stack.count("ssm:SendCommand")


def test_an_empty_scope_is_empty_and_not_a_hundred_percent(stack: Stack) -> None:
    # Both tags exist, on different servers: the scope is valid, and no server has both.
    stack.server(nodes.Recording(DEFAULT), "empty", role="left")
    stack.server(nodes.Recording(DEFAULT), "empty", role="right", side="b")

    ended = stack.assess({"scope": {"tags": {"role": ["left"], "side": ["b"]}}})

    report = json.loads(stack.read(ended.output["report"]["json"]))
    assert ("SUCCEEDED", "empty", 0) == (ended.status, ended.output["outcome"], ended.output["expected"])
    assert report["coverage"]["percent"] is None


def test_two_servers_and_three_items_are_just_that(stack: Stack) -> None:
    servers = [stack.server(nodes.Recording(DEFAULT), "few", account) for account in (SHOP, BANK)]
    stack.server(nodes.Recording(DEFAULT), "few", HUB)

    ended = stack.assess({"scope": {"servers": servers, "items": ["U-01", "U-07", "U-44"]}})

    assert set(servers) == stack.targets(ended.assessment_id).keys()
    assert ["U-01", "U-07", "U-44"] == [row["item"] for row in stack.verdicts_of(servers[0])]


def test_a_retry_covers_just_what_was_missing(stack: Stack) -> None:
    stack.server(nodes.Recording(DEFAULT), "retry")
    missing = stack.server(nodes.Offline(), "retry")
    first = stack.assess_tag("retry")

    identity = "20261122T013000Z-00aa"
    retry = stack.wait(stack.start({"retry_of": first.assessment_id}, name=identity))

    assert {missing} == stack.targets(identity).keys()
    assert ("FAILED", "NothingAssessed") == (retry.status, retry.error)


def test_long_output_comes_from_s3_where_the_instance_may_write_there(stack: Stack) -> None:
    """The recording is longer than Run Command's 24,000 characters; only S3 has it whole."""
    long = stack.lab.folder / "long.evidence"
    long.write_text("noise that a profile script prints\n" * 1000 + DEFAULT.read_text("utf-8"), "utf-8")
    whole = stack.server(nodes.Recording(long), "long", s3=True)
    cut = stack.server(nodes.Recording(long), "long")

    ended = stack.assess_tag("long")

    targets = stack.targets(ended.assessment_id)
    assert ("assessed", "failed") == (targets[whole]["status"], targets[cut]["status"]), targets


def test_a_malformed_message_ends_in_the_dead_letter_queue(stack: Stack) -> None:
    sqs = stack.lab.client("sqs")
    url = stack.outputs["JobsQueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
    before = stack.depth("JobsDlqUrl")
    sqs.send_message(QueueUrl=url, MessageBody='{"assessment_id": "no-job"}')
    try:
        stack.eventually(lambda: stack.depth("JobsDlqUrl") == before + 1)
    finally:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "361"})


def test_a_job_message_repeated_after_the_end_runs_nothing_again(stack: Stack) -> None:
    srvid = stack.server(nodes.Recording(DEFAULT), "again")
    ended = stack.assess_tag("again")
    before = stack.targets(ended.assessment_id)
    job = {
        "assessment_id": ended.assessment_id,
        "srvid": srvid,
        "platform": "linux",
        "task_token": "long gone",
    }
    tokens, sent = stack.count("states:SendTaskSuccess"), stack.count("ssm:SendCommand")

    stack.lab.client("sqs").send_message(QueueUrl=stack.outputs["JobsQueueUrl"], MessageBody=json.dumps(job))
    stack.eventually(lambda: stack.count("states:SendTaskSuccess") > tokens)

    assert before == stack.targets(ended.assessment_id)
    assert sent == stack.count("ssm:SendCommand")


def test_an_account_whose_role_cannot_be_assumed_is_a_gap_and_the_others_are_assessed(stack: Stack) -> None:
    lost = stack.server(nodes.Recording(DEFAULT), "gap", BANK)
    well = stack.server(nodes.Recording(DEFAULT), "gap", SHOP)
    stack.assess_tag("gap")  # the servers are known from now on
    with stack.untrusted(BANK):
        ended = stack.assess_tag("gap")

    targets = stack.targets(ended.assessment_id)
    assert ("partial", 1) == (ended.output["outcome"], ended.output["accounts_unreachable"])
    assert ("assessed", "unreachable") == (targets[well]["status"], targets[lost]["status"])
    assert "cannot be assumed" in targets[lost]["reason_en"]


def test_a_command_that_never_ends_is_ended_by_reconcile(stack: Stack) -> None:
    srvid = stack.server(nodes.Recording(DEFAULT, seconds=50), "endless")
    stack.server(nodes.Recording(DEFAULT), "endless")
    identity = "20261122T013000Z-00bb"
    arn = stack.start({"scope": {"tags": {"test": ["endless"]}}}, name=identity)
    stack.eventually(lambda: stack.targets(identity).get(srvid, {}).get("step") == "sent")
    stack.set_target(identity, srvid, deadline="2026-11-22T00:00:00+00:00")

    ended = stack.wait(arn, reconcile=True)

    target = stack.targets(identity)[srvid]
    assert ("partial", 1) == (ended.output["outcome"], ended.output["assessed"])
    assert ("failed", "No result came within the time limit.") == (target["status"], target["reason_en"])


def test_nothing_was_denied(stack: Stack) -> None:
    """Runs last in this file: over all assessments before, IAM refused no call."""
    refused = denied(stack.lab.calls())

    assert [] == refused
