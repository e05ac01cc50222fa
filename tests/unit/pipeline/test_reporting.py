"""Report: every expected server is counted, what waited too long is failed, and no number flatters."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cce.assessment import Outcome, TargetStatus
from cce.benchmarks import load
from cce.errors import MemberError, ScopeError
from cce.pipeline.collect import StatusEvent
from cce.pipeline.records import Listing
from cce.pipeline.reporting import outcome_of
from world import HUB, OTHER, REGION, World, instance, node, srvid

RECORDINGS = Path(__file__).resolve().parents[3] / "lab/recordings"
PRINTED = (RECORDINGS / "debian12-default.evidence").read_text("utf-8")

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


def _assess(world: World, identity: str, number: int, printed: str = PRINTED) -> None:
    world.dispatcher.dispatch(world.jobs(identity, number))
    command = world.hub.sent[-1][0]
    key = (command, f"i-{number:017x}")
    world.hub.runs[key] = replace(world.hub.runs[key], status="Success", stdout=printed)
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


def _month(world: World, month: int, condition: str, **scope: list[str]) -> str:
    """The assessment of a month, in which the server was in that condition."""
    world.now = datetime(2026, month, 22, 1, 30, tzinfo=UTC)
    identity = world.plan({"scope": {"accounts": [HUB], **scope}}, name=f"month-{month}", at=world.now)[
        "assessment_id"
    ]
    world.discover(identity)
    _assess(world, identity, 1, (RECORDINGS / f"debian12-{condition}.evidence").read_text("utf-8"))
    return str(identity)


def _findings(world: World, identity: str) -> dict[str, Any]:
    body = world.objects.bodies[world.report(identity)["report"]["json"]]
    (row,) = json.loads(body)["findings"]
    return dict(row)


def test_an_assessment_says_what_is_new_open_fixed_and_back(world: World) -> None:
    world.with_servers(1)
    bad = [
        _month(world, month, c) for month, c in enumerate(("misconfigured", "hardened", "misconfigured"), 1)
    ]
    last = _month(world, 4, "misconfigured")

    first, mended, broken, still = (_findings(world, identity) for identity in (*bad, last))
    kinds = ("recurred", "new", "open", "fixed")
    assert first["new"] == sum(first[kind] for kind in kinds) > 0
    assert 0 < mended["fixed"] <= first["new"]
    assert first["new"] == mended["open"] + mended["fixed"]
    assert mended["fixed"] == broken["recurred"] == len(broken["recurrences"])
    assert (0, [], broken["open"] + broken["recurred"] + broken["new"]) == (
        still["recurred"],
        still["recurrences"],
        still["open"],
    )
    (root_login,) = [row for row in broken["recurrences"] if row["item"] == "U-01"]
    assert ["2026-01-22", "2026-02-22", "2026-03-22"] == [
        root_login[name][:10] for name in ("first_seen", "fixed_at", "recurred_at")
    ]


def test_a_report_made_again_later_says_the_same(world: World) -> None:
    world.with_servers(1)
    months = ("misconfigured", "hardened", "misconfigured", "hardened")
    told = {}
    for month, condition in enumerate(months, 1):
        identity = _month(world, month, condition)
        told[identity] = _findings(world, identity)

    assert told == {identity: _findings(world, identity) for identity in told}


def test_items_out_of_scope_are_neither_fixed_nor_open(world: World) -> None:
    world.with_servers(1)
    _month(world, 1, "misconfigured")

    narrow = _findings(world, _month(world, 2, "misconfigured", items=["U-01"]))

    assert (0, 0, 1, 0) == tuple(narrow[kind] for kind in ("recurred", "new", "open", "fixed"))


def test_an_assessment_of_before_there_were_findings_tells_none(world: World) -> None:
    identity = world.with_servers(1).planned()
    _assess(world, identity, 1)
    world.findings.tracks.clear()

    summary = world.report(identity)

    assert {} == summary["findings"]
    assert [] == json.loads(world.objects.bodies[summary["report"]["json"]])["findings"]


def test_a_report_of_nothing_is_refused_by_name(world: World) -> None:
    with pytest.raises(ScopeError, match="20200101T000000Z-0000"):
        world.report("20200101T000000Z-0000")
