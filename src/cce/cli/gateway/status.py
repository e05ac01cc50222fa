"""``cce gateway status``: the state of every stage of a definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.cli.files import write_stdout
from cce.cli.gateway import definition_file, desk
from cce.cli.status import NOTHING_VULNERABLE
from cce.gateway import states
from cce.text import visible

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from cce.cli.gateway.desk import Opened
    from cce.gateway.definition.model import Service
    from cce.gateway.records import StageRecord

NAME: Final = "status"
HELP: Final = "List services and stages; say whether the draft is applied and what was applied is deployed."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    desk.add_file(parser)
    desk.add_book(parser)


def run(args: argparse.Namespace) -> int:
    """Print each service and one line for each of its stages.

    Raises
    ------
    CceError
        When the definition is wrong or the book cannot be read.
    """
    definition = definition_file.read(args.file).definition
    chosen = [definition_file.service_of(definition, args.service)] if args.service else definition.services
    opened = desk.open_desk(args)
    write_stdout("".join(f"{visible(line)}\n" for service in chosen for line in _lines(opened, service)))
    return NOTHING_VULNERABLE


def _lines(opened: Opened, service: Service) -> Iterator[str]:
    yield f"service {service.name}"
    for stage in service.stages:
        record = opened.record(service.name, stage.name)
        yield _line(stage.name, record, states.badges(opened.desk.draft(service, stage), record))
    names = {stage.name for stage in service.stages}
    for record in opened.records(service.name):
        if record.stage not in names:
            yield _line(record.stage, record, ("not in the file; delete-stage removes it",))


def _line(stage: str, record: StageRecord | None, badges: Iterable[str]) -> str:
    serving = record.serving if record else None
    served = f"deployment {serving.number}" if serving else "nothing"
    return f"  {stage or '(default)':<31} serves {served:<16} {'; '.join(badges)}"
