"""``cce gateway export``: a service as OpenAPI 3.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.cli.files import write_stdout
from cce.cli.gateway.definition_file import add_arguments, read, service_of
from cce.cli.status import NOTHING_VULNERABLE
from cce.gateway.openapi.export import to_openapi
from cce.report.safe import to_json

if TYPE_CHECKING:
    import argparse

NAME: Final = "export"
HELP: Final = "Print a service as OpenAPI 3.0, with all of the definition in x-gw-… extensions."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    add_arguments(parser)
    parser.add_argument("--service", metavar="NAME", help="which one, where the file has several")


def run(args: argparse.Namespace) -> int:
    """Print the document.

    Raises
    ------
    CceError
        When the file cannot be read, is wrong or has no such service.
    """
    service = service_of(read(args.file, local=args.local).definition, args.service)
    write_stdout(to_json(to_openapi(service)) + "\n")
    return NOTHING_VULNERABLE
