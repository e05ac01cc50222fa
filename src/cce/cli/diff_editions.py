"""``cce diff-editions``: what changes from kisa-2021 to kisa-2026, and what a server's result becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Group

from cce.benchmarks import load
from cce.benchmarks.bridge import bridge
from cce.cli import output, tailored
from cce.cli.evidence_file import read_evidence
from cce.cli.status import NOTHING_VULNERABLE, exit_status
from cce.cli.unread import report_unread
from cce.judge import judge
from cce.report.as_table import deviations_view
from cce.report.deviations import of_one_server, summaries_json
from cce.report.editions import edition_rows, editions_document
from cce.report.editions_table import editions_view
from cce.report.safe import to_json

if TYPE_CHECKING:
    import argparse

    from cce.verdict import ItemVerdict

NAME: Final = "diff-editions"
HELP: Final = (
    "Show what became of each item of kisa-2021 in kisa-2026 and, with evidence, of the server's verdicts. "
    "The exit status is by the verdicts under 2026; 0 without evidence."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("evidence", metavar="EVIDENCE", nargs="?", help="a file, or '-' for standard input")
    tailored.add_arguments(parser)
    output.add_arguments(parser, formats=("table", "json"))


def run(args: argparse.Namespace) -> int:
    """Compare, judge if there is evidence, write.

    Raises
    ------
    CceError
        When the file cannot be read or holds no evidence.
    """
    output.check(args)
    editions = bridge()
    verdicts: dict[str, tuple[ItemVerdict, ...]] = {}
    benchmarks, tailoring = tailored.tailored(args, [load(name) for name in (editions.older, editions.newer)])
    if args.evidence is not None:
        evidence, _ = read_evidence(args.evidence)
        verdicts = {benchmark.id: judge(evidence, benchmark) for benchmark in benchmarks}
        report_unread(verdicts, evidence)
    rows = edition_rows(editions, verdicts)
    if args.format == "json":
        document = editions_document(editions, rows)
        document |= {"tailoring": tailoring or None, "deviations": summaries_json(of_one_server(verdicts))}
        text = to_json(document) + "\n"
    else:
        view = editions_view(editions, rows, judged=bool(verdicts), language=args.language)
        deviations = deviations_view(of_one_server(verdicts), tailoring if verdicts else "", args.language)
        text = output.rendered(Group(view, *deviations), args)
    output.write_text(args, text)
    return exit_status(verdicts[editions.newer]) if verdicts else NOTHING_VULNERABLE
