"""``cce gateway apply``: give a stage what the definition file says; it serves nobody yet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from cce.cli.files import write_stdout
from cce.cli.gateway import definition_file, desk
from cce.cli.status import NOTHING_VULNERABLE

if TYPE_CHECKING:
    import argparse

NAME: Final = "apply"
HELP: Final = (
    "Give a stage the resources and settings of the definition file. Nobody is served by them before deploy."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    desk.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Apply.

    Raises
    ------
    CceError
        When the definition is wrong, cannot be served, or is applied already.
    """
    service, stage = definition_file.stage_of(args, warn=True)
    opened = desk.open_desk(args)
    record = opened.desk.apply(service, stage, datetime.now(UTC), opened.who)
    assert record.applied
    shown = args.stage or "(default)"
    write_stdout(f"applied to stage {shown}: {record.applied.digest[:12]}; deploy it for it to be served\n")
    return NOTHING_VULNERABLE
