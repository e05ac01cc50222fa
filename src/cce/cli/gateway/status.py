"""``cce gateway status``: the state of every stage of a definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.cli.files import write_stdout
from cce.cli.gateway import definition_file, desk
from cce.cli.status import NOTHING_VULNERABLE
from cce.gateway import states

if TYPE_CHECKING:
    import argparse

NAME: Final = "status"
HELP: Final = "Say of every stage whether the draft is applied and what was applied is deployed."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    desk.add_file(parser)
    desk.add_book(parser)


def run(args: argparse.Namespace) -> int:
    """Print one line for each stage.

    Raises
    ------
    CceError
        When the definition is wrong or the book cannot be read.
    """
    service = definition_file.service_named(args)
    opened = desk.open_desk(args)
    lines = []
    for stage in service.stages:
        record = opened.record(service.name, stage.name)
        badges = states.badges(opened.desk.draft(service, stage), record)
        serving = record.serving if record else None
        served = f"deployment {serving.number}" if serving else "nothing"
        lines.append(f"{stage.name or '(default)':<31} serves {served:<16} {'; '.join(badges)}\n")
    write_stdout("".join(lines))
    return NOTHING_VULNERABLE
