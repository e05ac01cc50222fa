"""The JSON document of one server under one benchmark: what ``cce scan --format json`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cce.remedies import remedies_of
from cce.report.deviations import deviation_json, of_one_server, summaries_json
from cce.report.lines import facts_json
from cce.score import score
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cce.benchmarks import Benchmark, Item
    from cce.score import Score
    from cce.verdict import Check, ItemVerdict


def server_document(
    server: str,
    benchmark: Benchmark,
    collected_at: str,
    verdicts: Sequence[ItemVerdict],
    *,
    tailoring: str = "",
) -> dict[str, Any]:
    """Build the document.

    Parameters
    ----------
    server
        How the server is called: its ``srvid`` in a fleet, its host name alone.
    collected_at
        When the probe finished, ISO 8601 in UTC.
    tailoring
        Name of the tailoring it was judged by; empty for the guide as it is.
    """
    items = {item.id: item for item in benchmark.items}
    return {
        "server": server,
        "benchmark": benchmark.id,
        "collected_at": collected_at,
        "tailoring": tailoring or None,
        "deviations": summaries_json(of_one_server({benchmark.id: verdicts})),
        "summary": summary_json(score((v.severity, v.verdict) for v in verdicts)),
        "verdicts": [_explained(benchmark.id, items[v.item], v) for v in verdicts],
    }


def _explained(benchmark_id: str, item: Item, verdict: ItemVerdict) -> dict[str, Any]:
    """A verdict with its item's criterion, and the remedies by the ids that ``cce explain`` shows."""
    data = item.data
    return {
        **verdict_json(verdict, Text(data.title_ko, data.title_en)),
        "criterion_ko": data.criterion_ko,
        "criterion_en": data.criterion_en,
        "remedies": [remedy.id for remedy in remedies_of(benchmark_id, item.id)],
    }


def summary_json(result: Score) -> dict[str, Any]:
    """Counts per verdict, the denominator and both scores; a score is ``null`` where nothing was judged."""
    counts = {str(verdict): number for verdict, number in result.counts.items()}
    return {**counts, "judged": result.judged, "score": result.percent, "weighted": result.weighted}


def verdict_json(verdict: ItemVerdict, title: Text) -> dict[str, Any]:
    """One verdict with its reasons in both languages, the deciding evidence and every sub-check."""
    return {
        "item": verdict.item,
        "title_ko": title.ko,
        "title_en": title.en,
        "rule": verdict.rule,
        "severity": str(verdict.severity),
        "verdict": str(verdict.verdict),
        "reason": verdict.reason.en,
        "reason_ko": verdict.reason.ko,
        "evidence": facts_json(verdict.facts),
        "tailored": [deviation_json(deviation) for deviation in verdict.deviations],
        "checks": [_check_json(check) for check in verdict.checks],
    }


def _check_json(check: Check) -> dict[str, Any]:
    return {
        "verdict": str(check.verdict),
        "reason": check.reason.en,
        "reason_ko": check.reason.ko,
        "evidence": facts_json(check.facts),
    }
