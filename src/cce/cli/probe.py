"""``cce probe``: the script that runs on servers, to read, to run by hand, to compare with a document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from cce.cli.files import write_stdout
from cce.cli.status import NOTHING_VULNERABLE
from cce.errors import EvidenceError, OutputError
from cce.probes import linux_probe, linux_source
from cce.probes.document import check_document

if TYPE_CHECKING:
    import argparse

NAME: Final = "probe"
HELP: Final = (
    "Print the script that runs on servers, or check what an SSM document would run. "
    "The exit status is 0 only if the document holds this version's script."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--comments", action="store_true", help="as it is written, with its comments")
    which.add_argument(
        "--document",
        type=Path,
        metavar="FILE",
        help="an SSM document (aws ssm get-document --query Content --output text): does it run this script?",
    )


def run(args: argparse.Namespace) -> int:
    """Print or compare.

    Raises
    ------
    EvidenceError
        When the document cannot be read, or does not hold this version's script.
    """
    if args.document is None:
        write_stdout(linux_source() if args.comments else linux_probe())
        return NOTHING_VULNERABLE
    try:
        check_document(args.document.read_text("utf-8"))
    except (OSError, UnicodeError) as error:
        message = f"{args.document} cannot be read: {getattr(error, 'strerror', '') or error}"
        raise OutputError(message) from error
    except EvidenceError as error:
        message = f"{args.document} {error.message}; this release's document is in member/template.yaml"
        raise EvidenceError(message) from error
    write_stdout(f"{args.document} runs the probe of this version\n")
    return NOTHING_VULNERABLE
