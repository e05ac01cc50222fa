"""Builds a report from the servers of an assessment, one server at a time: 10,000 of them fit in memory."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cce.assessment import TargetStatus
from cce.benchmarks.bridge import bridge
from cce.errors import BenchmarkError, RecordError
from cce.remedies.plan import advice
from cce.report.deviations import summarise
from cce.report.editions import edition_change
from cce.report.history import HistoryTally
from cce.report.model import (
    DETAIL_LIMIT,
    AssessmentReport,
    BenchmarkSummary,
    Coverage,
    Finding,
    ItemSummary,
    ServerResult,
    ServerSummary,
    label_of,
)
from cce.score import WEIGHTS, score
from cce.text import Text
from cce.verdict import PRECEDENCE, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cce.assessment import ServerId, Target
    from cce.benchmarks import Benchmark, Item
    from cce.report.lines import VerdictRecord
    from cce.report.model import Run
    from cce.verdict import Deviation, ItemVerdict

#: The verdicts whose servers an item's table lists by name.
_LISTED: Final = (Verdict.VULNERABLE, Verdict.ERROR, Verdict.REVIEW)


def build_report(
    run: Run,
    results: Iterable[ServerResult],
    *,
    benchmarks: Sequence[Benchmark],
    detail_limit: int = DETAIL_LIMIT,
) -> AssessmentReport:
    """Sum up an assessment.

    Parameters
    ----------
    run
        The assessment itself.
    results
        Every expected server exactly once, also those without verdicts. Consumed once, so a generator
        that reads one server after the other keeps memory small.
    benchmarks
        The benchmarks that were assessed, already narrowed to the items in scope.
    detail_limit
        Of how many servers the report keeps reasons, evidence and sub-checks; the worst ones.

    Raises
    ------
    BenchmarkError
        When a verdict is of a benchmark that was not given.
    RecordError
        When a server comes twice.
    """
    tallies = {benchmark.id: _Tally(benchmark) for benchmark in benchmarks}
    history = HistoryTally(benchmarks)
    servers: dict[ServerId, ServerSummary] = {}
    details: list[tuple[int, int, ServerResult]] = []
    for number, result in enumerate(results):
        summary = _summary(result, tallies)
        if result.target.server in servers:
            message = f"server {summary.label} comes twice in the results of assessment {run.id}"
            raise RecordError(message)
        servers[result.target.server] = summary
        history.add(result, summary.label)
        if result.verdicts:
            _keep_worst(details, (summary.weight, -number, result), detail_limit)
    worst_first = sorted(details, key=lambda entry: entry[:2], reverse=True)
    return AssessmentReport(
        run=run,
        coverage=_coverage(servers.values()),
        benchmarks=tuple(tally.summary() for tally in tallies.values()),
        servers=tuple(sorted(servers.values(), key=lambda server: server.label)),
        details=tuple(result for _, _, result in worst_first),
        detail_limit=detail_limit,
        editions=edition_change(bridge(), servers.values()),
        deviations=summarise(
            {(key, *what): n for key, tally in tallies.items() for what, n in tally.deviations.items()}
        ),
        findings=history.summary(),
    )


def server_result(
    target: Target, records: Iterable[VerdictRecord], meta: Mapping[str, str] | None = None
) -> ServerResult:
    """Put a target and its stored verdicts together.

    Raises
    ------
    RecordError
        When a record is of another server.
    """
    verdicts: dict[str, list[ItemVerdict]] = defaultdict(list)
    for record in records:
        if record.server != target.server:
            message = f"a verdict of {record.server.srvid} stands among those of {target.server.srvid}"
            raise RecordError(message)
        verdicts[record.benchmark].append(record.verdict)
    return ServerResult(target, {key: tuple(rows) for key, rows in verdicts.items()}, meta or {})


def worst_first(verdicts: Iterable[ItemVerdict]) -> list[ItemVerdict]:
    """Sort as people read: vulnerable before error before review before good, high severity first."""
    return sorted(verdicts, key=lambda v: (PRECEDENCE.index(v.verdict), -WEIGHTS[v.severity]))


@dataclass(slots=True)
class _Row:
    """What is known of one item while servers come in."""

    severity: Severity
    item: Item | None
    counts: Counter[Verdict] = field(default_factory=Counter)
    servers: dict[Verdict, list[str]] = field(default_factory=lambda: {v: [] for v in _LISTED})
    worst: tuple[int, Target, str, Text] | None = None


class _Tally:
    """Adds up one benchmark over the servers."""

    def __init__(self, benchmark: Benchmark) -> None:
        self._benchmark = benchmark
        self._rows = {item.id: _Row(item.data.severity, item) for item in benchmark.items}
        self._pairs: Counter[tuple[Severity, Verdict]] = Counter()
        self.deviations: Counter[tuple[str, Deviation]] = Counter()

    def add(self, target: Target, label: str, weight: int, verdicts: Iterable[ItemVerdict]) -> None:
        """Count one server's verdicts; ``weight`` says how bad the server is as a whole."""
        for verdict in verdicts:
            # An item that this edition does not have (older data) is shown, not dropped.
            row = self._rows.setdefault(verdict.item, _Row(verdict.severity, None))
            row.counts[verdict.verdict] += 1
            self._pairs[verdict.severity, verdict.verdict] += 1
            self.deviations.update((verdict.item, deviation) for deviation in verdict.deviations)
            if verdict.verdict in _LISTED:
                row.servers[verdict.verdict].append(label)
            is_worst = row.worst is None or weight > row.worst[0]
            if verdict.verdict is Verdict.VULNERABLE and is_worst:
                row.worst = (weight, target, label, verdict.reason)

    def summary(self) -> BenchmarkSummary:
        """The result over everything added."""
        return BenchmarkSummary(
            id=self._benchmark.id,
            edition=self._benchmark.edition,
            items_in_edition=self._benchmark.items_in_edition,
            score=score(self._pairs.elements()),
            items=tuple(_item_summary(self._benchmark.id, key, row) for key, row in self._rows.items()),
        )


def _item_summary(benchmark_id: str, item_id: str, row: _Row) -> ItemSummary:
    data = row.item.data if row.item else None
    title = Text(data.title_ko, data.title_en) if data else Text(item_id, item_id)
    vulnerable = row.counts[Verdict.VULNERABLE]
    worst = None
    if row.worst:
        _, target, label, reason = row.worst
        worst = Finding(item_id, title, row.severity, target, label, reason, vulnerable - 1)
    return ItemSummary(
        id=item_id,
        title=title,
        category=data.category if data else "",
        area=row.item.area if row.item else "",
        severity=row.severity,
        criterion=Text(data.criterion_ko, data.criterion_en) if data else Text("", ""),
        counts={verdict: row.counts[verdict] for verdict in Verdict},
        servers={verdict: tuple(sorted(labels)) for verdict, labels in row.servers.items()},
        rank=WEIGHTS[row.severity] * vulnerable,
        worst=worst,
        remedies=advice(benchmark_id, row.item) if row.item else (),
    )


def _summary(result: ServerResult, tallies: Mapping[str, _Tally]) -> ServerSummary:
    if unknown := [key for key in result.verdicts if key not in tallies]:
        message = (
            f"server {label_of(result.target)} has verdicts of benchmark {unknown[0]!r}, not assessed here"
        )
        raise BenchmarkError(message)
    rows = [verdict for verdicts in result.verdicts.values() for verdict in verdicts]
    weight = sum(WEIGHTS[row.severity] for row in rows if row.verdict is Verdict.VULNERABLE)
    label = label_of(result.target)
    for key, verdicts in result.verdicts.items():
        tallies[key].add(result.target, label, weight, verdicts)
    return ServerSummary(
        target=result.target,
        label=label,
        verdicts={key: {v.item: v.verdict for v in vs} for key, vs in result.verdicts.items()},
        scores={key: score((v.severity, v.verdict) for v in vs) for key, vs in result.verdicts.items()},
        weight=weight,
    )


def _keep_worst(
    heap: list[tuple[int, int, ServerResult]], entry: tuple[int, int, ServerResult], n: int
) -> None:
    """Keep the ``n`` worst entries; the unique number in second place decides a tie, the earlier wins."""
    if len(heap) < n:
        heapq.heappush(heap, entry)
    elif n:
        heapq.heappushpop(heap, entry)


def _coverage(servers: Iterable[ServerSummary]) -> Coverage:
    counted = Counter(server.target.status for server in servers)
    return Coverage(counted.total(), {status: counted[status] for status in TargetStatus})
