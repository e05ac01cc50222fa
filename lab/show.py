"""What ``python -m lab run`` shows: a live table of targets, and what a report's first page says."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Self

from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from rich.console import Console, RenderableType

    from lab.watch import Progress

_STYLES: Final = {
    "assessed": "green",
    "unreachable": "yellow",
    "failed": "red",
    "skipped": "dim",
    "waiting": "cyan",
}
_SEVERITY: Final = {"상": "bold red", "중": "yellow", "하": "dim"}


def state_of(target: Mapping[str, str]) -> str:
    """A target's status; a waiting one's step instead, once it has one."""
    return target.get("step") or target["status"] if target["status"] == "waiting" else target["status"]


class ProgressView:
    """Live on a terminal; elsewhere one line for each change."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, refresh_per_second=4) if console.is_terminal else None
        self._seen: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Start to draw."""
        if self._live is not None:
            self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the last picture on the screen."""
        if self._live is not None:
            self._live.__exit__(kind, problem, trace)

    def show(self, progress: Progress) -> None:
        """Show where the assessment stands."""
        if self._live is not None:
            self._live.update(_picture(progress))
            return
        for srvid, target in sorted(progress.targets.items()):
            state = state_of(target)
            if self._seen.get(srvid) != state:
                self._seen[srvid] = state
                reason = target.get("reason_en", "")
                line = f"  {target.get('name', ''):<14} {srvid:<48} {state}{f': {reason}' if reason else ''}"
                self._console.print(line, soft_wrap=True, markup=False, highlight=False)


def _picture(progress: Progress) -> RenderableType:
    counts = Counter(state_of(target) for target in progress.targets.values())
    summary = "  ".join(f"{state} {number}" for state, number in sorted(counts.items())) or "planning"
    table = Table(box=None, padding=(0, 1), show_header=False)
    for srvid, target in sorted(progress.targets.items()):
        style = _STYLES.get(target["status"], "")
        table.add_row(
            target.get("name", ""), srvid, Text(state_of(target), style=style), target.get("reason_en", "")
        )
    return Group(Text(f"assessment {progress.status.lower()}: {summary}", style="bold"), table)


def show_end(console: Console, report: Mapping[str, Any], files: Mapping[str, Path]) -> None:
    """Coverage, score, the ten worst findings, and where the report is.

    Parameters
    ----------
    report
        The report's JSON document (:mod:`cce.report.as_json`).
    files
        The report's files by format.
    """
    assessment, coverage = report["assessment"], report["coverage"]
    console.print()
    console.print(f"[bold]Assessment {assessment['id']}: {assessment['outcome']}[/bold]", highlight=False)
    console.print(_coverage_line(coverage), highlight=False, soft_wrap=True)
    for server in report["servers"]:
        if server["status"] != "assessed":
            line = f"  {server['status']}: {server['name'] or server['srvid']}: {server['reason']}"
            console.print(
                line, style=_STYLES.get(server["status"], ""), markup=False, highlight=False, soft_wrap=True
            )
    for benchmark in report["benchmarks"]:
        _show_benchmark(console, benchmark)
    console.print("[bold]Report[/bold]")
    for kind, path in files.items():
        console.print(f"  {kind:<5} {path}", highlight=False, soft_wrap=True)


def _coverage_line(coverage: Mapping[str, Any]) -> str:
    percent = "no server was expected" if coverage["percent"] is None else f"{coverage['percent']:.1f} %"
    parts = [
        f"{number} {status}"
        for status, number in coverage.items()
        if status not in {"expected", "percent"} and number
    ]
    return f"Coverage {percent}: {coverage['expected']} expected, {', '.join(parts)}"


def _show_benchmark(console: Console, benchmark: Mapping[str, Any]) -> None:
    summary = benchmark["summary"]
    score = "nothing was judged" if summary["score"] is None else f"{summary['score']:.1f} of 100"
    counts = ", ".join(
        f"{summary[name]} {name}" for name in ("good", "vulnerable", "review", "not_applicable", "error")
    )
    console.print(
        f"Score {benchmark['benchmark']}: {score} ({summary['judged']} judged: {counts})", highlight=False
    )
    table = Table(
        title="Ten worst findings", title_justify="left", title_style="bold", box=None, padding=(0, 1)
    )
    for heading in ("", "item", "server", "finding", "others"):
        table.add_column(heading, overflow="fold")
    for finding in benchmark["worst_findings"][:10]:
        table.add_row(
            Text(finding["severity"], style=_SEVERITY.get(finding["severity"], "")),
            finding["item"],
            finding["name"] or finding["srvid"],
            Text(f"{finding['title_ko']}: {finding['reason']}"),
            f"+{finding['other_servers']}" if finding["other_servers"] else "",
        )
    console.print(table)
