"""The report as CSV: one flat row per (server, benchmark, item), for spreadsheets and other tools."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from cce.assessment import TARGET_STATUS_KO
from cce.findings.change import CHANGE
from cce.report.deviations import note_text
from cce.report.history import DATES, dates
from cce.report.safe import cell, visible_value
from cce.text import Text
from cce.verdict import VERDICT_KO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cce.benchmarks import Benchmark, Item
    from cce.findings.change import Change
    from cce.report.model import ServerResult
    from cce.verdict import Check, Fact, ItemVerdict

#: Without it Excel reads UTF-8 as the ANSI code page and Korean turns into garbage.
BOM: Final = "\ufeff"

COLUMNS: Final = (
    "assessment_id",
    "srvid",
    "server_name",
    "account",
    "region",
    "instance_id",
    "platform",
    "os",
    "target_status",
    "target_status_ko",
    "target_reason_ko",
    "target_reason_en",
    "benchmark",
    "area",
    "category",
    "item",
    "title_ko",
    "title_en",
    "criterion_ko",
    "criterion_en",
    "severity",
    "verdict",
    "verdict_ko",
    "reason_ko",
    "reason_en",
    "evidence",
    "checks",
    "rule",
    "collected_at",
    "tailored_ko",
    "tailored_en",
    "finding",
    "finding_ko",
    *DATES,
)


def render_csv(
    results: Iterable[ServerResult], *, benchmarks: Sequence[Benchmark], assessment_id: str
) -> str:
    """Write all results at once; see :func:`csv_chunks`."""
    return "".join(csv_chunks(results, benchmarks=benchmarks, assessment_id=assessment_id))


def csv_chunks(
    results: Iterable[ServerResult], *, benchmarks: Sequence[Benchmark], assessment_id: str
) -> Iterator[str]:
    """Write the CSV server by server, so that a fleet never stands in memory.

    The first chunk is the byte-order mark and the header. A server without verdicts has one row, whose
    item columns are empty: every expected server is in the file. Encode as UTF-8; lines end with CR LF
    (RFC 4180). Cells that a spreadsheet would take for a formula begin with an apostrophe.
    """
    items = {(benchmark.id, item.id): item for benchmark in benchmarks for item in benchmark.items}
    yield BOM + _write([COLUMNS])
    for result in results:
        yield _write(_rows(result, items, assessment_id))


def _rows(
    result: ServerResult, items: dict[tuple[str, str], Item], assessment_id: str
) -> Iterator[tuple[str, ...]]:
    target = result.target
    server = target.server
    head = (
        assessment_id,
        server.srvid if server.account else "",
        target.name,
        server.account,
        server.region,
        server.instance_id,
        target.platform,
        target.os,
        str(target.status),
        TARGET_STATUS_KO[target.status],
        target.reason.ko,
        target.reason.en,
    )
    rows = [(key, verdict) for key, verdicts in result.verdicts.items() for verdict in verdicts]
    for key, verdict in rows:
        note = note_text(verdict.deviations) if verdict.deviations else Text("", "")
        cells = _item_cells(items.get((key, verdict.item)), verdict)
        finding = _finding_cells((result.changes or {}).get((key, verdict.item)))
        yield (*head, key, *cells, target.collected_at, note.ko, note.en, *finding)
    if not rows:
        yield (*head, *[""] * (len(COLUMNS) - len(head)))


def _item_cells(item: Item | None, verdict: ItemVerdict) -> tuple[str, ...]:
    return (
        item.area if item else "",
        item.data.category if item else "",
        verdict.item,
        item.data.title_ko if item else "",
        item.data.title_en if item else "",
        item.data.criterion_ko if item else "",
        item.data.criterion_en if item else "",
        str(verdict.severity),
        str(verdict.verdict),
        VERDICT_KO[verdict.verdict],
        verdict.reason.ko,
        verdict.reason.en,
        _facts(verdict.facts),
        " | ".join(_check(check) for check in verdict.checks),
        verdict.rule,
    )


def _finding_cells(change: Change | None) -> tuple[str, ...]:
    """What became of the finding in this assessment, and its dates; empty for an item that is none."""
    if change is None:
        return ("",) * (2 + len(DATES))
    return (change.kind.value, CHANGE[change.kind].ko, *dates(change).values())


def _facts(facts: Iterable[Fact]) -> str:
    return " | ".join(f"{fact.source}: {visible_value(fact.value)}" for fact in facts)


def _check(check: Check) -> str:
    """A sub-check with its own result and the places it looked at; the values are in the JSON."""
    places = ", ".join(dict.fromkeys(fact.source for fact in check.facts))
    return f"{check.verdict}: {check.reason.en} [{places}]"


def _write(rows: Iterable[tuple[str, ...]]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([cell(value) for value in row])
    return buffer.getvalue()
