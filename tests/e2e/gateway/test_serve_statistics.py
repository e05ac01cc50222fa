"""``cce gateway serve`` counts its own calls: the numbers, the file that keeps them, and the page."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from cce.gateway.statistics.period import Period
from cce.gateway.statistics.tally import Resource, roll_up
from cce.store.statistics_file import FileStatistics
from gateway_server import curl, served
from gateway_world import definition, fixed, to
from statistics_samples import SEOUL, request

if TYPE_CHECKING:
    from pathlib import Path

    from gateway_backend import Backend


def tree() -> dict[str, Any]:
    return {
        "/members/{id}": {"methods": {"GET": to("/big/50")}},
        "/lost": {"methods": {"GET": to("/status/404")}},
        "/custom": {"methods": {"GET": fixed(418, "tea")}},
        "/slow": {"methods": {"GET": to("/sleep/3")}},
    }


@pytest.mark.row("160", "163", "166", "167", "168", "171", how="local")
def test_every_call_is_counted_and_who_answered_it(there: Backend, tmp_path: Path) -> None:
    kept = tmp_path / "statistics.db"
    dev = {"name": "dev", "backend": there.url, "timeout_seconds": 0.3, "blocking": {"failures": 1}}
    before = datetime.now(UTC)
    with served(
        tmp_path, definition(tree(), {"backend": there.url}, dev), "--statistics", str(kept)
    ) as server:
        paths = ("members/a", "members/b", "lost", "custom", "nowhere", "dev/slow", "dev/slow")
        assert [200, 200, 404, 418, 404, 504, 503] == [curl(f"{server.url}/{path}").status for path in paths]
        assert 400 == curl(f"{server.url}/custom", "-H", "Host: no host").status
        stages = json.loads(curl(f"{server.url}/-/statistics").body)
        assert ("Asia/Seoul", [("members", ""), ("members", "dev")]) == (
            stages["zone"],
            [(each["service"], each["stage"]) for each in stages["items"]],
        ), "what was answered is there at once"
        curl(f"{server.url}/members/c")
        server.stop()

    book = FileStatistics(kept)
    later = datetime.now(UTC) + timedelta(minutes=2)
    period = Period.asked(before, later, now=later, zone=SEOUL)
    default, slow = (book.resources("members", stage, period) for stage in ("", "dev"))
    book.close()
    assert {
        Resource("/members/{id}", "GET"): (3, 0, 0, 150),
        Resource("/lost", "GET"): (0, 1, 0, len(b"by the backend")),
        Resource("/custom", "GET"): (0, 1, 1, len(b"tea")),
    } == {
        resource: (tally.success, tally.failure, tally.answered_by_gateway, tally.bytes_out)
        for resource, tally in default.items()
        if resource.path
    }
    unmapped = default[Resource()]
    assert (2, 2) == (unmapped.status_4xx, unmapped.answered_by_gateway), "no path, and no request"
    tally = slow[Resource("/slow", "GET")]
    assert (2, 1) == (tally.status_5xx, tally.answered_by_gateway), "late: passed on; blocked: not"
    assert tally.microseconds >= 300_000


@pytest.mark.row("158", "159", "162", "169", "170", "171", how="local")
def test_the_numbers_of_a_file_and_the_page(there: Backend, tmp_path: Path) -> None:
    kept, now = tmp_path / "statistics.db", datetime.now(UTC)
    earlier = [
        request(at=now - timedelta(minutes=minutes), service="members", stage="", status=status)
        for minutes, status in ((5, 200), (5, 500), (9, 204))
    ]
    book = FileStatistics(kept)
    book.add("before", roll_up(earlier, SEOUL), now)
    book.close()
    file = definition(tree(), {"backend": there.url})
    with served(tmp_path, file, "--statistics", str(kept), "--zone", "UTC") as server:
        below = f"{server.url}/-/services/members/stages/-/statistics"
        moments = [quote((now - timedelta(minutes=m)).isoformat()) for m in (50, 0)]
        query = f"?from={moments[0]}&to={moments[1]}"
        over_time, by_resource = (
            json.loads(curl(f"{below}{more}{query}").body) for more in ("", "/resources")
        )
        page = curl(f"{server.url}/-/dashboard")

        assert ("1m", "UTC", 2, 1) == (
            over_time["granularity"],
            over_time["zone"],
            over_time["total"]["success"],
            over_time["total"]["failure"],
        )
        assert [("GET", "/members/{memberId}", 2)] == [
            (each["method"], each["path"], each["counts"]["success"]) for each in by_resource["items"]
        ]
        assert (200, "text/html; charset=utf-8") == (page.status, page.headers["content-type"])
        assert page.headers["content-security-policy"].startswith("default-src 'none'; script-src 'sha256-")
        assert b"</html>" in page.body
        assert f"statistics: {server.url}/-/dashboard" in server.said
        answers = [
            curl(f"{server.url}/-/{path}") for path in ("elsewhere", "statistics?from=1", "statistics/")
        ]
        assert [404, 400, 404] == [answer.status for answer in answers]
        assert "/-/" not in server.said.split("dashboard", 1)[1], "its own paths are no calls of the API"


@pytest.mark.row("158", "159", how="local")
def test_a_service_has_its_name_whatever_letters_that_has(there: Backend, tmp_path: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    dev, prod = ({"name": name, "backend": there.url} for name in ("dev", "prod"))
    file = definition(tree(), dev, prod).replace(b'"members"', '"회원 서비스"'.encode())
    with served(tmp_path, file, "--stage", "dev") as server:
        assert 418 == curl(f"{server.url}/dev/custom").status
        (service,) = json.loads(curl(f"{server.url}/-/services").body)["items"]
        (counted,) = json.loads(curl(f"{server.url}/-/statistics").body)["items"]
        now = datetime.now(UTC)
        moments = [quote((now + timedelta(minutes=m)).isoformat()) for m in (-30, 0)]
        place = f"services/{service['api']}/stages/dev/statistics"
        found = curl(f"{server.url}/-/{place}?from={moments[0]}&to={moments[1]}")

    assert ("회원 서비스", ["dev", "prod"]) == (
        service["name"],
        [stage["stage"] for stage in service["stages"]],
    )
    dev_served, prod_served = (stage["deployed"] for stage in service["stages"])
    assert before <= datetime.fromisoformat(dev_served["at"]) <= now
    assert prod_served is None
    assert (service["api"], "회원 서비스", "dev") == tuple(counted[n] for n in ("service", "name", "stage"))
    assert (200, "회원 서비스") == (found.status, json.loads(found.body)["name"])


@pytest.mark.row("160", how="local")
def test_they_are_for_this_machine_alone(there: Backend, tmp_path: Path) -> None:
    with served(tmp_path, definition(tree(), {"backend": there.url}), "--host", "0.0.0.0") as server:  # noqa: S104 - as containers do
        url = server.url.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - the same
        assert f"statistics: {url}/-/dashboard" in server.said
        foreign = ["-H", "Host: rebound.example"]
        answers = [curl(f"{url}/-/{path}", *foreign) for path in ("dashboard", "statistics")]

        assert [403, 403, 418] == [each.status for each in (*answers, curl(f"{url}/custom", *foreign))]
        assert 200 == curl(f"{url}/-/statistics", "-H", "Host: localhost:8080").status
