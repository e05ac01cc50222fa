"""The probe and the rules on root directories of other families, made of their defaults."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

import pytest

from cce.benchmarks import load
from cce.benchmarks.bridge import bridge
from cce.evidence import records
from cce.judge import judge
from cce.scan import scan
from debian_roots import NEWER, OLDER, expected, rows_of
from family_roots import build, families, family

if TYPE_CHECKING:
    from collections.abc import Callable

    from cce.verdict import ItemVerdict
    from debian_roots import Expectation

EVERY = [
    expected(name, benchmark, item, row)
    for name in families()
    for benchmark in (OLDER, NEWER)
    for item, row in rows_of(family(name), benchmark).items()
]


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], dict[str, ItemVerdict]]:
    """The verdicts of a family under a benchmark, by item; its root is made and read once."""
    if os.geteuid() != 0:
        pytest.skip("root directories hold other users' files: needs root")

    def printed(name: str) -> str:
        root = tmp_path_factory.mktemp("family") / name
        build(family(name), root)
        return scan(root, timeout_s=60)

    evidence = cache(lambda name: records.read(printed(name)))
    return cache(lambda name, benchmark: {v.item: v for v in judge(evidence(name), load(benchmark))})


@pytest.mark.roots
@pytest.mark.parametrize("expected", EVERY, ids=lambda e: f"{e.root}-{e.benchmark}-{e.item}")
def test_a_family_gets_the_verdict_of_its_defaults(
    expected: Expectation, judged: Callable[[str, str], dict[str, ItemVerdict]]
) -> None:
    wrong = expected.differences(judged(expected.root, expected.benchmark).get(expected.item))

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", families())
def test_a_family_says_that_it_is_no_installation_what_was_looked_up_and_what_was_not(name: str) -> None:
    data = family(name)

    assert data["status"] == "default as documented or remembered, not an installation"
    assert data["looked_up"]
    assert data["from_memory"]


@pytest.mark.parametrize("name", families())
def test_a_successor_whose_criterion_changed_has_an_expectation_of_its_own(name: str) -> None:
    data = family(name)
    successors = {
        step.newer.id
        for step in bridge().steps
        if step.older and step.newer and step.older.id in data["items"]
    }

    assert set() == successors - rows_of(data, NEWER).keys()
