"""``cce gateway diff``: what is not applied or not deployed, and who would answer each method, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.cli.files import write_stdout
from cce.cli.gateway import definition_file, desk
from cce.cli.status import NOTHING_VULNERABLE
from cce.gateway import states
from cce.gateway.differences import differences, lines
from cce.text import visible

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from cce.cli.gateway.desk import Opened
    from cce.gateway.compiler import Compiled
    from cce.gateway.definition.model import Service
    from cce.gateway.definition.stage import Stage
    from cce.gateway.snapshot import Snapshot

NAME: Final = "diff"
HELP: Final = (
    "Compare the definition file with what was applied, and that with what is deployed; "
    "say who would answer each method, and why."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    desk.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the differences.

    Raises
    ------
    CceError
        When the definition is wrong, or API Gateway cannot serve it.
    """
    service, stage = definition_file.stage_of(args, warn=True)
    write_stdout("".join(f"{line}\n" for line in _lines(desk.open_desk(args), service, stage)))
    return NOTHING_VULNERABLE


def _lines(opened: Opened, service: Service, stage: Stage) -> Iterable[str]:
    draft, record = opened.desk.draft(service, stage), opened.record(service.name, stage.name)
    digest = record.applied.digest if record and record.applied else None
    applied = opened.book.snapshot(draft.service, digest) if digest else None
    serving = record.serving if record else None
    deployed = opened.book.snapshot(draft.service, serving.digest) if serving else None
    yield f"stage {stage.name or '(default)'}: {'; '.join(states.badges(draft, record))}"
    yield from _section("draft, compared with what is applied", applied, draft)
    if applied:
        yield from _section("applied, compared with what is deployed", deployed, applied)
    yield from _choices(opened.desk.compile(draft))


def _section(title: str, old: Snapshot | None, new: Snapshot) -> Iterable[str]:
    yield f"\n{title}:"
    yield from (f"  {line}" for line in lines(differences(old, new)))


def _choices(compiled: Compiled) -> Iterable[str]:
    yield "\nwho answers:"
    for choice in compiled.choices:
        yield f"  {choice.kind:<8} {choice.method:<7} {choice.path}"
        yield f"           {visible(choice.reason)}"
    yield from (f"note: {visible(note)}" for note in compiled.notes)
