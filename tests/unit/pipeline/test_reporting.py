"""Report: every expected server is counted, what waited too long is failed, and no number flatters."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from cce.assessment import Outcome, TargetStatus
from cce.benchmarks import load
from cce.errors import MemberError, ScopeError
from cce.pipeline.collect import StatusEvent
from cce.pipeline.records import Listing
from cce.pipeline.reporting import outcome_of
from world import HUB, OTHER, REGION, World, instance, node, srvid

PRINTED = (Path(__file__).resolve().parents[3] / "lab/recordings/debian12-default.evidence").read_text(
    "utf-8"
)

A, F, U, S = TargetStatus.ASSESSED, TargetStatus.FAILED, TargetStatus.UNREACHABLE, TargetStatus.SKIPPED
GAP = Listing("x", OTHER, REGION, "사유", "reason")


@pytest.mark.parametrize(
    ("statuses", "gaps", "outcome"),
    [
        ([], [], Outcome.EMPTY),
        ([A, A], [], Outcome.COMPLETE),
        ([A, S], [], Outcome.COMPLETE),
        ([S], [], Outcome.COMPLETE),
        ([A, F], [], Outcome.PARTIAL),
        ([A, U], [], Outcome.PARTIAL),
        ([A], [GAP], Outcome.PARTIAL),
        ([F, U, S], [], Outcome.FAILED),
        ([], [GAP], Outcome.FAILED),
    ],
)
def test_how_an_assessment_ends(statuses: list[TargetStatus], gaps: list[Listing], outcome: Outcome) -> None:
    assert outcome is outcome_of(statuses, gaps)


def _assess(world: World, identity: str, number: int) -> None:
    world.dispatcher.dispatch(world.jobs(identity, number))
    command = world.hub.sent[-1][0]
    key = (command, f"i-{number:017x}")
    world.hub.runs[key] = replace(world.hub.runs[key], status="Success", stdout=PRINTED)
    detail = {"command-id": key[0], "instance-id": key[1], "status": "Success"}
    event = {"account": HUB, "region": REGION, "detail": detail}
    world.collector.collect(StatusEvent.parse(json.dumps(event)))


def test_the_report_counts_every_expected_server_and_names_what_is_missing(world: World) -> None:
    world.hub.machines = [instance(1), instance(2), instance(3), instance(4, "stopped")]
    world.hub.managed = [node(1), node(2), node(3, "ConnectionLost")]
    identity = world.planned()
    _assess(world, identity, 1)

    summary = world.report(identity)

    counts = [summary[key] for key in ("expected", "assessed", "unreachable", "failed", "skipped")]
    assert ("partial", [4, 1, 1, 1, 1]) == (summary["outcome"], counts)
    late = world.assessments.target(identity, srvid(2))
    assert late is not None
    assert ("failed", "No result came within the time limit.") == (late.status, late.reason_en)
    html = world.objects.bodies[summary["report"]["html"]].decode()
    assert [True] * 4 == [f"server-{n}" in html for n in (1, 2, 3, 4)]
    table = world.objects.bodies[summary["report"]["csv"]].decode("utf-8-sig")
    assert 1 + len(load("kisa-2021").items) + 3 == len(table.splitlines())


def test_an_assessment_under_two_editions_is_reported_under_both(world: World) -> None:
    both = ["kisa-2021", "kisa-2026"]
    identity = world.with_servers(1).planned(benchmarks=both)
    _assess(world, identity, 1)

    summary = world.report(identity)

    bodies = {name: world.objects.bodies[key].decode("utf-8-sig") for name, key in summary["report"].items()}
    table = list(csv.DictReader(io.StringIO(bodies["csv"])))
    document = json.loads(bodies["json"])
    assert both == list(summary["scores"])
    assert [(b, i.id) for b in both for i in load(b).items] == [(r["benchmark"], r["item"]) for r in table]
    # U-02 is another item in each edition, under its own title.
    titles = {r["benchmark"]: r["title_en"] for r in table if r["item"] == "U-02"}
    assert {"kisa-2021": "Password complexity", "kisa-2026": "Password management policy"} == titles
    assert [("kisa-2021", 72), ("kisa-2026", 67 + 26)] == [
        (b["benchmark"], b["items_in_edition"]) for b in document["benchmarks"]
    ]
    assert both == list(document["servers"][0]["benchmarks"])
    assert [True] * 2 == [f'id="{b}-U-02"' in bodies["html"] for b in both]


def test_an_account_that_could_not_be_listed_is_in_every_format(world: World) -> None:
    identity = world.with_servers(1).plan()["assessment_id"]
    world.discover(identity)
    with pytest.raises(MemberError):
        world.discover(identity, OTHER)
    _assess(world, identity, 1)

    summary = world.report(identity)

    assert ("partial", 1) == (summary["outcome"], summary["accounts_unreachable"])
    for name in ("html", "json"):
        assert f"{OTHER}/{REGION}" in world.objects.bodies[summary["report"][name]].decode()


def test_an_account_whose_listing_never_ended_is_a_gap(world: World) -> None:
    """Its Lambda timed out, or its tables did not answer: no trace of it is left but the plan."""
    identity = world.with_servers(1).plan()["assessment_id"]
    world.discover(identity)
    _assess(world, identity, 1)

    summary = world.report(identity)

    assert ("partial", 1) == (summary["outcome"], summary["accounts_unreachable"])
    assert f"{OTHER}/{REGION}" in world.objects.bodies[summary["report"]["json"]].decode()


def test_nothing_expected_is_empty_and_not_a_hundred_percent(world: World) -> None:
    identity = world.planned()

    summary = world.report(identity)

    report = json.loads(world.objects.bodies[summary["report"]["json"]])
    assert ("empty", 0, None) == (summary["outcome"], summary["expected"], report["coverage"]["percent"])


def test_reporting_again_replaces_the_report(world: World) -> None:
    identity = world.with_servers(1).planned()
    _assess(world, identity, 1)

    assert world.report(identity) == world.report(identity)


def test_a_report_of_nothing_is_refused_by_name(world: World) -> None:
    with pytest.raises(ScopeError, match="20200101T000000Z-0000"):
        world.report("20200101T000000Z-0000")
