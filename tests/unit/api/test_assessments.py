"""Assessments over the API: started once, listed newest first, followed live, their report opened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api_world import HUB, REGION, ApiWorld, fields_of, server, told
from cce.assessment import TargetStatus
from cce.pipeline.plan import Request
from cce.pipeline.records import AssessmentRecord, Listing, TargetRecord

IDENTITY = "20261122T013000Z-7f3a"


def _record(identity: str = IDENTITY, **fields: str) -> AssessmentRecord:
    arn = f"arn:aws:states:{REGION}:{HUB}:execution:cce-fleet-assessment:{identity}"
    record = AssessmentRecord(identity, arn, {"accounts": "all"}, "api", "2026-11-22T01:30:00+00:00")
    return replace(record, **fields)  # type: ignore[arg-type] # text fields


@pytest.fixture
def world() -> ApiWorld:
    return ApiWorld()


def _one(world: ApiWorld, operation: str = "getAssessment", identity: str = IDENTITY, **query: str) -> Any:
    return world.ask(operation, path={"assessment_id": identity}, query=query)


def test_an_assessment_is_started_with_what_the_plan_takes(world: ApiWorld) -> None:
    found = world.ask("startAssessment", body={"scope": {"accounts": [HUB]}, "requested_by": "보안팀"})

    assert 202 == found.status
    ((name, given),) = world.executions.started.items()
    assert f"/v1/assessments/{name}" == found.headers["Location"]
    request = Request.model_validate(given)
    assert ("api", (HUB,), "보안팀") == (request.trigger, request.scope.accounts, request.requested_by)
    assert "starting" == told(_one(world, identity=name))["status"]


def test_two_of_one_second_get_two_ids(world: ApiWorld) -> None:
    ids = {told(world.ask("startAssessment", body={}))["assessment_id"] for _ in range(2)}

    assert ids == world.executions.started.keys()
    assert 2 == len(ids)


def test_an_id_that_is_taken_is_not_used_again(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.executions, "start", lambda *_: False)

    assert 503 == world.ask("startAssessment", body={}).status


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scope": {"accounts": ["333333333333"]}}, "scope"),
        ({"scope": {"regions": ["eu-west-1"]}}, "scope"),
        ({"scope": {"servers": [f"333333333333/{REGION}/i-0123456789abcdef0"]}}, "scope"),
        ({"scope": {"benchmarks": ["cis"]}}, "scope"),
        ({"scope": {"items": ["U-99"]}}, "scope"),
        ({"scope": {"servers": ["x"]}}, "scope.servers.0"),
        ({"scope": {"colour": "red"}}, "scope.colour"),
        ({"retry_of": "yesterday"}, "retry_of"),
        ({"retry_of": "20251122T013000Z-0000"}, "retry_of"),
        ({"trigger": "schedule"}, "trigger"),
        ({"requested_by": "a\u0000b"}, "requested_by"),
    ],
)
def test_a_malformed_request_is_named_and_starts_nothing(
    world: ApiWorld, body: dict[str, Any], field: str
) -> None:
    found = world.ask("startAssessment", body=body)

    assert (400, [field]) == (found.status, fields_of(found))
    assert {} == world.executions.started


def test_a_body_over_the_limit_starts_nothing(world: ApiWorld) -> None:
    body = {"scope": {"tags": {"x": ["y" * 70_000]}}}

    assert (413, {}) == (world.ask("startAssessment", body=body).status, world.executions.started)


def test_the_newest_assessment_stands_first_on_the_pages(world: ApiWorld) -> None:
    ids = [f"2026112{day}T013000Z-0000" for day in range(3)]
    for identity in ids:
        world.assessments.claim(_record(identity))

    first = told(world.ask("listAssessments", query={"limit": "2"}))
    second = told(world.ask("listAssessments", query={"limit": "2", "token": first["next"]}))

    assert [ids[:0:-1], ids[:1]] == [[row["assessment_id"] for row in p["items"]] for p in (first, second)]
    assert second["next"] is None
    assert 400 == world.ask("listAssessments", query={"token": "x"}).status


def test_progress_counts_every_expected_server_once(world: ApiWorld) -> None:
    world.executions.start(IDENTITY, {})
    world.assessments.claim(_record())
    statuses = ["waiting", "waiting", "assessed", "unreachable", "failed", "skipped"]
    targets = [
        TargetRecord(IDENTITY, server(n).srvid, TargetStatus(s), step="sent" if n == 0 else "")
        for n, s in enumerate(statuses)
    ]
    world.assessments.add_targets(targets)
    world.assessments.add_listing(Listing(IDENTITY, HUB, REGION))
    world.assessments.add_listing(Listing(IDENTITY, "222222222222", REGION, "이유", "why"))

    found = told(_one(world))

    assert ("running", {"accounts": "all"}) == (found["status"], found["scope"])
    assert {
        "expected": 6,
        "waiting": 2,
        "sent": 1,
        "assessed": 1,
        "unreachable": 1,
        "failed": 1,
        "skipped": 1,
        "accounts_listed": 1,
        "accounts_unreachable": 1,
    } == found["progress"]


@pytest.mark.parametrize("planned", [True, False])
def test_an_execution_that_ended_badly_is_told_with_its_reason(world: ApiWorld, *, planned: bool) -> None:
    world.executions.start(IDENTITY, {})
    world.executions.ended_badly[IDENTITY] = "ScopeError: no server has the tag"
    if planned:
        world.assessments.claim(_record())

    found = told(_one(world))

    assert ("stopped", "ScopeError: no server has the tag") == (found["status"], found["reason"])


def test_an_ended_assessment_says_how(world: ApiWorld) -> None:
    world.assessments.claim(_record(outcome="partial", ended_at="2026-11-22T02:00:00+00:00"))

    assert ("ended", "partial") == (told(_one(world))["status"], told(_one(world))["outcome"])


@pytest.mark.parametrize("file", ["html", "csv", "json"])
def test_the_report_is_a_redirect_to_a_link_for_minutes(world: ApiWorld, file: str) -> None:
    world.assessments.claim(_record(outcome="complete", ended_at="2026-11-22T02:00:00+00:00"))

    found = _one(world, "getReport", format=file)

    assert (302, "no-store") == (found.status, found.headers["Cache-Control"])
    assert found.headers["Location"] == told(found)["url"]
    assert f"reports/{IDENTITY}/report.{file}?expires=300" in told(found)["url"]


def test_a_report_that_is_not_written_yet_is_not_there(world: ApiWorld) -> None:
    world.assessments.claim(_record())

    assert (404, "urn:cce-fleet:problem:not-ready") == (
        _one(world, "getReport").status,
        told(_one(world, "getReport"))["type"],
    )


@pytest.mark.parametrize("operation", ["getAssessment", "getReport"])
@pytest.mark.parametrize(("identity", "status"), [(IDENTITY, 404), ("latest", 400), ("%ff", 400)])
def test_an_id_is_malformed_or_unknown(world: ApiWorld, operation: str, identity: str, status: int) -> None:
    assert status == _one(world, operation, identity).status


def test_the_report_has_three_formats(world: ApiWorld) -> None:
    assert ["format"] == fields_of(_one(world, "getReport", format="pdf"))
