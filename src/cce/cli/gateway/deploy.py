"""``cce gateway deploy``: let a stage serve what was applied to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from cce.cli.files import write_stdout
from cce.cli.gateway import definition_file, desk
from cce.cli.status import NOTHING_VULNERABLE

if TYPE_CHECKING:
    import argparse

NAME: Final = "deploy"
HELP: Final = "Let a stage serve what was applied to it. Until it is complete the one before serves."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument(
        "--description", default="", metavar="TEXT", help="kept in the history; at most 200 characters"
    )
    desk.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Deploy.

    Raises
    ------
    CceError
        When nothing was applied, nothing changed, a deployment runs, or it failed.
    """
    service, _ = definition_file.stage_of(args)
    opened = desk.open_desk(args)
    made = opened.desk.deploy(service.name, args.stage, datetime.now(UTC), opened.who, args.description)
    shown = args.stage or "(default)"
    write_stdout(f"stage {shown}: deployment {made.number} of {made.digest[:12]} is complete\n")
    return NOTHING_VULNERABLE
