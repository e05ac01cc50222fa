"""Counts and scores. No official formula exists; these are the two that report templates use."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cce.verdict import Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Weights of the weighted score; an industry habit, not KISA's. Reports print them.
WEIGHTS: Final = {Severity.HIGH: 3, Severity.MEDIUM: 2, Severity.LOW: 1}


@dataclass(frozen=True, slots=True)
class Score:
    """A share of good items in percent and what it is a share of."""

    counts: dict[Verdict, int]
    judged: int  # the denominator: good + vulnerable
    percent: float | None  # None: nothing was judged, which is no score, not 100
    weighted: float | None


def score(verdicts: Iterable[tuple[Severity, Verdict]]) -> Score:
    """보안 적용률: good / (good + vulnerable) × 100.

    ``not_applicable``, ``review`` and ``error`` are outside of the denominator and shown beside it.
    """
    rows = list(verdicts)
    counted = Counter(verdict for _, verdict in rows)
    counts = {verdict: counted[verdict] for verdict in Verdict}
    judged = [(s, v) for s, v in rows if v in {Verdict.GOOD, Verdict.VULNERABLE}]
    weight = sum(WEIGHTS[s] for s, _ in judged)
    if not judged:
        return Score(counts, 0, None, None)
    met = sum(WEIGHTS[s] for s, v in judged if v is Verdict.GOOD)
    good = counts[Verdict.GOOD]
    return Score(counts, len(judged), _percent(good, len(judged)), _percent(met, weight))


def _percent(part: int, whole: int) -> float:
    """A percentage with one decimal; 100 only for all: 2,999 of 3,000 must not be rounded up to it."""
    rounded = round(part / whole * 100, 1)
    return rounded if part == whole else min(rounded, 99.9)
