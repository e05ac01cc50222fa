"""The findings of one server: which are told, how they are filtered and paged."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from api_world import ApiWorld, asset, fields_of, server, told
from cce.verdict import Severity
from finding_samples import E, G, N, V, at, days, followed, identity

SRVID = server(1).srvid
PATH = {"srvid": quote(SRVID, safe="")}


@pytest.fixture
def world() -> ApiWorld:
    made = ApiWorld()
    lives = {
        "U-01": ((V, G, V, E), Severity.HIGH),
        "U-02": ((V, N), Severity.MEDIUM),
        "U-03": ((V, V), Severity.HIGH),
        "U-04": ((G, G), Severity.HIGH),
    }
    for item, (verdicts, severity) in lives.items():
        track = followed(days(*verdicts, item=item, srvid=SRVID, severity=severity))
        made.findings.save([(None, track)])
    return made


def _items(world: ApiWorld, **query: str) -> list[str]:
    return [row["item"] for row in told(world.ask("listFindings", path=PATH, query=query))["items"]]


def test_a_finding_that_came_back_tells_its_life(world: ApiWorld) -> None:
    (row,) = told(world.ask("listFindings", path=PATH, query={"item": "U-01"}))["items"]

    def sight(day: int, verdict: str) -> dict[str, str]:
        return {"at": at(day), "assessment_id": identity(day), "verdict": verdict}

    back = {"opened": sight(2, "vulnerable"), "last": sight(2, "vulnerable"), "fixed": None}
    assert {
        "srvid": SRVID,
        "benchmark": "kisa-2021",
        "item": "U-01",
        "severity": "상",
        "rule": "unix.a",
        "state": "recurred",
        "first_seen": sight(0, "vulnerable"),
        "last_seen": sight(2, "vulnerable"),
        "fixed": None,
        "recurrences": [back],
        "newest": sight(3, "error"),
        "reason_ko": "error 이유",
        "reason_en": "error",
    } == row


def test_a_fixed_finding_says_by_what(world: ApiWorld) -> None:
    (row,) = told(world.ask("listFindings", path=PATH, query={"state": "fixed"}))["items"]

    assert ("U-02", "not_applicable", at(1)) == (row["item"], row["fixed"]["verdict"], row["fixed"]["at"])


@pytest.mark.parametrize(
    ("query", "items"),
    [
        ({}, ["U-01", "U-02", "U-03"]),
        ({"state": "open"}, ["U-03"]),
        ({"state": "recurred"}, ["U-01"]),
        ({"severity": "상"}, ["U-01", "U-03"]),
        ({"severity": "상", "state": "fixed"}, []),
        ({"benchmark": "kisa-2021"}, ["U-01", "U-02", "U-03"]),
        ({"benchmark": "kisa-2026"}, []),
        ({"item": "U-04"}, []),
    ],
)
def test_findings_meet_every_filter(world: ApiWorld, query: dict[str, str], items: list[str]) -> None:
    assert items == _items(world, **query)


def test_pages_hold_each_finding_once(world: ApiWorld) -> None:
    first = told(world.ask("listFindings", path=PATH, query={"limit": "2"}))
    second = told(world.ask("listFindings", path=PATH, query={"limit": "2", "token": first["next"]}))

    assert ["U-01", "U-02", "U-03"] == [row["item"] for row in first["items"] + second["items"]]
    assert second["next"] is None
    other = world.ask("listFindings", path=PATH, query={"state": "open", "token": first["next"]})
    assert (400, ["token"]) == (other.status, fields_of(other))


def test_a_server_without_findings_has_none_and_an_unknown_one_is_unknown(world: ApiWorld) -> None:
    world.with_assets(asset(2))

    def ask(number: int) -> int:
        return world.ask("listFindings", path={"srvid": quote(server(number).srvid, safe="")}).status

    assert [200, 200, 404] == [ask(number) for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"state": "waived"}, "state"),
        ({"severity": "high"}, "severity"),
        ({"item": "x"}, "item"),
        ({"limit": "0"}, "limit"),
        ({"verdict": "good"}, "verdict"),
    ],
)
def test_a_malformed_filter_of_findings_is_named(world: ApiWorld, query: dict[str, str], field: str) -> None:
    answered = world.ask("listFindings", path=PATH, query=query)

    assert (400, [field]) == (answered.status, fields_of(answered))
