"""Statistics on the local stack: a delivery of the access log is counted once, and the API tells of it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
import urllib3

from statistics_samples import delivery, line, request, written
from templates import hub, resources

if TYPE_CHECKING:
    from stack import Stack

pytestmark = pytest.mark.stack

_PATH = "/gateway/services/a1b2c3d4e5/stages/prod/statistics"


@pytest.mark.row("160", "168", "171", how="native")
def test_lines_of_the_access_log_become_statistics(stack: Stack) -> None:
    now = datetime.now(UTC)
    seen = [request(at=now - timedelta(minutes=5, seconds=n), path=f"/{n}") for n in range(30)]
    refused = request(at=now - timedelta(minutes=5), status=404, answered_by="gateway", method="", path="")
    event = delivery(*map(line, [*seen, refused]), "garbage", first=int(time.time()))

    assert [{"counted": 31, "malformed": 1}] * 2 == [stack.invoke("StatisticsFunction", event) for _ in "ab"]

    period = urlencode({"from": (now - timedelta(hours=1)).isoformat(), "to": now.isoformat()})
    _, _, found = stack.ask("GET", f"{_PATH}?{period}")
    assert (30, 1, 1) == tuple(found["total"][n] for n in ("success", "failure", "answered_by_gateway"))
    resources = stack.ask("GET", f"{_PATH}/resources?{period}&limit=10")[2]
    assert (10, found["total"]) == (len(resources["items"]), resources["total"])
    assert [("a1b2c3d4e5", "a1b2c3d4e5", "prod")] == [
        (item["service"], item["name"], item["stage"])
        for item in stack.ask("GET", "/gateway/statistics")[2]["items"]
    ]


@pytest.mark.row("158", "160", "171", how="native")
def test_calls_of_the_private_api_are_counted_under_its_own_name(stack: Stack) -> None:
    """MiniStack writes no access log: the lines are made here, of the format that the template states."""
    api = stack.outputs["ApiId"]
    stage = resources(hub(), "AWS::ApiGateway::Stage")["Apiv1Stage"]
    now = datetime.now(UTC)
    epoch = str(round((now - timedelta(minutes=5)).timestamp() * 1000))
    own = {"apiId": api, "stage": "v1", "resourcePath": "/srv", "requestTimeEpoch": epoch}
    unkeyed = {"status": "403", "integration_status": "-", "integration_latency": "-"}
    form = stage["AccessLogSetting"]["Format"]
    event = delivery(written(form, **own), written(form, **own | unkeyed), first=int(time.time()) + 100)

    assert {"counted": 2, "malformed": 0} == stack.invoke("StatisticsFunction", event)

    period = urlencode({"from": (now - timedelta(hours=1)).isoformat(), "to": now.isoformat()})
    _, _, found = stack.ask("GET", f"/gateway/services/{api}/stages/v1/statistics?{period}")
    assert ("cce-fleet-api", 1, 1, 1) == (
        found["name"],
        *(found["total"][n] for n in ("success", "failure", "answered_by_gateway")),
    )
    own_service = stack.ask("GET", "/gateway/services")[2]["items"][-1]
    assert (api, "cce-fleet-api") == (own_service["api"], own_service["name"])


@pytest.mark.row("158", how="native")
def test_the_page_needs_no_key_and_what_it_shows_does(stack: Stack) -> None:
    page = urllib3.request("GET", f"{stack.api_url}/gateway/dashboard")

    assert (200, "text/html; charset=utf-8") == (page.status, page.headers["content-type"])
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert 403 == urllib3.request("GET", f"{stack.api_url}/gateway/statistics").status
