"""``cce benchmarks``: the editions of the guide and their items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cce.benchmarks import benchmark_ids, load
from cce.cli.files import write_stdout
from cce.report import words
from cce.report.safe import to_json

if TYPE_CHECKING:
    import argparse

    from cce.benchmarks import Benchmark

NAME: Final = "benchmarks"
HELP: Final = "List the editions of the guide and their items."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("--format", choices=("table", "json"), default="table", help="(default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Print them."""
    loaded = [load(benchmark_id) for benchmark_id in benchmark_ids()]
    if args.format == "json":
        write_stdout(to_json([_json(benchmark) for benchmark in loaded]) + "\n")
    else:
        write_stdout("\n".join(_lines(benchmark) for benchmark in loaded))
    return 0


def _lines(benchmark: Benchmark) -> str:
    rows = [f"{benchmark.id}  edition {benchmark.edition}, {_covered(benchmark)}"]
    for item in benchmark.items:
        rows.append(f"  {item.id}  {item.data.severity}  {item.data.title_ko}")
        rows.append(f"            {item.data.title_en}")
    return "\n".join(rows) + "\n"


def _covered(benchmark: Benchmark) -> str:
    return words.covered(len(benchmark.items), benchmark.items_in_edition).en


def _json(benchmark: Benchmark) -> dict[str, Any]:
    return {
        "benchmark": benchmark.id,
        "edition": benchmark.edition,
        "items_in_edition": benchmark.items_in_edition,
        "items": [
            {
                "item": item.id,
                "area": item.area,
                "category": item.data.category,
                "title_ko": item.data.title_ko,
                "title_en": item.data.title_en,
                "severity": str(item.data.severity),
                "automation": item.data.automation,
                "rule": item.rule_ids,
            }
            for item in benchmark.items
        ],
    }
