"""What became of the items of 2021 in 2026, and of the recorded servers' verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from cce.benchmarks import bridge as module
from cce.benchmarks import load
from cce.benchmarks.bridge import Change, Step, bridge
from cce.errors import BenchmarkError
from cce.evidence.records import read
from cce.judge import judge
from debian_roots import DATA, NEWER, RECORDINGS, STATES, expectations

if TYPE_CHECKING:
    from cce.verdict import ItemVerdict
    from debian_roots import Expectation


@pytest.fixture(scope="module")
def verdicts() -> dict[tuple[str, str], ItemVerdict]:
    texts = {state: (RECORDINGS / f"debian12-{state}.evidence").read_text() for state in STATES}
    return {
        (state, verdict.item): verdict
        for state, text in texts.items()
        for verdict in judge(read(text), load(NEWER))
    }


def steps(older: str) -> list[Step]:
    return [step for step in bridge().steps if step.older and step.older.id == older]


def test_every_unix_item_of_both_editions_is_in_the_bridge() -> None:
    older = {step.older.id for step in bridge().steps if step.older}
    newer = {step.newer.id for step in bridge().steps if step.newer}

    assert {f"U-{n:02d}" for n in range(1, 73)} == older
    assert {f"U-{n:02d}" for n in range(1, 68)} == {i for i in newer if i.startswith("U-")}
    assert {f"WEB-{n:02d}" for n in (4, 6, 7, 8, 9, 11, 12, 16)} == {i for i in newer if i.startswith("WEB")}


#: editions.md, 1.3
SUMMARY = [
    (Change.MERGED, {("U-02", "U-02"), ("U-46", "U-02"), ("U-47", "U-02"), ("U-48", "U-02"), ("U-22", "U-37"),
                     ("U-65", "U-37"), ("U-25", "U-40"), ("U-69", "U-40"), ("U-43", "U-66"), ("U-72", "U-66"),
                     # The catalogue adds these: FTP's items overlap in 2026.
                     ("U-60", "U-54"), ("U-61", "U-54"), ("U-63", "U-57"), ("U-64", "U-57")}),
    (Change.MOVED, {("U-35", "WEB-04"), ("U-36", "WEB-09"), ("U-37", "WEB-06"), ("U-38", "WEB-07"),
                    ("U-39", "WEB-12"), ("U-40", "WEB-08"), ("U-41", "WEB-11"), ("U-71", "WEB-16")}),
    (Change.NEW, {("-", f"U-{n}") for n in (13, 17, 51, 53, 59, 61, 63, 65, 67)}),
    (Change.DROPPED, set()),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), SUMMARY, ids=[str(c) for c, _ in SUMMARY])
def test_what_changed_is_what_the_guide_changed(change: Change, expected: set[tuple[str, str]]) -> None:
    got = {
        (step.older.id if step.older else "-", step.newer.id if step.newer else "-")
        for step in bridge().steps
        if change in step.changes
    }

    assert expected == got


@pytest.mark.parametrize(
    ("older", "then", "now"),
    [
        ("U-44", "중", "상"),
        ("U-45", "하", "상"),
        ("U-50", "하", "중"),
        ("U-61", "하", "중"),
        ("U-72", "하", "중"),
    ],
)
def test_a_changed_severity_is_named(older: str, then: str, now: str) -> None:
    (step,) = steps(older)

    assert step.older
    assert step.newer
    assert Change.SEVERITY in step.changes
    assert (then, now) == (step.older.severity, step.newer.severity)


def test_a_changed_threshold_is_named_and_an_item_that_stayed_has_no_change() -> None:
    (hosts,) = steps("U-09")

    assert hosts.newer
    assert (Change.RENUMBERED, Change.CRITERION) == hosts.changes
    assert "600" in hosts.newer.note.ko
    assert "644" in hosts.newer.note.en
    assert ((),) == tuple(step.changes for step in steps("U-01"))


def test_titles_and_severities_are_those_of_the_benchmarks() -> None:
    older = {step.older.id: step.older for step in bridge().steps if step.older}
    newer = {step.newer.id: step.newer for step in bridge().steps if step.newer}
    for benchmark, known in ((bridge().older, older), (bridge().newer, newer)):
        for item in load(benchmark).items:
            row = known[item.id]

            assert (item.data.title_ko, item.data.severity) == (row.title_ko, row.severity)


@pytest.mark.parametrize("text", ["items: [", "older: x", "- 1", ""])
def test_data_that_is_no_bridge_is_refused_by_name(text: str) -> None:
    with pytest.raises(BenchmarkError, match=r"edition bridge a\.yaml is wrong"):
        module._read("a.yaml", text)  # noqa: SLF001 - no file of the package is wrong


ITEM = "{id: U-01, title_ko: 가, title_en: a, severity: 상"


def test_an_item_that_was_dropped_is_a_step_to_nothing() -> None:
    text = f"older: a\nnewer: b\nitems:\n- {ITEM}, to: []}}\nsuccessors: []\n"

    (step,) = module._bridge(module._read("a.yaml", text)).steps  # noqa: SLF001 - no item was dropped

    assert (None, (Change.DROPPED,)) == (step.newer, step.changes)


def test_a_successor_that_does_not_exist_is_refused() -> None:
    text = f"older: a\nnewer: b\nitems:\n- {ITEM}, to: [U-99]}}\nsuccessors: []\n"

    with pytest.raises(BenchmarkError, match="U-99"):
        module._read("a.yaml", text)  # noqa: SLF001


@pytest.mark.parametrize(
    "expected", expectations(*STATES, benchmark=NEWER), ids=lambda e: f"{e.root}-{e.item}"
)
def test_a_recorded_server_gets_under_2026_what_its_2021_verdicts_and_the_changed_criteria_make(
    expected: Expectation, verdicts: dict[tuple[str, str], ItemVerdict]
) -> None:
    assert [] == expected.differences(verdicts.get((expected.root, expected.item)))


@pytest.mark.parametrize("state", STATES)
def test_the_items_that_differ_are_named_in_the_expectations(state: str) -> None:
    changed = {step.newer.id for step in bridge().steps if step.newer and Change.NEW in step.changes}
    own = yaml.safe_load((DATA / f"{state}.yaml").read_text("utf-8"))["items_2026"]

    assert set() == changed - own.keys()
