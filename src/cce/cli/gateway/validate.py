"""``cce gateway validate``: whether a definition file is right, and what it may not have meant to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cce.cli.files import write_stdout
from cce.cli.gateway.definition_file import add_arguments, read, say
from cce.cli.status import NOT_ASSESSED, NOTHING_VULNERABLE
from cce.errors import GatewayDefinitionError
from cce.report.safe import to_json

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from cce.gateway.definition.model import Definition

NAME: Final = "validate"
HELP: Final = (
    "Say whether a definition file is right: every problem with its line, its reason and what to do."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def run(args: argparse.Namespace) -> int:
    """Check the file. 0: it is right, with or without warnings; 2: it is wrong.

    Raises
    ------
    CceError
        When the file cannot be read or, without ``--json``, is wrong.
    """
    try:
        loaded = read(args.file, local=args.local)
    except GatewayDefinitionError as error:
        if not args.json:
            raise
        write_stdout(to_json(_document(args.file, error.problems, ())) + "\n")
        return NOT_ASSESSED
    if args.json:
        write_stdout(to_json(_document(args.file, (), loaded.warnings)) + "\n")
    else:
        say(loaded.warnings, "warning: ")
        write_stdout("".join(f"{line}\n" for line in _summary(args.file, loaded.definition)))
    return NOTHING_VULNERABLE


def _document(name: str, problems: Iterable[str], warnings: Iterable[str]) -> dict[str, Any]:
    found = [_located(name, problem) for problem in problems]
    return {
        "file": name,
        "valid": not found,
        "problems": found,
        "warnings": [_located(name, warning) for warning in warnings],
    }


def _located(name: str, problem: str) -> dict[str, Any]:
    """A problem's line apart from its text; the count of those that are not shown has no line."""
    line, _, text = problem.removeprefix(f"{name}:").partition(": ")
    return {"line": int(line), "message": text} if line.isdecimal() else {"line": None, "message": problem}


def _summary(name: str, definition: Definition) -> Iterator[str]:
    yield f"{name}: the file is right"
    for service in definition.services:
        methods = sum(len(resource.methods) for resource in service.resources.values())
        stages = ", ".join(stage.name or "(default)" for stage in service.stages) or "none"
        yield f"  {service.name}: {len(service.resources)} paths, {methods} methods; stages: {stages}"
