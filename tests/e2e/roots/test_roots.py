"""The probe and the rules find on real Debian 12 systems what was configured in them, and nothing else."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from cce.benchmarks import load
from cce.evidence import records
from cce.evidence.frame import unframe
from cce.judge import judge
from cce.scan import scan
from debian_roots import NEWER, OLDER, ROOTS, expectations, rows, wanted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cce.verdict import ItemVerdict
    from debian_roots import Expectation

EVERY = [*expectations(), *expectations(benchmark=NEWER)]
#: As in the functions' plan: Run Command returns no more.
OUTPUT_LIMIT = 24_000


@pytest.fixture(scope="session")
def printed(roots: Path) -> Callable[[str], str]:
    """What the probe prints on a root, which it reads once."""
    return cache(lambda root: scan(roots / root, timeout_s=60))


@pytest.fixture(scope="session")
def judged(printed: Callable[[str], str]) -> Callable[[str, str], dict[str, ItemVerdict]]:
    """The verdicts of a root under a benchmark, by item."""
    evidence = cache(lambda root: records.read(printed(root)))
    return cache(lambda root, benchmark: {v.item: v for v in judge(evidence(root), load(benchmark))})


@pytest.mark.roots
@pytest.mark.parametrize("expected", EVERY, ids=lambda e: f"{e.root}-{e.benchmark}-{e.item}")
def test_the_probed_root_gets_the_verdict_that_was_configured(
    expected: Expectation, judged: Callable[[str, str], dict[str, ItemVerdict]]
) -> None:
    wrong = expected.differences(judged(expected.root, expected.benchmark).get(expected.item))

    assert not wrong, "\n".join(wrong)


@pytest.mark.roots
@pytest.mark.parametrize("root", ROOTS)
def test_evidence_of_a_root_fits_the_output_of_run_command_and_holds_no_secret_of_it(
    root: str, printed: Callable[[str], str]
) -> None:
    document = unframe(printed(root))

    assert [] == [word for word in (b"InventedHash", b"$6$", b".part/") if word in document]
    assert len(printed(root)) <= OUTPUT_LIMIT


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("benchmark", [OLDER, NEWER])
def test_every_item_that_a_root_is_about_has_an_expectation(root: str, benchmark: str) -> None:
    assert set() == wanted(root, benchmark) - rows(root, benchmark).keys()
