"""``cce gateway schema``: the JSON schema of a definition file, for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.cli.files import write_stdout
from cce.cli.status import NOTHING_VULNERABLE
from cce.gateway.definition.schema import schema
from cce.report.safe import to_json

if TYPE_CHECKING:
    import argparse

NAME: Final = "schema"
HELP: Final = "Print the JSON schema of a definition file (docs/gateway.schema.json), for editors."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments: it has none."""


def run(_args: argparse.Namespace) -> int:
    """Print the schema."""
    write_stdout(to_json(schema(), indent=1) + "\n")
    return NOTHING_VULNERABLE
