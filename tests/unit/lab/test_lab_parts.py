"""The lab's smaller parts: the record of calls, the hooks' pure functions, the fleet, the terminal."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from lab import fleet
from lab.aws import venv
from lab.calls import Call, denied, recorded_calls
from lab.errors import LabError
from lab.host.definition import as_json
from lab.host.errors import error_class
from lab.host.record import Recorder, decision_of
from lab.keep import running
from lab.roots.record import RECORDED
from lab.show import ProgressView, show_end
from lab.watch import Progress

if TYPE_CHECKING:
    from pathlib import Path

MEMBERS = ("111111111111", "222222222222", "333333333333")
TRACEBACK = "Traceback (most recent call last):"
ROLE = "arn:aws:sts::111111111111:assumed-role/cce-fleet-PlanRole/plan"


def test_recorded_calls_come_back(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    recorder = Recorder(path)
    for decision in ("allow", "deny", "deny"):
        recorder.write(
            action="sqs:SendMessage", principal=ROLE, account="111111111111", resource="*", decision=decision
        )

    calls = recorded_calls(path)

    assert ("sqs", "SendMessage", "sqs:SendMessage", "cce-fleet-PlanRole") == (
        calls[0].service,
        calls[0].operation,
        calls[0].action,
        calls[0].role,
    )
    assert [calls[1]] == denied(calls)


def test_a_line_that_is_being_written_is_left_for_later(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    call = Call("s3", "GetObject", ROLE, "111111111111", "*", "allow")
    path.write_text(json.dumps(call.__dict__) + '\n{"service": "s')

    assert [call] == recorded_calls(path)


def test_no_record_is_no_calls(tmp_path: Path) -> None:
    assert [] == recorded_calls(tmp_path / "calls.jsonl")


class Refused:
    code = "ExpiredTokenException"


@pytest.mark.parametrize(
    ("outcome", "expected"), [(None, "allow"), (object(), "deny"), (Refused(), "ExpiredTokenException")]
)
def test_a_decision_has_a_name(outcome: object, expected: str) -> None:
    assert expected == decision_of(outcome)


def test_yaml_definitions_become_json_with_their_numbers() -> None:
    assert {"StartAt": "A", "TimeoutSeconds": 60} == json.loads(as_json("StartAt: A\nTimeoutSeconds: 60"))
    assert {"StartAt": "A"} == json.loads(as_json('{"StartAt": "A"}'))


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (
            'Traceback (most recent call last):\n  File "a.py", line 1\ncce.errors.ScopeError: CCE-102: x\ny',
            "ScopeError",
        ),
        (
            f"{TRACEBACK}\n  f\nKeyError: 'a'\n\nThe above…\n\n{TRACEBACK}\n  f\nValueError",
            "ValueError",
        ),
        ("a log line: nothing raised", ""),
    ],
)
def test_an_errors_class_is_read_from_its_traceback(log: str, expected: str) -> None:
    assert expected == error_class(log)


def test_the_demo_fleet_has_every_condition_and_trouble(tmp_path: Path) -> None:
    for condition in RECORDED:
        (tmp_path / f"debian12-{condition}.evidence").write_text("x")

    entries = fleet.demo(MEMBERS, ["box"], tmp_path)

    assert {"machine", "recording", "offline", "dies", "container"} == {each.node.kind for each in entries}
    assert set(MEMBERS) == {each.account for each in entries}
    assert len(entries) == len({each.name for each in entries})


def test_a_missing_recording_is_named(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="hardened"):
        fleet.recording("hardened", tmp_path)


def test_missing_tools_name_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_AWS_VENV", str(tmp_path))

    with pytest.raises(LabError, match="make setup"):
        venv("aws")


def test_a_lab_that_died_is_not_running(tmp_path: Path) -> None:
    state = tmp_path / "up.json"
    state.write_text('{"pid": 4194999}')

    assert running(state) is None
    assert running(tmp_path / "none.json") is None


def progress(state: str, **more: str) -> Progress:
    target = {"name": "web-1", "status": state, **more}
    return Progress("RUNNING", "a", {"111111111111/ap-northeast-2/i-00000000000000001": target}, {})


def test_without_a_terminal_each_change_is_one_line() -> None:
    output = io.StringIO()
    with ProgressView(Console(file=output, width=200)) as view:
        for each in (progress("waiting"), progress("waiting", step="sent"), progress("waiting", step="sent")):
            view.show(each)
        view.show(progress("failed", reason_en="half a document"))

    lines = output.getvalue().splitlines()
    assert ["waiting", "sent", "failed: half a document"] == [
        line.partition("i-00000000000000001")[2].strip() for line in lines
    ]


REPORT: dict[str, Any] = {
    "assessment": {"id": "20261122T013000Z-7f3a", "outcome": "partial"},
    "coverage": {"expected": 3, "assessed": 2, "failed": 1, "unreachable": 0, "percent": 66.7},
    "servers": [
        {"status": "assessed", "name": "web-1", "srvid": "a", "reason": ""},
        {"status": "failed", "name": "web-2", "srvid": "b", "reason": "half a document [red]"},
    ],
    "benchmarks": [
        {
            "benchmark": "kisa-2021",
            "summary": {
                "score": 71.25,
                "judged": 60,
                "good": 40,
                "vulnerable": 20,
                "review": 3,
                "not_applicable": 2,
                "error": 1,
            },
            "worst_findings": [
                {
                    "severity": "상",
                    "item": "U-01",
                    "title_ko": "root 계정 원격 접속 제한",
                    "name": "web-1",
                    "srvid": "a",
                    "reason": "PermitRootLogin is yes.",
                    "other_servers": 2,
                }
            ],
        }
    ],
}


def test_the_end_shows_coverage_score_worst_findings_and_paths(tmp_path: Path) -> None:
    output = io.StringIO()

    show_end(Console(file=output, width=200), REPORT, {"html": tmp_path / "report.html"})

    text = output.getvalue()
    for part in (
        "Coverage 66.7 %: 3 expected, 2 assessed, 1 failed",
        "failed: web-2: half a document [red]",
        "Score kisa-2021: 71.2 of 100 (60 judged: 40 good, 20 vulnerable",
        "U-01",
        "PermitRootLogin is yes.",
        str(tmp_path / "report.html"),
    ):
        assert part in text


def test_an_empty_assessment_is_not_100_percent() -> None:
    output = io.StringIO()
    empty = {**REPORT, "coverage": {"expected": 0, "percent": None}, "servers": [], "benchmarks": []}

    show_end(Console(file=output, width=200), empty, {})

    assert "no server was expected" in output.getvalue()
    assert "100" not in output.getvalue()
