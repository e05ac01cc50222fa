"""What ``cce scan`` and ``cce judge`` print: the same verdicts in four formats."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console, Group

from cce.assessment import Outcome, ServerId, Target, TargetStatus
from cce.cli import files
from cce.cli.status import exit_status, nothing_assessed
from cce.cli.unread import report_unread
from cce.errors import EvidenceError
from cce.judge import judge
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
    from collections.abc import Callable, Sequence

    from rich.console import RenderableType

    from cce.benchmarks import Benchmark
    from cce.evidence.model import Evidence
    from cce.report.words import Language
    from cce.verdict import ItemVerdict

_META_SHOWN: Final = ("hostname", "kernel", "mode")


def add_arguments(parser: argparse.ArgumentParser, formats: Sequence[str] = ()) -> None:
    """Add ``--format`` (of all formats, if none are named), ``--output`` and ``--language``."""
    choices = tuple(formats or _RENDERERS)
    parser.add_argument("--format", choices=choices, default=choices[0], help="(default: %(default)s)")
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="write there instead of standard output ('-')"
    )
    add_language(parser)


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add ``--language``."""
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
    """Say what was not read, write the verdicts as the arguments want them, return the exit status."""
    report_unread(result.verdicts, result.evidence)
    write_text(args, _RENDERERS[args.format](result, args))
    return exit_status(result.all_verdicts)


def write_text(args: argparse.Namespace, text: str) -> None:
    """Write what was rendered to where ``--output`` says."""
    if _output_file(args):
        files.write(args.output, text.encode("utf-8", "backslashreplace"))
    else:
        files.write_stdout(text)


class Diagnosis:
    """One server's evidence and what was judged from it: its verdicts under each benchmark.

    Parameters
    ----------
    where
        What the evidence is called when the server gave no host name: the root directory or the file.
    tailoring
        Name of the tailoring that the benchmarks are of; empty for the guide as it is.

    Raises
    ------
    EvidenceError
        When the evidence does not say when it was collected.
    """

    def __init__(
        self, evidence: Evidence, benchmarks: Sequence[Benchmark], where: str, tailoring: str = ""
    ) -> None:
        self.evidence = evidence
        self.tailoring = tailoring
        self.benchmarks = tuple(benchmarks)
        self.verdicts = {benchmark.id: judge(evidence, benchmark) for benchmark in benchmarks}
        self.where = where
        self.server = evidence.meta.get("hostname") or where
        self.finished = _time(evidence, "finished")

    @property
    def all_verdicts(self) -> list[ItemVerdict]:
        """The verdicts under every benchmark."""
        return [verdict for verdicts in self.verdicts.values() for verdict in verdicts]

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
        return ServerResult(target, self.verdicts, shown)


def _table(result: Diagnosis, args: argparse.Namespace) -> str:
    views = [
        server_view(
            result.server,
            b,
            result.collected_at,
            result.verdicts[b.id],
            language=args.language,
            tailoring=result.tailoring,
        )
        for b in result.benchmarks
    ]
    return rendered(Group(*views), args)


def rendered(view: RenderableType, args: argparse.Namespace) -> str:
    """What a terminal shows of it, with colours if it is one; plain for ``--output``."""
    if _output_file(args):
        return as_text(view)
    terminal = Console()
    # Into a buffer: what cannot be written is told by write_stdout, not by rich in the middle of its work.
    buffer = io.StringIO()
    console = Console(file=buffer, force_terminal=terminal.is_terminal, width=terminal.width, highlight=False)
    console.print(view, crop=False)  # commands are longer than a terminal is wide
    text = buffer.getvalue()
    return text if terminal.is_terminal else "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def _json(result: Diagnosis, _args: argparse.Namespace) -> str:
    """One document, or a list of them where there are several benchmarks."""
    documents = [
        server_document(
            result.server, b, result.collected_at, result.verdicts[b.id], tailoring=result.tailoring
        )
        for b in result.benchmarks
    ]
    return to_json(documents[0] if len(documents) == 1 else documents) + "\n"


def _csv(result: Diagnosis, _args: argparse.Namespace) -> str:
    return render_csv([result.result], benchmarks=result.benchmarks, assessment_id="")


def _html(result: Diagnosis, args: argparse.Namespace) -> str:
    failed = nothing_assessed(result.all_verdicts)
    run = Run(
        id="",
        outcome=Outcome.FAILED if failed else Outcome.COMPLETE,
        scope=Text(f"서버 한 대: {result.where}", f"one server: {result.where}"),
        started=_time(result.evidence, "started").astimezone(),
        finished=result.finished.astimezone(),
        requested_by="",
        tailoring=result.tailoring,
    )
    report = build_report(run, [result.result], benchmarks=result.benchmarks)
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
