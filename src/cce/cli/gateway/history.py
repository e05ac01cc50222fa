"""``cce gateway history``: the deployments of a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.cli.files import write_stdout
from cce.cli.gateway import definition_file, desk
from cce.cli.status import NOTHING_VULNERABLE
from cce.text import visible

if TYPE_CHECKING:
    import argparse

NAME: Final = "history"
HELP: Final = "List the deployments of a stage: number, time, digest, who, status, description."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    desk.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print them, the newest first.

    Raises
    ------
    CceError
        When the book cannot be read.
    """
    service = definition_file.service_named(args)
    record = desk.open_desk(args).record(service.name, args.stage)
    serving = record.serving if record else None
    lines = []
    for each in reversed(record.deployments if record else ()):
        mark = "*" if serving and each.number == serving.number else " "
        words = f"{each.description}{f'; {each.reason}' if each.reason else ''}"
        lines.append(
            f"{mark} {each.number:>4}  {each.at:%Y-%m-%d %H:%M:%SZ}  {each.digest[:12]}  {each.status:<9}  "
            f"{visible(each.by)}  {visible(words)}"
        )
    write_stdout("".join(f"{line.rstrip()}\n" for line in lines) or "never deployed\n")
    return NOTHING_VULNERABLE
