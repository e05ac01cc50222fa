"""The recorded servers of the demo are what the probe printed on the roots, and safe to publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cce.benchmarks import load
from cce.evidence.frame import unframe
from cce.evidence.records import read
from cce.judge import judge
from debian_roots import NEWER, OLDER, PROJECT, RECORDINGS, expectations
from lab.roots.record import RECORDED

if TYPE_CHECKING:
    from cce.verdict import ItemVerdict
    from debian_roots import Expectation

#: As in the functions' plan: Run Command returns no more.
OUTPUT_LIMIT = 24_000


def recording(state: str) -> str:
    return (RECORDINGS / f"debian12-{state}.evidence").read_text()


@pytest.fixture(scope="session")
def verdicts() -> dict[tuple[str, str, str], ItemVerdict]:
    return {
        (state, benchmark, v.item): v
        for state in RECORDED
        for benchmark in (OLDER, NEWER)
        for v in judge(read(recording(state)), load(benchmark))
    }


EXPECTED = [e for benchmark in (OLDER, NEWER) for e in expectations(*RECORDED, benchmark=benchmark)]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda e: f"{e.root}-{e.benchmark}-{e.item}")
def test_the_recorded_server_gets_the_verdict_that_was_configured(
    expected: Expectation, verdicts: dict[tuple[str, str, str], ItemVerdict]
) -> None:
    assert [] == expected.differences(verdicts.get((expected.root, expected.benchmark, expected.item)))


@pytest.mark.parametrize("state", RECORDED)
def test_a_recording_fits_the_output_of_run_command_with_a_third_to_spare(state: str) -> None:
    assert len(recording(state)) <= OUTPUT_LIMIT * 2 / 3


@pytest.mark.parametrize("state", RECORDED)
def test_a_recording_holds_no_password_hash_and_no_path_of_the_machine_that_made_it(state: str) -> None:
    document = unframe(recording(state))

    assert [] == [
        word for word in (b"InventedHash", b"$6$", str(PROJECT).encode(), b".lab/") if word in document
    ]
