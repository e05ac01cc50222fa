"""The private API on the local stack: gateway, key, function, tables, state machine."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import urllib3

from lab import nodes
from stack import API_DOMAIN, API_KEY, HUB, RECORDINGS, REGION

if TYPE_CHECKING:
    from stack import Stack

pytestmark = pytest.mark.stack


def _path(srvid: str) -> str:
    return f"/srv/{quote(srvid, safe='')}"


def test_without_the_right_key_there_is_no_answer(stack: Stack) -> None:
    assert [403, 403] == [stack.ask("GET", "/srv", key=key)[0] for key in ("", "another-key-of-somebody")]


def test_a_server_is_created_changed_and_never_overwritten_blindly(stack: Stack) -> None:
    path = _path(f"{HUB}/{REGION}/i-0a1b2c3d4e5f60718")
    assert 404 == stack.ask("GET", path)[0]
    assert 428 == stack.ask("PUT", path, {"name": "web-1"})[0]

    status, headers, made = stack.ask("PUT", path, {"name": "web-1", "alive": False}, If_None_Match="*")
    assert (201, "web-1") == (status, made["name"])
    assert 200 == stack.ask("PUT", path, made | {"role": "web"}, If_Match=headers["etag"])[0]
    assert 412 == stack.ask("PUT", path, made, If_Match=headers["etag"])[0]
    assert 409 == stack.ask("PUT", path, {"aws_account_id": "999999999999"}, If_Match="*")[0]

    assert "web" == stack.ask("GET", "/srv/i-0a1b2c3d4e5f60718")[2]["role"]
    listed = stack.ask("GET", f"/srv?account={HUB}&role=web&name=web-")[2]
    assert [made["srvid"]] == [row["srvid"] for row in listed["items"]]


def test_an_assessment_joins_the_inventory_and_is_followed_to_its_report(stack: Stack) -> None:
    recording = nodes.Recording(RECORDINGS / "debian12-misconfigured.evidence")
    probed, excluded = (stack.server(recording, "api") for _ in range(2))
    reason = {"excluded": True, "excluded_reason": "replaced soon"}
    for srvid, record in ((probed, {"owner": "platform"}), (excluded, reason)):
        assert 201 == stack.ask("PUT", _path(srvid), record, If_None_Match="*")[0]

    status, headers, started = stack.ask("POST", "/assessments", {"scope": {"servers": [probed, excluded]}})
    assert 202 == status
    path = headers["location"].removeprefix("/v1")
    stack.eventually(lambda: stack.ask("GET", path)[2].get("status") in {"ended", "stopped"}, 120)

    ended = stack.ask("GET", path)[2]
    assert ("ended", "complete") == (ended["status"], ended["outcome"]), ended
    assert (2, 1, 1) == tuple(ended["progress"][name] for name in ("expected", "assessed", "skipped"))
    targets = stack.targets(started["assessment_id"])
    assert "platform" == targets[probed]["owner"]
    assert "replaced soon" in targets[excluded]["reason_en"]
    newest = stack.ask("GET", "/assessments?limit=1")[2]["items"]
    assert [started["assessment_id"]] == [row["assessment_id"] for row in newest]

    found = stack.ask("GET", f"{_path(probed)}/verdicts?verdict=vulnerable")[2]
    assert started["assessment_id"] == found["assessment_id"]
    assert found["items"]
    assert [] == stack.ask("GET", f"{_path(excluded)}/verdicts")[2]["items"]

    status, headers, _ = stack.ask("GET", f"{path}/report?format=csv")
    assert 302 == status
    assert probed.encode() in urllib3.request("GET", headers["location"]).data


def test_the_api_answers_by_its_own_name_under_the_same_paths(stack: Stack) -> None:
    """MiniStack routes by the name and its base path, as API Gateway does; DNS and TLS are not there."""
    path = _path(f"{HUB}/{REGION}/i-0b1b2c3d4e5f60718")
    stack.ask("PUT", path, {"name": "web-2"}, If_None_Match="*")

    def answer(place: str, key: str = API_KEY) -> int:
        headers = {"Host": API_DOMAIN, "x-api-key": key}
        return urllib3.request("GET", f"{stack.lab.endpoint}{place}", headers=headers).status

    assert f"https://{API_DOMAIN}/v1" == stack.outputs["ApiDomainUrl"]
    assert [200, 403, 404] == [answer(f"/v1{path}"), answer(f"/v1{path}", key="wrong"), answer(f"/v2{path}")]


def test_an_assessment_that_nobody_started_is_unknown(stack: Stack) -> None:
    assert 404 == stack.ask("GET", "/assessments/20200101T000000Z-0000")[0]


def _preflight(stack: Stack, path: str, origin: str) -> tuple[int, dict[str, str]]:
    """What a browser asks before a page may send its key: without the key."""
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "x-api-key",
    }
    answer = urllib3.request("OPTIONS", f"{stack.api_url}{path}", headers=asked)
    return answer.status, {name.lower(): value for name, value in answer.headers.items()}


def test_a_page_of_a_named_origin_calls_the_api_as_a_browser_does(stack: Stack) -> None:
    path = _path(f"{HUB}/{REGION}/i-0b1b2c3d4e5f60799")
    for origin in ("https://console.example", "https://second.example:8443"):
        status, asked = _preflight(stack, path, origin)
        assert (204, origin) == (status, asked["access-control-allow-origin"])
        assert "x-api-key" in asked["access-control-allow-headers"]
        status, headers, _ = stack.ask("GET", path, Origin=origin)
        assert (404, origin) == (status, headers["access-control-allow-origin"])


def test_a_page_of_another_origin_is_not_admitted(stack: Stack) -> None:
    for path in ("/srv", "/assessments", _path(f"{HUB}/{REGION}/i-0b1b2c3d4e5f60718")):
        status, asked = _preflight(stack, path, "https://evil.example")
        assert (204, False) == (status, "access-control-allow-origin" in asked)
    assert "access-control-allow-origin" not in stack.ask("GET", "/srv", Origin="https://evil.example")[1]


def test_a_page_can_read_why_the_gateway_refused_it(stack: Stack) -> None:
    refused = stack.ask("GET", "/srv", key="", Origin="https://console.example")
    unknown = stack.ask("GET", "/nowhere", Origin="https://console.example")

    assert [(403, "*"), (404, "*")] == [
        (a[0], a[1]["access-control-allow-origin"]) for a in (refused, unknown)
    ]
    kinds = [a[2]["type"].rsplit(":", 1)[-1] for a in (refused, unknown)]
    assert ["no-key", "unknown-path"] == kinds
