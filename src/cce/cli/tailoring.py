"""``cce tailoring``: check a tailoring file, and the schema for editors."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from cce.benchmarks import benchmark_ids, load
from cce.cli.files import write_stdout
from cce.cli.status import NOT_ASSESSED, NOTHING_VULNERABLE
from cce.cli.tailored import read
from cce.errors import TailoringError
from cce.report.deviations import change_text, reason_text, summaries_json, summarise
from cce.report.safe import to_json
from cce.tailoring import apply
from cce.tailoring.schema import schema
from cce.text import visible

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from cce.report.model import DeviationSummary
    from cce.tailoring import Tailoring
    from cce.text import Text
    from cce.verdict import Deviation

NAME: Final = "tailoring"
HELP: Final = "Check a tailoring file and show what it changes; print the JSON schema for editors."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True, dest="action")
    check_help = "say whether the file is right and every deviation from the guide that it makes"
    check = actions.add_parser("check", help=check_help, description=check_help)
    check.add_argument("file", metavar="FILE")
    check.add_argument("--format", choices=("table", "json"), default="table", help="(default: %(default)s)")
    schema_help = "print the JSON schema (docs/tailoring.schema.json)"
    actions.add_parser("schema", help=schema_help, description=schema_help)


def run(args: argparse.Namespace) -> int:
    """Check the file or print the schema. 0: it is right; 2: it is wrong or cannot be read.

    Raises
    ------
    CceError
        When the file cannot be read.
    """
    if args.action == "schema":
        write_stdout(to_json(schema(), indent=1) + "\n")
        return NOTHING_VULNERABLE
    try:
        tailoring = read(args.file)
    except TailoringError as error:
        sys.stderr.writelines(f"{visible(problem)}\n" for problem in error.problems)
        return NOT_ASSESSED
    summaries = summarise(dict.fromkeys(_deviations(tailoring), 0))
    if args.format == "json":
        write_stdout(to_json(_json(tailoring, summaries)) + "\n")
    else:
        write_stdout("".join(f"{line}\n" for line in _lines(tailoring, summaries)))
    return NOTHING_VULNERABLE


def _deviations(tailoring: Tailoring) -> Iterator[tuple[str, str, Deviation]]:
    """What holds for every server, then what each overlay alone makes of it."""
    alone = [(number,) for number in range(len(tailoring.overlays))]
    for benchmark_id in benchmark_ids():
        for overlays in ((), *alone):
            for item in apply(load(benchmark_id), tailoring, overlays).items:
                yield from ((benchmark_id, item.id, deviation) for deviation in item.deviations)


def _json(tailoring: Tailoring, summaries: tuple[DeviationSummary, ...]) -> dict[str, Any]:
    rows = [
        {key: value for key, value in row.items() if key != "servers"} for row in summaries_json(summaries)
    ]
    restored = [
        {"benchmark": benchmark_id, "items": list(items), "applies_ko": whom.ko, "applies_en": whom.en}
        for benchmark_id in benchmark_ids()
        for whom, items in _restored(tailoring, benchmark_id)
    ]
    return {
        "tailoring": tailoring.tailoring,
        "overlays": len(tailoring.overlays),
        "deviations": rows,
        "restored": restored,
    }


def _lines(tailoring: Tailoring, summaries: tuple[DeviationSummary, ...]) -> Iterator[str]:
    yield f"{tailoring.tailoring}: the file is right; {len(tailoring.overlays)} overlays"
    for benchmark_id in benchmark_ids():
        here = [summary for summary in summaries if summary.benchmark == benchmark_id]
        yield f"\n{benchmark_id}: {len(here)} deviations from the guide"
        for summary in here:
            yield f"  {', '.join(summary.items)}"
            yield f"      {change_text(summary.deviation).en}"
            yield f"      for {summary.deviation.applies.en}: {reason_text(summary.deviation)}"
        for whom, items in _restored(tailoring, benchmark_id):
            yield f"  {', '.join(items)}\n      as the guide says again, for {whom.en}"


def _restored(tailoring: Tailoring, benchmark_id: str) -> Iterator[tuple[Text, tuple[str, ...]]]:
    """Items that an overlay brings back to the guide."""
    everywhere = _changed(tailoring, benchmark_id, ())
    for number, overlay in enumerate(tailoring.overlays):
        changed = set(_changed(tailoring, benchmark_id, (number,)))
        if back := tuple(item for item in everywhere if item not in changed):
            yield overlay.text, back


def _changed(tailoring: Tailoring, benchmark_id: str, overlays: tuple[int, ...]) -> list[str]:
    return [item.id for item in apply(load(benchmark_id), tailoring, overlays).items if item.deviations]
