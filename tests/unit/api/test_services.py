"""Services over the API: their names, their stages, what serves on each, and the names in statistics."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from api_world import ApiWorld, fields_of, told
from cce.gateway.records import Applied, Deployment, ServiceRecord, StageRecord
from cce.gateway.statistics.tally import roll_up
from cce.store.gateway_directory import DirectoryBook
from cce.store.memory_services import MemoryServices
from statistics_samples import NOW, SEOUL, SERVICE, STAGE, request

if TYPE_CHECKING:
    from pathlib import Path

OWN = "z9y8x7w6v5"
ARN = "arn:aws:iam::111111111111:user/kim"


def deployment(number: int, **more: Any) -> Deployment:
    at = NOW - timedelta(days=9 - number)
    return Deployment(number=number, digest=f"{number}" * 64, at=at, by=ARN, **more)


@pytest.fixture
def world() -> ApiWorld:
    """A service that is deployed on two stages, and one that was only applied."""
    members = ServiceRecord(id="k3j2h1g0f9", name="회원", api=SERVICE)
    portal = ServiceRecord(id="p3j2h1g0f9", name="portal")
    done = deployment(1, status="complete", description="the first")
    failed = deployment(2, status="failure", reason="AccessDenied: user/kim")
    applied = Applied(digest="3" * 64, at=NOW, by=ARN)
    stages = [
        StageRecord(service=members.id, stage="", deployments=(deployment(1, status="complete"),)),
        StageRecord(service=members.id, stage=STAGE, applied=applied, deployments=(done, failed)),
    ]
    only = [StageRecord(service=portal.id, stage="dev", applied=applied)]
    return ApiWorld(services=MemoryServices({members: stages, portal: only}))


@pytest.mark.row("159", how="statistics")
def test_services_are_listed_with_what_serves_on_each_stage_and_since_when(world: ApiWorld) -> None:
    portal, members, own = told(world.ask("listServices", api=OWN))["items"]

    assert ("p3j2h1g0f9", "portal", None, [{"stage": "dev", "deployed": None}]) == tuple(portal.values())
    assert ("k3j2h1g0f9", "회원", SERVICE) == tuple(members[name] for name in ("id", "name", "api"))
    assert [("default", 1, "2026-11-14T01:30:00Z", ""), (STAGE, 1, "2026-11-14T01:30:00Z", "the first")] == [
        (each["stage"], *(each["deployed"][name] for name in ("number", "at", "description")))
        for each in members["stages"]
    ], "a deployment that failed serves nobody"
    assert "1" * 64 == members["stages"][1]["deployed"]["digest"]
    assert (OWN, "cce-fleet-api", OWN, [{"stage": "v1", "deployed": None}]) == tuple(own.values())


def test_who_deployed_and_why_it_failed_is_for_those_who_deploy(world: ApiWorld) -> None:
    assert "kim" not in world.ask("listServices", api=OWN).body


def test_the_api_that_is_asked_is_listed_once_where_the_gateway_serves_it(world: ApiWorld) -> None:
    found = told(world.ask("listServices", api=SERVICE))

    assert ["portal", "회원"] == [item["name"] for item in found["items"]]


def test_a_parameter_is_refused(world: ApiWorld) -> None:
    found = world.ask("listServices", query={"name": "a"})

    assert (400, ["name"]) == (found.status, fields_of(found))


@pytest.mark.row("159", how="statistics")
def test_statistics_call_services_by_their_names_and_by_the_id_where_nobody_knows_one(
    world: ApiWorld,
) -> None:
    gone = "g0g0g0g0g0"
    seen = [request(service=service) for service in (SERVICE, OWN, gone)]
    world.statistics.add("b1", roll_up(seen, SEOUL), NOW)
    period = {"from": (NOW - timedelta(hours=1)).isoformat(), "to": NOW.isoformat()}

    listed = told(world.ask("listStagesWithStatistics", api=OWN))
    names = {SERVICE: "회원", gone: gone, OWN: "cce-fleet-api"}
    assert names == {item["service"]: item["name"] for item in listed["items"]}
    for operation in ("getStageStatistics", "listResourceStatistics"):
        answers = [
            told(world.ask(operation, path={"service": each, "stage": STAGE}, query=period, api=OWN))
            for each in names
        ]
        assert names == {each["service"]: each["name"] for each in answers}


def test_statistics_are_told_by_ids_while_the_book_cannot_be_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "services.json").write_text("{", "utf-8")
    world = ApiWorld(services=DirectoryBook(tmp_path))
    world.statistics.add("batch", roll_up([request()], SEOUL), NOW)
    path = {"service": SERVICE, "stage": STAGE}
    period = {"from": (NOW - timedelta(hours=1)).isoformat(), "to": NOW.isoformat()}

    (listed,) = told(world.ask("listStagesWithStatistics", api=OWN))["items"]
    asked = told(world.ask("getStageStatistics", path=path, query=period, api=OWN))

    assert (SERVICE, SERVICE) == (listed["name"], asked["name"])
    assert "is damaged" in caplog.text
    assert world.ask("listServices", api=OWN).status >= 500, "what services there are is not known"
