"""functions/api with its events, and bad input as API Gateway hands it on (tests/data/api-bad-input.json)."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from api_world import HUB, REGION
from aws_by_moto import make_table
from cce.api.openapi import document
from cce.api.routes import OPERATIONS
from cce.gateway.records import ServiceRecord, StageRecord
from cce.gateway.statistics.tally import roll_up
from lambda_functions import CONTEXT, ROOT, event_of, load_function
from statistics_samples import NOW, SEOUL, request

if TYPE_CHECKING:
    from types import ModuleType

BAD = json.loads((ROOT / "tests/data/api-bad-input.json").read_text("utf-8"))


def environment() -> dict[str, str]:
    """What template.yaml tells the function; its tables are made."""
    return {
        "AWS_REGION": REGION,
        "BUCKET": "data",
        "INVENTORY_TABLE": make_table("i", "kind", "srvid", instance=("instance-id", "srvid")),
        "ASSESSMENTS_TABLE": make_table("a", "assessment_id", "entry", newest=("kind", "assessment_id")),
        "VERDICTS_TABLE": make_table("v", "srvid", "verdict_key"),
        "STATISTICS_TABLE": make_table("s", "series", "point"),
        "STATISTICS_ZONE": "Asia/Seoul",
        "GATEWAY_BOOK_TABLE": make_table("b", "service", "entry"),
        "API_NAME": "cce-fleet-api",
        "FINDINGS_TABLE": make_table("f", "srvid", "finding_key"),
        "STATE_MACHINE": f"arn:aws:states:{REGION}:{HUB}:stateMachine:cce-fleet-assessment",
        "ACCOUNT_SOURCE": "list",
        "ACCOUNTS": HUB,
        "ACCOUNTS_TABLE": "",
        "CORS_ORIGINS": "https://console.example,https://second.example:8443",
    }


@pytest.fixture
def function(aws: None, monkeypatch: pytest.MonkeyPatch) -> ModuleType:  # noqa: ARG001 - it is there
    return load_function("api", environment(), monkeypatch)


def ask(function: ModuleType, event: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
    answer = function.handler(event, CONTEXT)
    headers = {name: values[0] for name, values in answer["multiValueHeaders"].items()}
    return answer["statusCode"], headers, json.loads(answer["body"]) if answer["body"] else None


def test_the_events_tell_the_story_of_a_server(function: ModuleType) -> None:
    assert 404 == ask(function, event_of("api-get-srv"))[0]
    created, headers, made = ask(function, event_of("api-put-srv"))
    assert (201, "인터넷뱅킹") == (created, made["service"])

    found = ask(function, event_of("api-get-srv"))
    assert (200, headers["ETag"], made) == (found[0], found[1]["ETag"], found[2])
    assert "application/json" == found[1]["Content-Type"]
    assert [made] == ask(function, event_of("api"))[2]["items"]
    assert 412 == ask(function, event_of("api-put-srv"))[0]
    for name in ("api-verdicts", "api-findings"):
        status, _, answered = ask(function, event_of(name))
        assert (200, []) == (status, answered["items"])


def test_the_events_tell_the_story_of_an_assessment(function: ModuleType) -> None:
    with Stubber(function.api.executions._states) as states:  # noqa: SLF001 - answers of AWS are played there
        states.add_response("start_execution", {"executionArn": "arn", "startDate": 0})
        status, headers, made = ask(function, event_of("api-start-assessment"))
        assert (202, f"/v1/assessments/{made['assessment_id']}") == (status, headers["Location"])
        states.add_client_error("describe_execution", "ExecutionDoesNotExist")
        assert 404 == ask(function, event_of("api-get-assessment"))[0]
    assert {"items": [], "next": None} == ask(function, event_of("api-list-assessments"))[2]
    assert 404 == ask(function, event_of("api-report"))[0]


def test_services_are_those_of_the_book_and_the_api_itself(function: ModuleType) -> None:
    function.api.services.put_service(ServiceRecord(id="k3j2h1g0f9", name="회원", api="m1m2m3m4m5"))
    function.api.services.put_stage(StageRecord(service="k3j2h1g0f9", stage="", version=1))
    seen = [request(service=service) for service in ("m1m2m3m4m5", "a1b2c3d4e5")]
    function.api.statistics.add("b1", roll_up(seen, SEOUL), NOW)

    status, _, found = ask(function, event_of("api-services"))
    listed = ask(function, event_of("api-statistics-stages"))[2]

    names = {"m1m2m3m4m5": "회원", "a1b2c3d4e5": "cce-fleet-api"}
    assert (200, names) == (status, {item["api"]: item["name"] for item in found["items"]})
    assert [["default"], ["v1"]] == [[stage["stage"] for stage in item["stages"]] for item in found["items"]]
    assert names == {item["service"]: item["name"] for item in listed["items"]}


def test_without_a_gateway_the_api_knows_itself_alone(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - it is there
    function = load_function("api", environment() | {"GATEWAY_BOOK_TABLE": ""}, monkeypatch)

    assert ["cce-fleet-api"] == [item["name"] for item in ask(function, event_of("api-services"))[2]["items"]]


def test_there_is_an_event_for_every_operation() -> None:
    events = [event_of(file.stem) for file in ROOT.glob("events/api*.json")]

    assert {(o.method, o.path) for o in OPERATIONS} == {(e["httpMethod"], e["resource"]) for e in events}


@pytest.mark.parametrize("case", BAD, ids=[case["case"] for case in BAD])
def test_bad_input_is_answered_with_a_problem_and_writes_nothing(
    function: ModuleType, case: dict[str, Any]
) -> None:
    ask(function, event_of("api-put-srv"))
    table = boto3.resource("dynamodb").Table("i")
    before = table.scan()["Items"]
    event = event_of(case["event"]) | case.get("with", {})
    event["headers"] = case.get("headers", {})
    if "long" in case:
        event["body"] = json.dumps({"etc": "x" * case["long"]})

    status, headers, problem = ask(function, event)

    assert (case["status"], case["type"]) == (status, problem["type"].rsplit(":", 1)[-1]), problem
    assert case.get("fields", []) == [error["field"] for error in problem["errors"]]
    assert "application/problem+json" == headers["Content-Type"]
    assert status == problem["status"]
    assert before == table.scan()["Items"]


@pytest.mark.parametrize(
    "path",
    [
        "/srv/111111111111%2Fap-northeast-2%2Fi-0a1b2c3d4e5f60718",
        "/srv/111111111111/ap-northeast-2/i-0a1b2c3d4e5f60718",
        "/v1/srv/111111111111%2Fap-northeast-2%2Fi-0a1b2c3d4e5f60718",
        "/srv/i-0a1b2c3d4e5f60718",
    ],
)
def test_a_server_is_found_however_its_path_arrives(function: ModuleType, path: str) -> None:
    ask(function, event_of("api-put-srv"))

    assert 200 == ask(function, event_of("api-get-srv") | {"path": path})[0]


def from_page(function: ModuleType, name: str, origin: str, **changed: Any) -> tuple[int, dict[str, str]]:
    """Ask as a browser does for a page of that origin; returns status and headers."""
    event = event_of(name) | changed
    event["headers"] = event["headers"] | {"Origin": origin}
    return ask(function, event)[:2]


def test_a_page_of_a_named_origin_may_call_and_read_the_etag(function: ModuleType) -> None:
    asked, preflight = from_page(function, "api-put-srv", "https://console.example", httpMethod="OPTIONS")
    status, headers = from_page(function, "api-put-srv", "https://console.example")

    assert (204, 201) == (asked, status)
    assert {preflight["Access-Control-Allow-Origin"], headers["Access-Control-Allow-Origin"]} == {
        "https://console.example"
    }
    assert "GET, PUT, OPTIONS" == preflight["Access-Control-Allow-Methods"]
    assert {"x-api-key", "if-match"} <= set(preflight["Access-Control-Allow-Headers"].split(", "))
    assert "ETag" in headers["Access-Control-Expose-Headers"]


def test_a_page_of_another_origin_may_not(function: ModuleType) -> None:
    for changed in ({"httpMethod": "OPTIONS"}, {}):
        _, headers = from_page(function, "api-put-srv", "https://console.example.evil.example", **changed)
        assert "Origin" == headers["Vary"]
        assert [] == [name for name in headers if name.startswith("Access-Control-")]


def test_problems_are_for_the_page_too(function: ModuleType) -> None:
    for changed in ({}, {"path": "/nowhere"}):
        status, headers = from_page(function, "api-get-srv", "https://second.example:8443", **changed)
        assert (404, "https://second.example:8443") == (status, headers["Access-Control-Allow-Origin"])


def test_every_path_is_asked_for_its_methods(function: ModuleType) -> None:
    for operation in OPERATIONS:
        for path in operation.paths:
            status, headers, _ = ask(
                function, event_of("api-put-srv") | {"httpMethod": "OPTIONS", "path": path}
            )
            assert (204, True) == (status, operation.method in headers["Allow"].split(", "))


@pytest.mark.parametrize("path", sorted({o.path for o in OPERATIONS if "{" in o.path}))
def test_a_path_that_no_id_can_make_is_unknown_and_documented(function: ModuleType, path: str) -> None:
    strange = re.sub(r"\{\w+\}", "\x84", path)

    assert 404 == ask(function, event_of("api-get-srv") | {"path": strange})[0]
    described = document()["paths"][path]
    assert all("404" in operation["responses"] for operation in described.values())


def test_a_body_in_base64_is_a_body(function: ModuleType) -> None:
    event = event_of("api-put-srv")
    encoded = b64encode(event["body"].encode()).decode()

    assert 400 == ask(function, event | {"body": "%%%", "isBase64Encoded": True})[0]
    assert 201 == ask(function, event | {"body": encoded, "isBase64Encoded": True})[0]
