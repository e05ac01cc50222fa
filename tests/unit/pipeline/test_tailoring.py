"""The tailoring of an assessment: read once, the same for all of its servers, in everything that is kept."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cce.errors import StoreError, TailoringError
from cce.pipeline.collect import StatusEvent
from cce.pipeline.tailoring import CONFIG_KEY, read_snapshot, snapshot_key_of
from world import HUB, OTHER, REGION, World, instance, node, srvid

if TYPE_CHECKING:
    from cce.pipeline.records import AssessmentRecord

PRINTED = (Path(__file__).resolve().parents[3] / "lab/recordings/debian12-default.evidence").read_text(
    "utf-8"
)

TAILORING = f"""\
tailoring: bank
policy:
  shadow_mode: {{value: "0640", reason: Debian}}
items:
  kisa-2021:
    U-18: {{off: true, reason: security groups}}
overlays:
- name: bastions
  match: {{tags: {{Role: [bastion]}}}}
  policy: {{lockout_attempts: {{value: 3, reason: exposed}}}}
- match: {{accounts: ["{OTHER}"]}}
  items: {{kisa-2021: {{U-18: {{off: false, reason: judged there}}}}}}
""".encode()


@pytest.fixture
def tailored(world: World) -> World:
    world.objects.put(CONFIG_KEY, TAILORING)
    world.hub.machines = [instance(1), instance(2, Role="bastion")]
    world.hub.managed = [node(1), node(2)]
    return world


def _assess(world: World, identity: str, number: int) -> None:
    world.dispatcher.dispatch(world.jobs(identity, number))
    command = world.hub.sent[-1][0]
    key = (command, f"i-{number:017x}")
    world.hub.runs[key] = replace(world.hub.runs[key], status="Success", stdout=PRINTED)
    detail = {"command-id": key[0], "instance-id": key[1], "status": "Success"}
    event = {"account": HUB, "region": REGION, "detail": detail}
    assert "assessed" == world.collector.collect(StatusEvent.parse(json.dumps(event)))


def _lines(world: World, identity: str, number: int) -> dict[str, dict[str, Any]]:
    target = world.assessments.target(identity, srvid(number))
    assert target is not None
    (key,) = target.verdict_keys
    rows = [json.loads(line) for line in gzip.decompress(world.objects.bodies[key]).splitlines()]
    return {row["item"]: row for row in rows}


def _record(world: World, identity: str) -> AssessmentRecord:
    record = world.assessments.get(identity)
    assert record is not None
    return record


def test_each_target_carries_the_overlays_of_its_account_and_tags(tailored: World) -> None:
    identity = tailored.planned()

    assert {srvid(1): (), srvid(2): (0,)} == {
        t.srvid: t.overlays for t in tailored.assessments.targets(identity)
    }
    assert "bank" == _record(tailored, identity).tailoring


def test_verdicts_are_judged_by_it_and_say_so(tailored: World) -> None:
    identity = tailored.planned()
    for number in (1, 2):
        _assess(tailored, identity, number)

    plain, bastion = (_lines(tailored, identity, number) for number in (1, 2))
    assert "not_applicable" == plain["U-18"]["verdict"]
    assert "security groups" in plain["U-18"]["reason_en"]
    # root:shadow 0640 is beyond the guide's 0400
    assert ("good", "0400", "0640") == (
        plain["U-08"]["verdict"],
        plain["U-08"]["tailored"][0]["guide"],
        plain["U-08"]["tailored"][0]["value"],
    )
    assert [] == plain["U-03"]["tailored"]
    assert ["bastions (tag Role=bastion)"] == [d["applies_en"] for d in bastion["U-03"]["tailored"]]
    assert [] == plain["U-01"]["tailored"]


def test_the_report_names_it_counts_its_servers_and_keeps_it(tailored: World) -> None:
    identity = tailored.planned()
    for number in (1, 2):
        _assess(tailored, identity, number)

    keys = tailored.report(identity)["report"]

    document = json.loads(tailored.objects.bodies[keys["json"]])
    assert "bank" == document["assessment"]["tailoring"]
    assert [(["U-08"], 2), (["U-18"], 2), (["U-03"], 1)] == [
        (row["items"], row["servers"]) for row in document["deviations"]
    ]
    assert TAILORING == tailored.objects.bodies[keys["tailoring"]]
    assert "bank" in tailored.objects.bodies[keys["html"]].decode()


def test_a_change_meanwhile_is_for_the_next_assessment(tailored: World) -> None:
    identity = tailored.planned()
    _assess(tailored, identity, 1)
    tailored.objects.put(CONFIG_KEY, b"tailoring: another")
    _assess(tailored, identity, 2)

    assert ["not_applicable"] * 2 == [_lines(tailored, identity, n)["U-18"]["verdict"] for n in (1, 2)]
    again = tailored.plan({"scope": {"accounts": [HUB]}}, name="next")["assessment_id"]
    assert "another" == _record(tailored, again).tailoring


def test_a_plan_that_is_made_again_after_its_claim_keeps_its_tailoring(tailored: World) -> None:
    identity = tailored.plan()["assessment_id"]
    tailored.objects.put(CONFIG_KEY, b"tailoring: [wrong meanwhile")

    assert identity == tailored.plan()["assessment_id"]
    assert TAILORING == tailored.objects.bodies[snapshot_key_of(identity)]


def test_what_an_execution_left_that_died_while_planning_does_not_hold_for_the_next(tailored: World) -> None:
    request = {"trigger": "schedule", "scheduled_time": "2026-11-22T02:00:00Z"}
    claim = tailored.assessments.claim

    def failing(_: AssessmentRecord) -> AssessmentRecord:
        message = "the table does not answer"
        raise StoreError(message)

    tailored.assessments.claim = failing  # type: ignore[method-assign] # the table is the thing that fails
    with pytest.raises(StoreError):
        tailored.plan(request, name="a")
    tailored.assessments.claim = claim  # type: ignore[method-assign] # and is well again
    del tailored.objects.bodies[CONFIG_KEY]

    identity = tailored.plan(request, name="b")["assessment_id"]
    assert ("", None) == (_record(tailored, identity).tailoring, read_snapshot(tailored.objects, identity))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the file is empty"),
        (
            b"tailoring: x\npolicy: {nothing: {value: 1, reason: x}}",
            r"tailoring\.yaml:2: policy\.nothing: there is no",
        ),
        (b"x" * 300_000, "larger than"),
    ],
)
def test_a_wrong_one_fails_the_plan_by_its_line_and_nothing_is_planned(
    world: World, body: bytes, said: str
) -> None:
    world.objects.put(CONFIG_KEY, body)

    with pytest.raises(TailoringError, match=said):
        world.plan()
    assert ([CONFIG_KEY], {}) == (list(world.objects.bodies), world.assessments.records)


def test_without_one_the_guide_holds_as_it_is(world: World) -> None:
    identity = world.with_servers(1).planned()
    _assess(world, identity, 1)

    keys = world.report(identity)["report"]
    assert {"html", "csv", "json"} == keys.keys()
    assert "" == _record(world, identity).tailoring
    assert {0} == {len(row["tailored"]) for row in _lines(world, identity, 1).values()}


def test_an_assessment_planned_before_there_were_tailorings_goes_on_as_it_began(world: World) -> None:
    identity = world.with_servers(1).planned()
    del world.objects.bodies[snapshot_key_of(identity)]
    world.objects.put(CONFIG_KEY, TAILORING)

    _assess(world, identity, 1)

    assert "vulnerable" == _lines(world, identity, 1)["U-08"]["verdict"]


def test_items_of_the_scope_are_tailored_too(tailored: World) -> None:
    identity = tailored.planned(items=["U-08", "U-18"])
    _assess(tailored, identity, 1)

    assert {"U-08": 1, "U-18": 1} == {
        item: len(row["tailored"]) for item, row in _lines(tailored, identity, 1).items()
    }
