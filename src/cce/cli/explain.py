"""``cce explain``: what an item wants, how the verdict follows from what was read, and what to do."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cce.benchmarks import benchmark_ids, load
from cce.cli import output, selection, tailored
from cce.cli.evidence_file import read_evidence
from cce.cli.scan import TIMEOUT_S, check_root
from cce.cli.status import NOTHING_VULNERABLE, exit_status
from cce.evidence.records import read
from cce.judge import judge_item
from cce.remedies import FAMILIES, family_of
from cce.report.explanation import explain, explanation_json
from cce.report.explanation_view import explanation_view
from cce.report.safe import to_json
from cce.scan import scan

if TYPE_CHECKING:
    import argparse

    from cce.benchmarks import Benchmark
    from cce.evidence.model import Evidence

NAME: Final = "explain"
HELP: Final = (
    "Explain an item: what it wants and, with evidence, what was read and how the verdict follows from it; "
    "then the remedy, with commands, what it may break and how to undo it. "
    "The exit status is by the verdict; 0 without evidence."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("item", metavar="ITEM", type=str.upper, help="U-02 ('cce benchmarks' lists them)")
    parser.add_argument(
        "--benchmark",
        metavar="ID",
        help="edition of the guide that the item is of "
        f"(default: {selection.DEFAULT_BENCHMARK}, or the first that has it)",
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--evidence", metavar="FILE", help="judge this evidence; '-' is standard input")
    source.add_argument("--root", type=Path, metavar="DIR", help="probe and judge this root directory")
    parser.add_argument(
        "--family",
        choices=FAMILIES,
        help="systems to write the remedy out for (default: the evidence's, else all)",
    )
    parser.add_argument(
        "--remedy",
        action="store_true",
        help="print the commands of the remedy even where the item is good, not applicable or switched off",
    )
    tailored.add_arguments(parser)
    output.add_arguments(parser, formats=("text", "json"))


def run(args: argparse.Namespace) -> int:
    """Find the item, judge it if there is evidence, write.

    Raises
    ------
    CceError
        When the item is unknown, or the evidence cannot be read.
    """
    output.check(args)
    (benchmark,), _ = tailored.tailored(args, (_benchmark(args),))
    item = benchmark.items[0]
    evidence, where = _evidence(args)
    verdict = judge_item(evidence, item) if evidence else None
    family = args.family or (family_of(evidence.meta) if evidence else None)
    explanation = explain(
        benchmark,
        item,
        (family,) if family else FAMILIES,
        server=(evidence.meta.get("hostname") or where) if evidence else "",
        verdict=verdict,
    )
    if args.format == "json":
        text = to_json(explanation_json(explanation)) + "\n"
    else:
        text = output.rendered(
            explanation_view(explanation, language=args.language, remedy=args.remedy), args
        )
    output.write_text(args, text)
    return exit_status([verdict]) if verdict else NOTHING_VULNERABLE


def _benchmark(args: argparse.Namespace) -> Benchmark:
    """The benchmark with the item alone: the one named, the default one, or the first that has the item."""
    if args.benchmark:
        names = [args.benchmark]
    else:
        others = [name for name in benchmark_ids() if name != selection.DEFAULT_BENCHMARK]
        names = [selection.DEFAULT_BENCHMARK, *others]
        having = [name for name in names if any(item.id == args.item for item in load(name).items)]
        names = having[:1] or names
    return selection.selected(Namespace(benchmark=names, items=(args.item,)))[0]


def _evidence(args: argparse.Namespace) -> tuple[Evidence | None, str]:
    if args.evidence is not None:
        return read_evidence(args.evidence)
    if args.root is not None:
        check_root(args.root)
        return read(scan(args.root, timeout_s=TIMEOUT_S)), str(args.root)
    return None, ""
