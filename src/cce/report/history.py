"""Findings over time (취약점 이력): counted over servers, recurrences by name, in words and as JSON."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from cce.findings.change import ChangeKind
from cce.report.model import FindingSummary, RecurredFinding
from cce.score import WEIGHTS
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cce.benchmarks import Benchmark
    from cce.findings.change import Change
    from cce.report.model import ServerResult
    from cce.verdict import ItemVerdict

HEADING: Final = Text("취약점 이력", "Findings over time")

#: The dates of a finding, as CSV and JSON name them.
DATES: Final = ("first_seen", "fixed_at", "recurred_at")


class HistoryTally:
    """Adds up what became of findings, server by server."""

    def __init__(self, benchmarks: Sequence[Benchmark]) -> None:
        self._counts: dict[str, Counter[ChangeKind]] = {benchmark.id: Counter() for benchmark in benchmarks}
        self._titles = {
            (b.id, item.id): Text(item.data.title_ko, item.data.title_en)
            for b in benchmarks
            for item in b.items
        }
        self._unread: Counter[str] = Counter()
        self._recurred: dict[str, list[RecurredFinding]] = defaultdict(list)
        self._is_kept = False

    def add(self, result: ServerResult, label: str) -> None:
        """Count one server, if its findings are kept."""
        if result.changes is None:
            return
        self._is_kept = True
        verdicts = {(key, v.item): v for key, rows in result.verdicts.items() for v in rows}
        for place, change in result.changes.items():
            self._counts[place[0]][change.kind] += 1
            self._unread[place[0]] += change.unread
            if change.kind is ChangeKind.RECURRED:
                row = self._row(result, label, verdicts[place], place, change)
                self._recurred[place[0]].append(row)

    def _row(
        self, result: ServerResult, label: str, verdict: ItemVerdict, place: tuple[str, str], change: Change
    ) -> RecurredFinding:
        title = self._titles.get(place, Text(verdict.item, verdict.item))
        return RecurredFinding(
            verdict.item, title, verdict.severity, result.target, label, verdict.reason, change
        )

    def summary(self) -> tuple[FindingSummary, ...]:
        """One row for each benchmark; none if no server's findings are kept."""
        if not self._is_kept:
            return ()
        return tuple(
            FindingSummary(
                benchmark=benchmark,
                counts={kind: counts[kind] for kind in ChangeKind},
                unread=self._unread[benchmark],
                recurred=tuple(sorted(self._recurred[benchmark], key=_importance)),
            )
            for benchmark, counts in self._counts.items()
        )


def _importance(row: RecurredFinding) -> tuple[int, str, str]:
    return -WEIGHTS[row.severity], row.item, row.label


def dates(change: Change) -> dict[str, str]:
    """The :data:`DATES` of a finding, ISO 8601 in UTC; empty for what did not happen.

    When it was first vulnerable; the last time that it was fixed; each time that it came back, with
    semicolons between.
    """
    fixed = [episode.fixed.at for episode in change.episodes if episode.fixed]
    back = "; ".join(episode.opened.at for episode in change.episodes[1:])
    said = (change.episodes[0].opened.at, fixed[-1] if fixed else "", back)
    return dict(zip(DATES, said, strict=True))


def findings_json(summaries: Iterable[FindingSummary]) -> list[dict[str, Any]]:
    """What the report's JSON shows of findings."""
    return [
        {
            "benchmark": summary.benchmark,
            **{kind.value: number for kind, number in summary.counts.items()},
            "open_unverified": summary.unread,
            "recurrences": [_recurred_json(row) for row in summary.recurred],
        }
        for summary in summaries
    ]


def _recurred_json(row: RecurredFinding) -> dict[str, str]:
    return {
        "item": row.item,
        "title_ko": row.title.ko,
        "title_en": row.title.en,
        "severity": row.severity.value,
        "srvid": row.target.server.srvid,
        "name": row.target.name,
        "reason": row.reason.en,
        "reason_ko": row.reason.ko,
        **dates(row.change),
    }
