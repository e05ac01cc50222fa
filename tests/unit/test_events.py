"""The events that the README tells people to try are what the functions take."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

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
