"""Reports for a terminal, readable at 80 columns with Korean text. Rich renderables and plain text."""

from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text as Styled

from cce.report import words
from cce.report.build import worst_first
from cce.report.deviations import (
    HEADING,
    change_text,
    note_text,
    of_one_server,
    reason_text,
    tailored_text,
)
from cce.report.fact_words import fact_text
from cce.score import WEIGHTS, score
from cce.text import Text, visible
from cce.verdict import PRECEDENCE, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from cce.assessment import Target
    from cce.benchmarks import Benchmark, Item
    from cce.report.model import AssessmentReport, BenchmarkSummary, DeviationSummary
    from cce.report.words import Language
    from cce.score import Score
    from cce.verdict import ItemVerdict

#: The colour of a verdict.
VERDICT_STYLE: Final = {
    Verdict.GOOD: "green",
    Verdict.VULNERABLE: "bold red",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.REVIEW: "cyan",
    Verdict.ERROR: "yellow",
}
_SEVERITY_STYLE: Final = {Severity.HIGH: "red", Severity.MEDIUM: "yellow", Severity.LOW: ""}

#: Verdicts that somebody must act on; the others are one line each.
_EXPLAINED: Final = frozenset({Verdict.VULNERABLE, Verdict.REVIEW, Verdict.ERROR})
_FACTS_SHOWN: Final = 3


def server_view(  # noqa: PLR0913 - what a page about one server is made of
    server: str,
    benchmark: Benchmark,
    collected_at: str,
    verdicts: Sequence[ItemVerdict],
    *,
    language: Language = "ko",
    tailoring: str = "",
) -> RenderableType:
    """One server's verdicts: high severity first, within it the worst first; then the score.

    With a ``tailoring`` also its name, a note at each verdict it changes, and every deviation from the guide.
    """
    items = {item.id: item for item in benchmark.items}
    table = _grid(language, Text("항목", "Item"), Text("중요도", "Sev."), Text("판정", "Verdict"))
    table.add_column(_say(Text("내용", "Title, reason, evidence"), language), ratio=1, overflow="fold")
    for verdict in sorted(worst_first(verdicts), key=lambda v: -WEIGHTS[v.severity]):
        table.add_row(
            Styled(visible(verdict.item)),
            Styled(_say(words.SEVERITY[verdict.severity], language), _SEVERITY_STYLE[verdict.severity]),
            Styled(_say(words.VERDICT[verdict.verdict], language), VERDICT_STYLE[verdict.verdict]),
            _explained(verdict, items[verdict.item], language),
        )
    covered = _say(words.covered(len(benchmark.items), benchmark.items_in_edition), language)
    head = Styled.assemble((visible(server), "bold"), f"  {benchmark.id} ({covered})  {collected_at}")
    result = score((v.severity, v.verdict) for v in verdicts)
    lines = _score_lines(result, language)
    deviations = deviations_view(of_one_server({benchmark.id: verdicts}), tailoring, language)
    more = Text("항목별 근거와 조치", "each sub-check and the remedy")
    hint = Styled(f"{_say(more, language)}: cce explain ITEM --benchmark {benchmark.id}", "dim")
    return Group(head, table, *lines, hint, *deviations)


def report_view(report: AssessmentReport, *, language: Language = "ko") -> RenderableType:
    """A whole assessment in short: coverage, who was not assessed, score, the ten worst findings."""
    coverage = report.coverage
    outcome = _say(words.OUTCOME[report.run.outcome], language)
    parts: list[RenderableType] = [
        Styled.assemble((visible(report.run.id), "bold"), f"  {outcome}"),
        _coverage_line(report, language),
    ]
    parts.extend(
        Styled(f"{visible(place)}  {_say(reason, language)}", "bold yellow")
        for place, reason in report.run.gaps
    )
    if not coverage.expected:
        parts.append(Styled(_say(words.NO_SERVERS, language), "bold yellow"))
    if report.not_assessed:
        parts.append(_not_assessed(report, language))
    for benchmark in report.benchmarks:
        covered = _say(words.covered(len(benchmark.items), benchmark.items_in_edition), language)
        parts.append(Styled(f"\n{benchmark.id} ({benchmark.edition}, {covered})", "bold"))
        parts.extend(_score_lines(benchmark.score, language))
        if benchmark.worst_findings:
            parts.append(_findings(benchmark, language))
    parts.extend(deviations_view(report.deviations, report.run.tailoring, language))
    return Group(*parts)


def deviations_view(
    deviations: Sequence[DeviationSummary], tailoring: str, language: Language
) -> list[RenderableType]:
    """Every deviation from the guide; nothing without a tailoring."""
    if not tailoring:
        return []
    said = Styled(_say(tailored_text(tailoring, len(deviations)), language), "bold magenta")
    if not deviations:
        return [said]
    table = _grid(language)
    for heading, ratio in ((Text("항목", "Items"), 2), (Text("가이드 → 적용 기준", "Guide → in force"), 3)):
        table.add_column(_say(heading, language), ratio=ratio, overflow="fold")
    table.add_column(_say(Text("사유, 적용 대상", "Reason, servers"), language), ratio=3, overflow="fold")
    for row in deviations:
        why = Styled(visible(reason_text(row.deviation)))
        applies = _say(row.deviation.applies, language)
        if row.servers:
            applies += _say(Text(f" - {row.servers}대", f" - {row.servers} servers"), language)
        table.add_row(
            Styled(f"{row.benchmark}\n{visible(', '.join(row.items))}"),
            Styled(_say(change_text(row.deviation), language)),
            why.append(f"\n{applies}", "dim"),
        )
    return [said, Styled(_say(HEADING, language), "bold"), table]


def as_text(view: RenderableType, *, width: int = 80) -> str:
    """Render without colour, for a file or a log."""
    console = Console(file=io.StringIO(), width=width, no_color=True, highlight=False, force_terminal=False)
    with console.capture() as capture:
        console.print(view, crop=False)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _say(text: Text, language: Language) -> str:
    return visible(text.ko if language == "ko" else text.en)


def _grid(language: Language, *headings: Text) -> Table:
    table = Table(box=SIMPLE_HEAD, expand=True, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(_say(heading, language), no_wrap=True)
    return table


def _explained(verdict: ItemVerdict, item: Item, language: Language) -> Styled:
    title = Text(item.data.title_ko, item.data.title_en)
    shown = Styled(_say(title, language), "bold" if verdict.verdict in _EXPLAINED else "")
    if verdict.deviations:
        shown.append(f"\n{_say(note_text(verdict.deviations), language)}", "not bold magenta")
    if verdict.verdict not in _EXPLAINED:
        return shown
    shown.append(f"\n{_say(verdict.reason, language)}", "not bold")
    for fact in verdict.facts[:_FACTS_SHOWN]:
        shown.append(f"\n{visible(fact.source)} → {_say(fact_text(fact.value), language)}", "not bold dim")
    if (collected := len(verdict.facts)) > _FACTS_SHOWN:
        part = Text(
            f"증적 {collected}건 중 {_FACTS_SHOWN}건 표시", f"{_FACTS_SHOWN} of {collected} facts shown"
        )
        shown.append(f"\n{_say(part, language)}", "not bold dim")
    shown.append(f"\n{_checks(verdict, language)}", "not bold dim")
    shown.append(f"\n기준: {visible(item.data.criterion_ko)}", "not bold dim")
    if language == "en":  # whoever reads it in English may still have to quote the guide
        shown.append(f"\nCriterion: {visible(item.data.criterion_en)}", "not bold dim")
    return shown


def _checks(verdict: ItemVerdict, language: Language) -> str:
    """How many sub-checks came to what; ``cce explain`` shows each."""
    counts = Counter(check.verdict for check in verdict.checks)
    parts = [f"{_say(words.VERDICT[v], language)} {counts[v]}" for v in PRECEDENCE if counts[v]]
    label = _say(Text("세부 점검", "sub-checks"), language)
    return f"{label}: {', '.join(parts)}"


def _score_lines(result: Score, language: Language) -> list[Styled]:
    counts = Styled("  ").join(
        Styled(f"{_say(words.VERDICT[verdict], language)} {result.counts[verdict]}", VERDICT_STYLE[verdict])
        for verdict in PRECEDENCE
    )
    if result.percent is None:
        return [counts, Styled(f"– {_say(words.NO_SCORE, language)}", "yellow")]
    good = result.counts[Verdict.GOOD]
    main = Text(
        f"보안 적용률 {result.percent} % (양호 {good} / 판정 {result.judged})",
        f"score {result.percent} % ({good} good of {result.judged} judged)",
    )
    weights = _say(words.WEIGHTS_TEXT, language)
    weighted = Text(f"가중 점수 {result.weighted} % ({weights})", f"weighted {result.weighted} % ({weights})")
    return [counts, Styled(_say(main, language), "bold"), Styled(_say(weighted, language))]


def _coverage_line(report: AssessmentReport, language: Language) -> Styled:
    expected = _say(Text("대상", "expected"), language)
    parts = [f"{expected} {report.coverage.expected}"] + [
        f"{_say(words.STATUS[status], language)} {number}"
        for status, number in report.coverage.by_status.items()
        if number
    ]
    return Styled("  ".join(parts))


def _not_assessed(report: AssessmentReport, language: Language) -> Table:
    table = _grid(language)
    table.add_column(_say(Text("진단하지 못한 서버", "Not assessed"), language), ratio=2, overflow="fold")
    table.add_column(_say(Text("상태", "Status"), language), no_wrap=True)
    table.add_column(_say(Text("사유", "Reason"), language), ratio=3, overflow="fold")
    for server in report.not_assessed:
        status = _say(words.STATUS[server.target.status], language)
        table.add_row(
            _server(server.target),
            Styled(status, "yellow"),
            Styled(_say(server.target.reason, language)),
        )
    return table


def _server(target: Target) -> Styled:
    """The name and, below it, the instance id: the whole server id does not fit beside a reason."""
    shown = Styled(visible(target.name or target.server.instance_id))
    if target.name and target.name != target.server.instance_id:
        shown.append(f"\n{visible(target.server.instance_id)}", "dim")
    return shown


def _findings(benchmark: BenchmarkSummary, language: Language) -> Table:
    table = _grid(language, Text("항목", "Item"), Text("중요도", "Sev."))
    table.add_column(_say(Text("취약점", "Finding"), language), ratio=3, overflow="fold")
    table.add_column(_say(Text("서버", "Server"), language), ratio=2, overflow="fold")
    for finding in benchmark.worst_findings:
        more = _say(Text(f"외 {finding.others}대", f"and {finding.others} more"), language)
        what = Styled(_say(finding.title, language), "bold")
        what.append(f"\n{_say(finding.reason, language)}", "not bold")
        table.add_row(
            Styled(visible(finding.item)),
            Styled(_say(words.SEVERITY[finding.severity], language), _SEVERITY_STYLE[finding.severity]),
            what,
            _server(finding.target).append(f"\n{more}" if finding.others else ""),
        )
    return table
