"""The probe and the rules find on real Debian 12 systems what was configured in them, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cce.benchmarks import load
from cce.evidence import records
from cce.judge import judge
from cce.scan import scan
from debian_roots import STATES, expectations

if TYPE_CHECKING:
    from pathlib import Path

    from cce.verdict import ItemVerdict
    from debian_roots import Expectation

pytestmark = pytest.mark.roots


@pytest.fixture(scope="session")
def verdicts(roots: Path) -> dict[tuple[str, str], ItemVerdict]:
    benchmark = load("kisa-2021")
    return {
        (state, verdict.item): verdict
        for state in STATES
        for verdict in judge(records.read(scan(roots / state, timeout_s=60)), benchmark)
    }


@pytest.mark.parametrize("expected", expectations(), ids=lambda e: f"{e.state}-{e.item}")
def test_the_probed_root_gets_the_verdict_that_was_configured(
    expected: Expectation, verdicts: dict[tuple[str, str], ItemVerdict]
) -> None:
    assert [] == expected.differences(verdicts[expected.state, expected.item])


def test_every_item_of_the_benchmark_has_an_expectation_in_every_state() -> None:
    wanted = [item.id for item in load("kisa-2021").items]

    assert dict.fromkeys(STATES, wanted) == {
        state: [e.item for e in expectations() if e.state == state] for state in STATES
    }
