"""Each finding against recorded answers that have the fault, and none against healthy ones."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING

import botocore.session
import pytest
from botocore import xform_name
from botocore.validate import validate_parameters

from cce.doctor.checks import CHECKS
from cce.doctor.run import NOT_LOOKED
from doctor_recordings import FAULTS, fault, healthy, refusing

if TYPE_CHECKING:
    from pathlib import Path

CALLS = sorted(call for call in healthy().document["aws"] if call != "sts.get_caller_identity")
SERVICES = botocore.session.get_session()


@pytest.mark.row("T32", how="doctor")
def test_a_healthy_account_has_no_finding_and_everything_was_looked_at() -> None:
    diagnosis = healthy().diagnosis()

    assert [] == [(f.check.meaning.id, f.saw.en) for f in diagnosis.findings]
    assert () == diagnosis.unlooked
    assert (0, "healthy") == (diagnosis.exit_status, diagnosis.status)


@pytest.mark.row(
    "T5",
    "T6",
    "T7",
    "T8",
    "T9",
    "T10",
    "T11",
    "T12",
    "T13",
    "T14",
    "T15",
    "T16",
    "T17",
    "T18",
    "T19",
    "T20",
    "T21",
    "T22",
    "T23",
    "T24",
    "T25",
    "T26",
    "T27",
    "T28",
    "T29",
    "T30",
    "T31",
    "T33",
    "T35",
    "T36",
    "T37",
    how="doctor",
)
@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem)
def test_a_fault_is_found_where_it_is_and_nothing_else_is(path: Path) -> None:
    recording, expected = fault(path)

    diagnosis = recording.diagnosis()

    found = {(f.check.meaning.id, f.resource): f for f in diagnosis.findings}
    finding = found[expected["finding"], expected["resource"]]
    assert expected["saw"] in finding.saw.en
    assert expected.get("severity", finding.check.meaning.severity) == finding.severity
    assert {expected["finding"], *expected.get("also", [])} == {id_ for id_, _ in found}
    assert () == diagnosis.unlooked
    assert 1 == diagnosis.exit_status


def test_every_check_has_a_fault_that_it_finds() -> None:
    assert set(CHECKS) == {json.loads(path.read_text("utf-8"))["finding"] for path in FAULTS}


@pytest.mark.parametrize("path", [None, *FAULTS], ids=lambda path: path.stem if path else "healthy")
def test_the_recorded_answers_have_the_form_that_aws_gives_them(path: Path | None) -> None:
    recording = fault(path)[0] if path else healthy()

    for call, answer in recording.document["aws"].items():
        service, _, operation = call.partition(" ")[0].partition(".")
        model = SERVICES.get_service_model(service)
        names = {xform_name(name): name for name in model.operation_names}
        shape = model.operation_model(names[operation]).output_shape
        validate_parameters(answer, shape)


@pytest.mark.parametrize("call", CALLS)
def test_a_refused_call_is_never_healthy_and_is_named(call: str) -> None:
    diagnosis = refusing(call).diagnosis()

    gaps = {gap.action for unlooked in diagnosis.unlooked for gap in unlooked.gaps}
    service, _, operation = call.partition(" ")[0].partition(".")
    assert {f"{service}:{operation.title().replace('_', '')}"} == gaps
    assert [] == [(f.check.meaning.id, f.saw.en) for f in diagnosis.findings]
    assert NOT_LOOKED == diagnosis.exit_status


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda check: check.name)
def test_each_check_has_its_text_beside_it(check: object) -> None:
    name = check.name  # type: ignore[attr-defined]
    files = resources.files("cce.doctor.checks")

    assert files.joinpath(f"{name}.py").is_file()
    assert files.joinpath(f"{name}.yaml").is_file()


def test_ids_are_numbered_without_a_gap() -> None:
    assert [f"DOC-{n:02d}" for n in range(1, len(CHECKS) + 1)] == sorted(CHECKS)
