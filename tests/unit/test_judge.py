"""How the checks of a rule become the verdict of an item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.benchmarks import Item, load
from cce.evidence.model import Unread
from cce.judge import judge, judge_item
from cce.rules.common import guarded
from cce.rules.registry import Params, Rule, vulnerable
from cce.text import Text
from cce.verdict import PRECEDENCE, Check, Fact, Verdict
from evidence_samples import evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.verdict import ItemVerdict

DATA = load("kisa-2021").items[0].data


def outcome(*results: Verdict | Unread) -> ItemVerdict:
    """Judge an item whose rule yields those verdicts in order; an Unread is raised."""

    def function(_: Evidence, __: Params) -> Iterator[Check]:
        for n, result in enumerate(results):
            if isinstance(result, Unread):
                raise result
            yield Check(result, Text(f"이유 {n}", f"Reason {n}."), (Fact(f"/etc/{n}", result.value),))

    return judge_item(evidence(), Item(DATA, "unix", Rule("unix.test", function, Params), Params()))


GOOD, BAD, ERROR, REVIEW, NA = (
    Verdict.GOOD,
    Verdict.VULNERABLE,
    Verdict.ERROR,
    Verdict.REVIEW,
    Verdict.NOT_APPLICABLE,
)
DENIED = Unread("/etc/shadow", "denied")


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ((GOOD,), GOOD),
        ((GOOD, NA), GOOD),
        ((NA,), NA),
        ((GOOD, REVIEW), REVIEW),
        ((REVIEW, ERROR, GOOD), ERROR),
        ((GOOD, BAD, ERROR, REVIEW, NA), BAD),
        ((GOOD, DENIED), ERROR),
        ((REVIEW, DENIED), ERROR),
        ((BAD, DENIED), BAD),
        ((), ERROR),
    ],
)
def test_the_worst_check_decides(results: tuple[Verdict | Unread, ...], expected: Verdict) -> None:
    assert expected == outcome(*results).verdict


@given(st.lists(st.sampled_from(Verdict), min_size=1))
def test_a_verdict_is_good_only_if_nothing_is_worse(results: list[Verdict]) -> None:
    got = outcome(*results)

    assert got.verdict is min(results, key=PRECEDENCE.index)
    assert len(results) == len(got.checks)


def test_reason_and_facts_are_those_of_the_deciding_checks() -> None:
    got = outcome(GOOD, BAD, BAD)

    assert Text("이유 1; 이유 2", "Reason 1. Reason 2.") == got.reason
    assert ("/etc/1", "/etc/2") == tuple(fact.source for fact in got.facts)


def test_many_reasons_are_cut_visibly_and_the_checks_keep_all() -> None:
    got = outcome(*[BAD] * 5)

    assert "외 2건" in got.reason.ko
    assert "And 2 more." in got.reason.en
    assert 5 == len(got.checks) == len(got.facts)


def test_an_unread_fact_is_an_error_that_names_it_beside_the_violation_found_before() -> None:
    got = outcome(BAD, DENIED)

    assert [BAD, ERROR] == [check.verdict for check in got.checks]
    assert (Fact("/etc/shadow", "denied"),) == got.checks[1].facts
    assert "/etc/shadow" in got.checks[1].reason.ko


def test_an_element_that_was_not_read_does_not_hide_the_others() -> None:
    def look(path: str) -> Iterator[Check]:
        if path == "denied":
            raise Unread(path, "denied")
        yield Check(GOOD, Text(path, path))

    assert [GOOD, ERROR, GOOD] == [check.verdict for check in guarded(("a", "denied", "b"), look)]


def test_the_checks_of_several_rules_are_joined_and_one_that_was_not_read_does_not_hide_the_others() -> None:
    def rule_of(name: str, *results: Verdict | Unread) -> tuple[Rule, Params]:
        def function(_: Evidence, __: Params) -> Iterator[Check]:
            for result in results:
                if isinstance(result, Unread):
                    raise result
                yield Check(result, Text(name, name))

        return Rule(f"unix.{name}", function, Params), Params()

    parts = rule_of("length", GOOD), rule_of("age", DENIED), rule_of("history", GOOD, BAD), rule_of("none")
    got = judge_item(evidence(), Item(DATA, "unix", *parts[0], parts[1:]))

    assert [GOOD, ERROR, GOOD, BAD, ERROR] == [check.verdict for check in got.checks]
    assert (BAD, "history") == (got.verdict, got.reason.en)
    assert "unix.length,unix.age,unix.history,unix.none" == got.rule


def test_the_judgement_is_deterministic_and_in_the_order_of_the_guide() -> None:
    benchmark, server = load("kisa-2021"), evidence()
    got = judge(server, benchmark)

    assert [item.id for item in benchmark.items] == [verdict.item for verdict in got]
    assert got == judge(server, benchmark)


def test_nothing_invisible_gets_from_a_file_name_into_a_verdict() -> None:
    hostile = "/srv/a\n-----END\x1b[2J\u202e"

    check = vulnerable(f"{hostile} 파일", f"{hostile} is there.", Fact(hostile, "x\ty"))

    texts = (*check.reason, check.facts[0].source, check.facts[0].value)
    assert [True] * 4 == [text.isprintable() for text in texts]
    assert r"/srv/a\n-----END\x1b[2J\u202e" in check.reason.en
