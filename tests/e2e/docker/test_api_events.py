"""The API's events run in containers by ``sam local invoke``; ``sam local start-api`` serves the API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

from lab import nodes
from lab.calls import denied
from lab.errors import LabError
from lab.sam_api import SamApi
from lab.sam_local import SamLocal
from stack import HUB, RECORDINGS, REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stack import Stack

pytestmark = pytest.mark.docker

EVENTS = Path(__file__).resolve().parents[3] / "events"
SRVID = f"{HUB}/{REGION}/i-0a1b2c3d4e5f60718"

#: In an order in which each finds what the others left; the assessment of the last two was never started.
TOLD = {
    "api-put-srv": 201,
    "api-get-srv": 200,
    "api-by-domain": 200,
    "api": 200,
    "api-verdicts": 200,
    "api-findings": 200,
    "api-services": 200,
    "api-statistics-stages": 200,
    "api-dashboard": 200,
    "api-start-assessment": 202,
    "api-list-assessments": 200,
    "api-get-assessment": 404,
    "api-report": 404,
}

#: The period that these ask for is some day longer ago than statistics are kept.
DATED = {"api-statistics", "api-statistics-resources"}


@pytest.fixture(scope="module")
def answers(sam: SamLocal) -> dict[str, dict[str, Any]]:
    """What the function answers to each event of the API."""
    found = {name: sam.invoke("ApiFunction", EVENTS / f"{name}.json") for name in (*TOLD, *sorted(DATED))}
    assert [] == [answer for answer in found.values() if answer.raised]
    return {name: answer.result for name, answer in found.items()}


@pytest.fixture(scope="module")
def api(sam: SamLocal) -> Iterator[SamApi]:
    with SamApi(sam) as served:
        yield served


def body(answer: dict[str, Any]) -> Any:
    return json.loads(answer["body"])


def test_every_event_of_the_api_is_told_here() -> None:
    assert {file.stem for file in EVENTS.glob("api*.json")} == TOLD.keys() | DATED


def test_each_event_has_its_answer(answers: dict[str, dict[str, Any]]) -> None:
    assert TOLD == {name: answers[name]["statusCode"] for name in TOLD}
    assert {answers[name]["statusCode"] for name in DATED} <= {200, 400}


def test_the_inventory_holds_what_the_events_put_there(answers: dict[str, dict[str, Any]]) -> None:
    made = body(answers["api-put-srv"])

    assert SRVID == made["srvid"]
    assert [made] * 2 == [body(answers[name]) for name in ("api-get-srv", "api-by-domain")]
    assert made in body(answers["api"])["items"]


def test_an_assessment_that_a_container_started_runs_in_the_stack(
    stack: Stack, answers: dict[str, dict[str, Any]]
) -> None:
    started = body(answers["api-start-assessment"])
    executions = stack.lab.client("stepfunctions").list_executions(
        stateMachineArn=stack.outputs["StateMachineArn"]
    )["executions"]

    assert started["assessment_id"] in {execution["name"] for execution in executions}


def test_the_looking_functions_run_in_containers_too(stack: Stack, sam: SamLocal) -> None:
    stack.server(nodes.Recording(RECORDINGS / "debian12-default.evidence"), "local", "222222222222")

    doctor = sam.invoke("DoctorFunction", EVENTS / "doctor.json").result
    onboard = sam.invoke("OnboardFunction", EVENTS / "onboard.json").result

    assert (HUB, 1) == (doctor["account"], doctor["exit_status"])
    assert (["222222222222"], 0) == ([a["account"] for a in onboard["accounts"]], onboard["exit_status"])


def test_the_api_is_served_on_this_machine(api: SamApi, answers: dict[str, dict[str, Any]]) -> None:
    def ask(method: str, path: str, sent: str | None = None) -> urllib3.BaseHTTPResponse:
        return urllib3.request(method, f"{api.url}{path}", body=sent, timeout=60, retries=False)

    found = ask("GET", f"/srv/{SRVID.replace('/', '%2F')}")

    assert (200, body(answers["api-put-srv"])) == (found.status, found.json())
    assert answers["api-get-srv"]["multiValueHeaders"]["ETag"] == [found.headers["ETag"]]
    assert 200 == ask("GET", f"/srv/{SRVID}/verdicts").status
    assert 428 == ask("PUT", f"/srv/{SRVID}", "{}").status
    assert 403 == ask("GET", "/unknown").status  # SAM's own; API Gateway answers 404, as the template says


def test_iam_refused_nothing(stack: Stack, answers: dict[str, dict[str, Any]], api: SamApi) -> None:  # noqa: ARG001 - they ran
    assert [] == denied(stack.lab.calls())


def test_a_second_command_on_the_same_lab_is_told_to_wait(stack: Stack, sam: SamLocal) -> None:  # noqa: ARG001 - it holds the lab
    with pytest.raises(LabError, match="for another command"):
        SamLocal(stack.lab.environment()).__enter__()
