"""The ``cce`` command. A verb is one module with ``NAME``, ``HELP``, ``configure`` and ``run``."""

from __future__ import annotations

import argparse
import sys
import traceback
from typing import TYPE_CHECKING, Final, Protocol, cast

from cce import __version__
from cce.cli import (
    benchmarks,
    diff_editions,
    doctor,
    explain,
    gateway,
    judge,
    onboard,
    probe,
    scan,
    tailoring,
)
from cce.cli.files import discard_stdout
from cce.cli.status import BROKEN_PIPE, INTERRUPTED, NOT_ASSESSED
from cce.errors import CceError
from cce.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence


class Verb(Protocol):
    """What a verb's module holds."""

    NAME: str
    HELP: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the verb's arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it and say the exit status."""


VERBS: Final = cast(
    "tuple[Verb, ...]",
    (scan, judge, explain, benchmarks, diff_editions, tailoring, probe, doctor, onboard, gateway),
)

_DESCRIPTION: Final = """\
Checks the configuration of a server against Korea's KISA guide (CCE 진단).

exit status: 0 all assessed, nothing vulnerable; 1 something is vulnerable; 2 something could not be assessed
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; ``argv`` defaults to the process's arguments."""
    args = _parser().parse_args(argv)
    try:
        status: int = args.run(args)
        sys.stdout.flush()
    except CceError as error:
        sys.stderr.write(f"cce: {visible(str(error))}\n")
        return NOT_ASSESSED
    except BrokenPipeError:
        discard_stdout()  # there is nobody left to read it
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - the process's boundary: Python's own status 1 would say "vulnerable"
        traceback.print_exc()
        sys.stderr.write("cce: this is a defect of cce; please report the lines above\n")
        return NOT_ASSESSED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cce", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"cce {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    for verb in VERBS:
        sub = verbs.add_parser(verb.NAME, help=verb.HELP, description=verb.HELP)
        verb.configure(sub)
        sub.set_defaults(run=verb.run)
    return parser
