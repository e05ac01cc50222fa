"""Counts and scores: what is judged, and what is only shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.score import score
from cce.verdict import Severity, Verdict

GOOD, BAD = Verdict.GOOD, Verdict.VULNERABLE
OUTSIDE = (Verdict.NOT_APPLICABLE, Verdict.REVIEW, Verdict.ERROR)
HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW


def test_the_score_is_the_share_of_good_items() -> None:
    got = score([(HIGH, GOOD), (MEDIUM, GOOD), (LOW, BAD)])

    assert (3, 66.7, 83.3) == (got.judged, got.percent, got.weighted)


@pytest.mark.parametrize("verdict", OUTSIDE)
def test_what_is_not_judged_changes_no_score_and_is_counted(verdict: Verdict) -> None:
    judged = [(HIGH, GOOD), (LOW, BAD)]
    with_it = score([*judged, (HIGH, verdict)])
    without = score(judged)

    assert (without.percent, without.weighted, 2) == (with_it.percent, with_it.weighted, with_it.judged)
    assert 1 == with_it.counts[verdict]


@pytest.mark.parametrize("rows", [[], [(HIGH, verdict) for verdict in OUTSIDE]])
def test_nothing_judged_is_no_score_and_not_a_hundred(rows: list[tuple[Severity, Verdict]]) -> None:
    got = score(rows)

    assert (0, None, None) == (got.judged, got.percent, got.weighted)


def test_one_violation_among_thousands_is_not_rounded_up_to_a_hundred() -> None:
    got = score([(LOW, GOOD)] * 9999 + [(LOW, BAD)])

    assert (99.9, 99.9) == (got.percent, got.weighted)


@given(st.lists(st.tuples(st.sampled_from(Severity), st.sampled_from(Verdict))))
def test_scores_are_percentages_of_all_that_was_judged(rows: list[tuple[Severity, Verdict]]) -> None:
    got = score(iter(rows))

    assert len(rows) == sum(got.counts.values())
    assert (got.percent == 100) == (got.judged > 0 and got.counts[BAD] == 0)
    assert got.percent is None or (0 <= got.percent <= 100 and got.weighted is not None)
