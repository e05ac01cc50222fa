"""``--tailoring``: judge as the file says for the server that ``--account`` and ``--tag`` describe."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cce.assessment import ACCOUNT
from cce.errors import OutputError
from cce.tailoring import apply, parse
from cce.tailoring.load import LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cce.benchmarks import Benchmark
    from cce.tailoring import Tailoring


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add ``--tailoring``, ``--account`` and ``--tag``."""
    parser.add_argument(
        "--tailoring",
        metavar="FILE",
        help="judge with the policy, the parameters and the items of this file (docs/tailoring.md); "
        "every deviation from the guide is shown",
    )
    parser.add_argument(
        "--account", type=_account, metavar="ID", help="account of the server, for its overlays"
    )
    parser.add_argument(
        "--tag",
        type=_tag,
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="tag of the server, for its overlays; may be repeated",
    )


def tailored(args: argparse.Namespace, benchmarks: Sequence[Benchmark]) -> tuple[tuple[Benchmark, ...], str]:
    """The benchmarks as the tailoring makes them, and its name; as they are and no name without one.

    Raises
    ------
    CceError
        When the file cannot be read or is wrong.
    """
    if args.tailoring is None:
        return tuple(benchmarks), ""
    tailoring = read(args.tailoring)
    overlays = tailoring.matching(args.account or "", dict(args.tag))
    if tailoring.overlays and not args.account and not args.tag:
        _say_unmatched(tailoring)
    return tuple(apply(benchmark, tailoring, overlays) for benchmark in benchmarks), tailoring.tailoring


def read(name: str) -> Tailoring:
    """Read a tailoring file.

    Raises
    ------
    OutputError
        When it cannot be read.
    TailoringError
        When it is wrong; each problem names file, line and remedy.
    """
    try:
        with Path(name).open("rb") as stream:
            return parse(stream.read(LIMIT + 1), name)
    except OSError as error:
        message = f"tailoring {name} cannot be read: {error.strerror or error}"
        raise OutputError(message) from error


def _say_unmatched(tailoring: Tailoring) -> None:
    number = len(tailoring.overlays)
    sys.stderr.write(
        f"cce: {number} overlays of the tailoring are left out: name the server's --account and --tag\n"
    )


def _account(text: str) -> str:
    if re.fullmatch(ACCOUNT, text) is None:
        message = f"{text!r} is no account id; it has twelve digits"
        raise argparse.ArgumentTypeError(message)
    return text


def _tag(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        message = f"{text!r} is no tag; write KEY=VALUE"
        raise argparse.ArgumentTypeError(message)
    return key, value
