"""``cce scan``: probe this machine, or a root directory, and judge what was read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cce.cli import files, output, selection, tailored
from cce.errors import EvidenceError
from cce.evidence.records import read
from cce.scan import scan

if TYPE_CHECKING:
    import argparse

NAME: Final = "scan"
HELP: Final = "Check this machine, or a root directory, without AWS. Reads only; run it as root."

#: Seconds after which a probe is ended.
TIMEOUT_S: Final = 600


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument(
        "--root",
        type=Path,
        metavar="DIR",
        help="check this root directory (image, chroot, mounted disk) instead",
    )
    selection.add_arguments(parser)
    tailored.add_arguments(parser)
    output.add_arguments(parser)
    parser.add_argument(
        "--save-evidence", type=Path, metavar="FILE", help="keep what the probe printed, for 'cce judge'"
    )
    parser.add_argument(
        "--timeout", type=_seconds, default=TIMEOUT_S, metavar="SECONDS", help="(default: %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Scan, judge, write.

    Raises
    ------
    CceError
        When nothing can be assessed: an unknown item, an unreadable root, no evidence.
    """
    benchmarks, tailoring = tailored.tailored(args, selection.selected(args))
    output.check(args)
    if args.save_evidence:
        files.check_target(args.save_evidence)
    if args.root is not None:
        check_root(args.root)
    printed = scan(args.root, timeout_s=args.timeout)
    if args.save_evidence:
        files.write(args.save_evidence, printed.encode("utf-8"), private=True)
    evidence = read(printed)
    where = str(args.root) if args.root else "localhost"
    return output.write(args, output.Diagnosis(evidence, benchmarks, where, tailoring))


def _seconds(text: str) -> int:
    seconds = int(text)
    if seconds < 1:
        raise ValueError(text)
    return seconds


def check_root(root: Path) -> None:
    """Fail with a reason if the directory cannot be probed.

    Raises
    ------
    EvidenceError
        When it is no directory, or this user may not read it.
    """
    if not root.is_dir():
        what = "is not a directory" if root.exists() else "does not exist"
        message = f"root directory {root} {what}"
        raise EvidenceError(message)
    if not os.access(root, os.R_OK | os.X_OK):
        message = f"root directory {root} cannot be read by user id {os.geteuid()}; run cce as root"
        raise EvidenceError(message)
