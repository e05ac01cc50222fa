"""Statistics over the API: points of the right length, what exists yet, the table by method and path."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api_world import ApiWorld, fields_of, told
from cce.gateway.statistics.tally import roll_up
from statistics_samples import NOW, SEOUL, SERVICE, STAGE, request

PLACE = {"service": SERVICE, "stage": STAGE}


@pytest.fixture
def world() -> ApiWorld:
    """A world in which it is :data:`NOW`, with some requests of the last two days."""
    world = ApiWorld()
    seen = [
        request(0.5),
        request(15, status=404, answered_by="gateway", method="", path="", milliseconds=2, bytes_out=0),
        request(15, method="POST", path="/members", status=201),
        request(60 * 30, status=500),
        request(15, stage="default", status=302),
    ]
    world.statistics.add("b1", roll_up(seen, SEOUL), NOW)
    return world


def ask(
    world: ApiWorld, operation: str = "getStageStatistics", path: dict[str, str] = PLACE, **more: str
) -> Any:
    length = timedelta(minutes=int(more.pop("minutes", "60")))
    period = {"from": (NOW - length).isoformat(), "to": NOW.isoformat()} | more
    return world.ask(operation, path=path, query=period)


@pytest.mark.row("158", "160", "163", "164", "165", "166", "167", "170", "171", how="statistics")
def test_a_stage_over_an_hour_has_a_point_for_every_minute(world: ApiWorld) -> None:
    found = told(ask(world))

    assert ("1m", 60, "Asia/Seoul") == (found["granularity"], len(found["points"]), found["zone"])
    assert ("2026-11-22T00:30:00Z", "2026-11-22T01:30:00Z") == (found["from"], found["to"])
    assert {
        "success": 1,
        "failure": 1,
        "status_2xx": 1,
        "status_3xx": 0,
        "status_4xx": 1,
        "status_5xx": 0,
        "answered_by_gateway": 1,
        "mean_ms": 21.0,
        "bytes_out": 512,
    } == found["points"][45]["counts"]
    assert 3 == found["total"]["success"] + found["total"]["failure"]


@pytest.mark.row("162", how="statistics")
def test_a_point_that_does_not_exist_yet_is_told_from_one_without_requests(world: ApiWorld) -> None:
    """Ten minutes exist a minute after their end: those up to now do not, and the request in them waits."""
    found = told(ask(world, minutes="61"))

    assert "10m" == found["granularity"]
    assert [False] * 6 + [True] == [point["counts"] is None for point in found["points"]]
    assert 0 == found["points"][0]["counts"]["success"]
    assert found["points"][0]["counts"]["mean_ms"] is None
    assert ("2026-11-22T01:20:00Z", "2026-11-22T01:30:00Z") == (found["ready_until"], found["last_updated"])
    assert 2 == found["total"]["success"] + found["total"]["failure"]


@pytest.mark.row("160", "168", "169", "172", "173", how="statistics")
def test_resources_are_listed_by_method_and_mapped_path_with_one_line_for_unmapped(world: ApiWorld) -> None:
    found = told(ask(world, "listResourceStatistics"))

    assert [("", "(none)"), ("POST", "/members"), ("GET", "/members/{memberId}")] == [
        (row["method"], row["path"]) for row in found["items"]
    ]
    none, post, _ = (row["counts"] for row in found["items"])
    assert (0, 1, 1, 2.0) == tuple(none[n] for n in ("success", "failure", "answered_by_gateway", "mean_ms"))
    assert (1, 40.0, 512) == (post["success"], post["mean_ms"], post["bytes_out"])


@pytest.mark.parametrize("minutes", ["60", "61", "1500", "20000"])
def test_both_tables_have_the_same_total(world: ApiWorld, minutes: str) -> None:
    stage = told(ask(world, minutes=minutes))
    resources = told(ask(world, "listResourceStatistics", minutes=minutes))

    assert stage["total"] == resources["total"]
    assert stage["ready_until"] == resources["ready_until"]


def test_resources_come_in_pages(world: ApiWorld) -> None:
    rows: list[str] = []
    more: dict[str, str] = {}
    while True:
        found = told(ask(world, "listResourceStatistics", limit="1", **more))
        rows += [row["path"] for row in found["items"]]
        if found["next"] is None:
            break
        more = {"token": found["next"]}

    assert ["(none)", "/members", "/members/{memberId}"] == rows
    elsewhere = {"service": SERVICE, "stage": "-"}
    refused = ask(world, "listResourceStatistics", path=elsewhere, limit="1", **more)
    assert (400, ["token"]) == (refused.status, fields_of(refused))


@pytest.mark.parametrize("stage", ["-", "default"])
def test_the_default_stage_is_a_dash_in_the_path_or_what_aws_calls_it(world: ApiWorld, stage: str) -> None:
    found = told(ask(world, path={"service": SERVICE, "stage": stage}))

    assert ("default", 1, 1) == (found["stage"], found["total"]["success"], found["total"]["status_3xx"])


@pytest.mark.row("159", how="statistics")
def test_stages_with_statistics_are_listed(world: ApiWorld) -> None:
    found = told(world.ask("listStagesWithStatistics"))

    assert ("Asia/Seoul", [(SERVICE, "default"), (SERVICE, STAGE)]) == (
        found["zone"],
        [(item["service"], item["stage"]) for item in found["items"]],
    )


def test_a_stage_of_which_nothing_was_counted_says_so(world: ApiWorld) -> None:
    found = told(ask(world, path={"service": SERVICE, "stage": "never"}))

    assert found["last_updated"] is None
    assert 0 == found["total"]["success"]


@pytest.mark.row("161", how="statistics")
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2026-08-20T00:00:00Z"}, "from"),
        ({"from": "2026-11-22T01:30:00Z"}, "from"),
        ({"from": "0001-01-01T00:00:00+14:00"}, "from"),
        ({"to": "2027-11-22T01:30:00Z"}, "to"),
        ({"from": "2026-11-22T00:30:00"}, "from"),  # without an offset it is no moment
        ({"from": "yesterday"}, "from"),
        ({"unit": "1m"}, "unit"),
    ],
)
def test_a_period_that_cannot_be_answered_names_its_field(
    world: ApiWorld, query: dict[str, str], field: str
) -> None:
    found = ask(world, **query)

    assert (400, [field]) == (found.status, fields_of(found))


@pytest.mark.parametrize(
    ("path", "field"),
    [({"service": "a b", "stage": "x"}, "service"), ({"service": "a", "stage": "x/y"}, "stage")],
)
def test_a_place_that_is_none_is_refused(world: ApiWorld, path: dict[str, str], field: str) -> None:
    found = ask(world, path=path)

    assert (400, [field]) == (found.status, fields_of(found))
