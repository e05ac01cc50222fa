"""``cce gateway rollback``: deploy again what an earlier deployment did."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from cce.cli.files import write_stdout
from cce.cli.gateway import definition_file, desk
from cce.cli.status import NOTHING_VULNERABLE

if TYPE_CHECKING:
    import argparse

NAME: Final = "rollback"
HELP: Final = "Deploy again what an earlier deployment of the stage did. What was applied stays as it is."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument(
        "--to", type=int, required=True, metavar="N", help="number of the deployment (history)"
    )
    desk.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Roll back.

    Raises
    ------
    CceError
        When there is no such deployment, it serves now, or it failed.
    """
    service = definition_file.service_named(args)
    opened = desk.open_desk(args)
    made = opened.desk.roll_back(service.name, args.stage, args.to, datetime.now(UTC), opened.who)
    shown = args.stage or "(default)"
    write_stdout(
        f"stage {shown}: deployment {made.number} serves {made.digest[:12]} of deployment {args.to}\n"
    )
    return NOTHING_VULNERABLE
