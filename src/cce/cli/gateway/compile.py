"""``cce gateway compile``: the OpenAPI document that API Gateway is given for a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.cli.files import write_stdout
from cce.cli.gateway import definition_file, desk
from cce.cli.status import NOTHING_VULNERABLE

if TYPE_CHECKING:
    import argparse

NAME: Final = "compile"
HELP: Final = "Print the OpenAPI document that API Gateway would be given for a stage of the definition."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    desk.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print it; what may surprise goes to standard error.

    Raises
    ------
    CceError
        When the definition is wrong, or API Gateway cannot serve it.
    """
    service, stage = definition_file.stage_of(args, warn=True)
    opened = desk.open_desk(args)
    compiled = opened.desk.compile(opened.desk.draft(service, stage))
    definition_file.say(compiled.notes, "note: ")
    write_stdout(compiled.text() + "\n")
    return NOTHING_VULNERABLE
