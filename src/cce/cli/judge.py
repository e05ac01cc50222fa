"""``cce judge``: judge stored evidence again, without touching a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.cli import output, selection, tailored
from cce.cli.evidence_file import read_evidence

if TYPE_CHECKING:
    import argparse

NAME: Final = "judge"
HELP: Final = "Judge stored evidence again: what the probe printed, or the .gz records of an assessment."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("evidence", metavar="EVIDENCE", help="a file, or '-' for standard input")
    selection.add_arguments(parser)
    tailored.add_arguments(parser)
    output.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Read, judge, write.

    Raises
    ------
    CceError
        When the file cannot be read or holds no evidence.
    """
    benchmarks, tailoring = tailored.tailored(args, selection.selected(args))
    output.check(args)
    evidence, where = read_evidence(args.evidence)
    return output.write(args, output.Diagnosis(evidence, benchmarks, where, tailoring))
