"""What ``cce scan`` and ``cce judge`` print: the same verdicts in four formats."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console

from cce.assessment import Outcome, ServerId, Target, TargetStatus
from cce.cli import files
from cce.cli.status import NOT_ASSESSED, exit_status
from cce.errors import EvidenceError
from cce.report.as_csv import render_csv
from cce.report.as_html import render_html
from cce.report.as_table import as_text, server_view
from cce.report.build import build_report
from cce.report.document import server_document
from cce.report.model import Run, ServerResult
from cce.report.safe import to_json
from cce.text import Text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from cce.benchmarks import Benchmark
    from cce.evidence.model import Evidence
    from cce.report.words import Language
    from cce.verdict import ItemVerdict

_META_SHOWN: Final = ("hostname", "kernel", "mode")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add ``--format``, ``--output`` and ``--language``."""
    parser.add_argument("--format", choices=tuple(_RENDERERS), default="table", help="(default: %(default)s)")
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="write there instead of standard output ('-')"
    )
    parser.add_argument(
        "--language",
        choices=("ko", "en"),
        default=_language(),
        help="of the table, and which the HTML shows first (default: the locale's, here %(default)s)",
    )


def check(args: argparse.Namespace) -> None:
    """Fail early if the output cannot be written.

    Raises
    ------
    OutputError
        When the directory of ``--output`` does not exist.
    """
    if _output_file(args):
        files.check_target(args.output)


def write(args: argparse.Namespace, result: Diagnosis) -> int:
    """Render the verdicts as the arguments want them, write them, and return the exit status."""
    text = _RENDERERS[args.format](result, args)
    if _output_file(args):
        files.write(args.output, text.encode("utf-8", "backslashreplace"))
    else:
        files.write_stdout(text)
    return exit_status(result.verdicts)


class Diagnosis:
    """One server's evidence and what was judged from it.

    Parameters
    ----------
    where
        What the evidence is called when the server gave no host name: the root directory or the file.

    Raises
    ------
    EvidenceError
        When the evidence does not say when it was collected.
    """

    def __init__(
        self, evidence: Evidence, benchmark: Benchmark, verdicts: tuple[ItemVerdict, ...], where: str
    ) -> None:
        self.evidence = evidence
        self.benchmark = benchmark
        self.verdicts = verdicts
        self.where = where
        self.server = evidence.meta.get("hostname") or where
        self.finished = _time(evidence, "finished")

    @property
    def collected_at(self) -> str:
        """When the probe finished, ISO 8601 in UTC."""
        return f"{self.finished:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def result(self) -> ServerResult:
        """The server as reports take it."""
        meta = self.evidence.meta
        target = Target(
            # A machine by itself has no account and no region.
            ServerId(account="", region="", instance_id=self.server),
            TargetStatus.ASSESSED,
            name=self.server,
            platform="linux",
            os=meta.get("os.pretty", ""),
            collected_at=self.collected_at,
        )
        shown = {key: meta[key] for key in _META_SHOWN if meta.get(key)}
        return ServerResult(target, {self.benchmark.id: self.verdicts}, shown)


def _table(result: Diagnosis, args: argparse.Namespace) -> str:
    view = server_view(
        result.server, result.benchmark, result.collected_at, result.verdicts, language=args.language
    )
    if _output_file(args):
        return as_text(view)
    console = Console(highlight=False)
    with console.capture() as capture:
        console.print(view)
    return capture.get()


def _json(result: Diagnosis, _args: argparse.Namespace) -> str:
    document = server_document(result.server, result.benchmark, result.collected_at, result.verdicts)
    return to_json(document) + "\n"


def _csv(result: Diagnosis, _args: argparse.Namespace) -> str:
    return render_csv([result.result], benchmarks=[result.benchmark], assessment_id="")


def _html(result: Diagnosis, args: argparse.Namespace) -> str:
    failed = exit_status(result.verdicts) == NOT_ASSESSED
    run = Run(
        id="",
        outcome=Outcome.FAILED if failed else Outcome.COMPLETE,
        scope=Text(f"서버 한 대: {result.where}", f"one server: {result.where}"),
        started=_time(result.evidence, "started").astimezone(),
        finished=result.finished.astimezone(),
        requested_by="",
    )
    report = build_report(run, [result.result], benchmarks=[result.benchmark])
    return render_html(report, language=args.language)


_RENDERERS: Final[dict[str, Callable[[Diagnosis, argparse.Namespace], str]]] = {
    "table": _table,
    "json": _json,
    "csv": _csv,
    "html": _html,
}


def _time(evidence: Evidence, key: str) -> datetime:
    seconds = evidence.meta.get(key, "")
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError) as error:
        message = f"evidence without a valid time: meta {key} is {seconds!r}, not epoch seconds"
        raise EvidenceError(message) from error


def _output_file(args: argparse.Namespace) -> bool:
    return args.output is not None and str(args.output) != "-"


def _language() -> Language:
    chosen = next((v for k in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(k))), "")
    return "ko" if chosen.startswith("ko") else "en"
