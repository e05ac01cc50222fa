"""``cce gateway import``: a definition made of an OpenAPI or Swagger document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.cli.files import write_stdout
from cce.cli.gateway.definition_file import read_bytes, say
from cce.cli.status import NOTHING_VULNERABLE
from cce.gateway.definition.load import load
from cce.gateway.openapi.load import LIMIT, definition_text

if TYPE_CHECKING:
    import argparse

NAME: Final = "import"
HELP: Final = (
    "Print the definition that an OpenAPI 3 or Swagger 2.0 document comes to, and what it does not hold."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("file", metavar="OPENAPI", help="the document, JSON or YAML")
    parser.add_argument(
        "--stage-backend", metavar="URL", help="backend of the default stage, in place of the servers"
    )


def run(args: argparse.Namespace) -> int:
    """Print the definition. It is printed even when it needs work, which is raised then.

    Raises
    ------
    CceError
        When the file cannot be read, no definition can be made of it, or that one is not right yet.
    """
    text = definition_text(read_bytes(args.file, LIMIT), args.file, args.stage_backend)
    write_stdout(text)
    say(load(text.encode(), "the printed definition").warnings, "warning: ")
    return NOTHING_VULNERABLE
