"""The report as JSON: complete and stable, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cce.report.deviations import summaries_json
from cce.report.document import summary_json, verdict_json
from cce.report.editions import changes_text
from cce.report.history import findings_json
from cce.report.safe import to_json
from cce.score import WEIGHTS

if TYPE_CHECKING:
    from cce.remedies.plan import Advice
    from cce.report.model import (
        AssessmentReport,
        BenchmarkSummary,
        EditionChange,
        EditionStep,
        Finding,
        ItemSummary,
        ServerResult,
        ServerSummary,
    )
    from cce.text import Text

    _Titles = dict[tuple[str, str], Text]

#: Raised when a field changes its meaning or goes; new fields do not raise it.
SCHEMA: Final = 1


def render_json(report: AssessmentReport) -> str:
    """Write the report as one JSON document.

    Every expected server is in ``servers`` with its status and its verdict per item. Reasons, evidence and
    sub-checks (``details``) are there for as many servers as the report keeps them of.
    """
    return to_json(report_json(report)) + "\n"


def report_json(report: AssessmentReport) -> dict[str, Any]:
    """The document of :func:`render_json` as objects."""
    run, coverage = report.run, report.coverage
    details = {result.target.server: result for result in report.details}
    titles = {(b.id, item.id): item.title for b in report.benchmarks for item in b.items}
    return {
        "schema": SCHEMA,
        "assessment": {
            "id": run.id,
            "outcome": str(run.outcome),
            "scope_ko": run.scope.ko,
            "scope_en": run.scope.en,
            "started": run.started.isoformat(),
            "finished": run.finished.isoformat(),
            "requested_by": run.requested_by,
            "tailoring": run.tailoring or None,
        },
        "coverage": {
            "expected": coverage.expected,
            **{str(status): number for status, number in coverage.by_status.items()},
            "percent": coverage.percent,
            "accounts_unreachable": [
                {"account": place, "reason_ko": reason.ko, "reason_en": reason.en}
                for place, reason in run.gaps
            ],
        },
        "deviations": summaries_json(report.deviations),
        "findings": findings_json(report.findings),
        "weights": {str(severity): weight for severity, weight in WEIGHTS.items()},
        "benchmarks": [_benchmark_json(benchmark) for benchmark in report.benchmarks],
        "editions": _editions_json(report.editions) if report.editions else None,
        "servers": [
            _server_json(server, details.get(server.target.server), titles) for server in report.servers
        ],
    }


def _benchmark_json(benchmark: BenchmarkSummary) -> dict[str, Any]:
    return {
        "benchmark": benchmark.id,
        "edition": benchmark.edition,
        "items_in_edition": benchmark.items_in_edition,
        "summary": summary_json(benchmark.score),
        "worst_items": [item.id for item in benchmark.worst_items],
        "worst_findings": [_finding_json(finding) for finding in benchmark.worst_findings],
        "items": [_item_json(item) for item in benchmark.items],
    }


def _editions_json(editions: EditionChange) -> dict[str, Any]:
    """What verdicts become under the newer edition: the steps at which some server's verdict differs."""
    return {
        "older": editions.older,
        "newer": editions.newer,
        "steps": [_step_json(step) for step in editions.steps if step.changes],
    }


def _step_json(entry: EditionStep) -> dict[str, Any]:
    said, step = changes_text(entry.step), entry.step
    return {
        "older": step.older.id if step.older else None,
        "newer": step.newer.id if step.newer else None,
        "change_ko": said.ko,
        "change_en": said.en,
        "verdicts": [
            {"then": str(then), "now": str(now), "servers": number}
            for (then, now), number in entry.changes.items()
        ],
    }


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "item": finding.item,
        "title_ko": finding.title.ko,
        "title_en": finding.title.en,
        "severity": str(finding.severity),
        "srvid": finding.target.server.srvid,
        "name": finding.target.name,
        "reason": finding.reason.en,
        "reason_ko": finding.reason.ko,
        "other_servers": finding.others,
    }


def _item_json(item: ItemSummary) -> dict[str, Any]:
    return {
        "item": item.id,
        "title_ko": item.title.ko,
        "title_en": item.title.en,
        "area": item.area,
        "category": item.category,
        "severity": str(item.severity),
        "criterion_ko": item.criterion.ko,
        "criterion_en": item.criterion.en,
        "remedies": [_advice_json(advice) for advice in item.remedies],
        "counts": {str(verdict): number for verdict, number in item.counts.items()},
        "servers": {str(verdict): list(labels) for verdict, labels in item.servers.items()},
    }


def _advice_json(advice: Advice) -> dict[str, Any]:
    return {
        "remedy": advice.id,
        "what_ko": advice.what.ko,
        "what_en": advice.what.en,
        "may_break_ko": advice.breaks.ko,
        "may_break_en": advice.breaks.en,
        "takes_effect": advice.effect,
    }


def _server_json(server: ServerSummary, detail: ServerResult | None, titles: _Titles) -> dict[str, Any]:
    target = server.target
    return {
        "srvid": target.server.srvid,
        "name": target.name,
        "account": target.server.account,
        "region": target.server.region,
        "instance_id": target.server.instance_id,
        "platform": target.platform,
        "os": target.os,
        "status": str(target.status),
        "reason": target.reason.en,
        "reason_ko": target.reason.ko,
        "collected_at": target.collected_at,
        "benchmarks": {
            key: {
                "summary": summary_json(server.scores[key]),
                "verdicts": {item: str(verdict) for item, verdict in verdicts.items()},
            }
            for key, verdicts in server.verdicts.items()
        },
        "details": _details_json(detail, titles) if detail else None,
    }


def _details_json(detail: ServerResult, titles: _Titles) -> dict[str, Any]:
    return {
        key: [verdict_json(verdict, titles[key, verdict.item]) for verdict in verdicts]
        for key, verdicts in detail.verdicts.items()
    }
