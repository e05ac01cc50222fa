"""``cce gateway delete-stage``: take a stage away for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from cce.cli.files import write_stdout
from cce.cli.gateway import definition_file, desk
from cce.cli.status import NOTHING_VULNERABLE
from cce.errors import GatewayStateError

if TYPE_CHECKING:
    import argparse

NAME: Final = "delete-stage"
HELP: Final = "Take a stage away at once and for good. Refused while it is called, unless --force."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("--yes", action="store_true", help="needed: it cannot be undone")
    parser.add_argument("--force", action="store_true", help="although it was called lately")
    parser.add_argument(
        "--quiet-minutes",
        type=int,
        default=60,
        metavar="N",
        help="how long nobody must have called it, by the statistics (default: %(default)s)",
    )
    desk.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Delete.

    Raises
    ------
    CceError
        Without ``--yes``, or when the stage is in use.
    """
    service = definition_file.service_named(args)
    shown = args.stage or "(default)"
    if not args.yes:
        raise GatewayStateError(f"stage {shown} would be gone at once and for good; say --yes to delete it")
    quiet = timedelta(minutes=args.quiet_minutes)
    desk.open_desk(args).desk.delete(service.name, args.stage, datetime.now(UTC), quiet, force=args.force)
    write_stdout(f"stage {shown} is deleted\n")
    return NOTHING_VULNERABLE
