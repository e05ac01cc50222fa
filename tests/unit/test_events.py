"""The events that the README tells people to try are what the functions take."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cce import readiness
from cce.doctor import asked
from cce.doctor.collect import Question
from cce.errors import ScopeError
from cce.events import read_event
from cce.pipeline.collect import StatusEvent
from cce.pipeline.dispatch import Job
from cce.pipeline.plan import Request, Trigger

EVENTS = Path(__file__).resolve().parents[2] / "events"


def _event(name: str) -> dict[str, object]:
    return dict(json.loads((EVENTS / f"{name}.json").read_text("utf-8")))


def test_there_is_an_event_for_every_function() -> None:
    functions = {folder.name for folder in (EVENTS.parent / "functions").iterdir() if folder.is_dir()}

    assert functions <= {file.stem for file in EVENTS.iterdir()}


@pytest.mark.parametrize("name", [file.stem for file in EVENTS.glob("assessment-*.json")])
def test_inputs_of_a_manual_execution_are_requests(name: str) -> None:
    Request.model_validate(_event(name))


def test_the_events_of_the_steps_parse() -> None:
    trigger = Trigger.model_validate(_event("plan"))
    job = Job.parse(_event("dispatch")["Records"][0]["body"])  # type: ignore[index]
    status = StatusEvent.parse(_event("collect")["Records"][0]["body"])  # type: ignore[index]

    assert trigger.execution_name == job.assessment_id == _event("report")["assessment_id"]
    assert job.srvid.endswith(status.detail.instance_id)


def test_the_doctors_event_is_its_question_and_the_function_says_where_it_stands() -> None:
    question = read_event(asked.Asked, _event("doctor")).question(
        functions="cce-fleet", stands_in="vpc-0a1b2c3d"
    )

    assert Question(clients=("10.20.0.0/16",), stands_in="vpc-0a1b2c3d") == question


def test_an_event_of_onboarding_names_accounts_or_none() -> None:
    events = [_event("onboard"), {}]

    assert [("222222222222",), ()] == [read_event(readiness.Asked, each).accounts for each in events]


@pytest.mark.parametrize(
    ("kind", "event", "said"),
    [
        (readiness.Asked, {"accounts": ["222222222222", "22222222222"]}, "accounts.1: .*'22222222222'"),
        (readiness.Asked, {"account": ["222222222222"]}, "account: Extra inputs"),
        (asked.Asked, {"vpcs": "vpc-0a1b2c3d"}, "vpcs: .* tuple"),
        (asked.Asked, {"region": "us-east-1"}, "region: Extra inputs"),
    ],
)
def test_a_malformed_event_is_refused_with_its_field(
    kind: type[asked.Asked | readiness.Asked], event: dict[str, object], said: str
) -> None:
    with pytest.raises(ScopeError, match=said):
        read_event(kind, event)
