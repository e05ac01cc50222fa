"""The definition file that a verb takes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cce.cli.files import unreadable
from cce.errors import GatewayDefinitionError, OutputError
from cce.gateway.definition.load import LIMIT, load
from cce.text import visible

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from cce.gateway.definition.load import Loaded
    from cce.gateway.definition.model import Definition, Service
    from cce.gateway.definition.stage import Stage


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add FILE and ``--local``."""
    parser.add_argument("file", metavar="FILE", help="the definition")
    parser.add_argument(
        "--local", action="store_true", help="allow backends on this machine, as for cce gateway serve"
    )


def read_bytes(name: str, limit: int) -> bytes:
    """The bytes of a file, one more than the limit at most.

    Raises
    ------
    OutputError
        When it cannot be read.
    """
    try:
        with Path(name).open("rb") as stream:
            return stream.read(limit + 1)
    except OSError as error:
        raise OutputError(unreadable(name, error)) from error


def read(name: str, *, local: bool = False) -> Loaded:
    """Read a definition file.

    Raises
    ------
    OutputError
        When it cannot be read.
    GatewayDefinitionError
        When it is wrong.
    """
    return load(read_bytes(name, LIMIT), name, local=local)


def service_of(definition: Definition, name: str | None) -> Service:
    """The service of that name; the only one where no name is given.

    Raises
    ------
    GatewayDefinitionError
        When there is none of that name, or several and no name is given.
    """
    names = ", ".join(service.name for service in definition.services)
    if name is None and len(definition.services) == 1:
        return definition.services[0]
    if name is None:
        raise GatewayDefinitionError(f"the definition has several services; name one with --service: {names}")
    for service in definition.services:
        if service.name == name:
            return service
    raise GatewayDefinitionError(f"the definition has no service {name!r}; it has: {names}")


def say(lines: Iterable[str], what: str = "") -> None:
    """Write lines that come from a file to standard error, made visible."""
    sys.stderr.writelines(f"{what}{visible(line)}\n" for line in lines)


def service_named(args: argparse.Namespace) -> Service:
    """The service that FILE and ``--service`` name.

    Raises
    ------
    CceError
        When the file cannot be read, is wrong, or has no such service.
    """
    return service_of(read(args.file).definition, args.service)


def stage_of(args: argparse.Namespace, *, warn: bool = False) -> tuple[Service, Stage]:
    """The service and the stage that FILE, ``--service`` and ``--stage`` name.

    Parameters
    ----------
    warn
        Whether to say on standard error what the file allows but may not mean.

    Raises
    ------
    CceError
        When the file cannot be read, is wrong, or has no such service or stage.
    """
    loaded = read(args.file)
    service = service_of(loaded.definition, args.service)
    if warn:
        say(loaded.warnings, "warning: ")
    for stage in service.stages:
        if stage.name == args.stage:
            return service, stage
    names = ", ".join(stage.name or "(default)" for stage in service.stages)
    shown, there = args.stage or "(default)", f"{names}; name one with --stage" if names else "none"
    raise GatewayDefinitionError(f"service {service.name!r} has no stage {shown}; it has: {there}")
