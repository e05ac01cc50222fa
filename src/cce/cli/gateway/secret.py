"""``--secret``: where the secret is. It is never an argument itself: everybody sees those (``ps``)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from cce.errors import SecretError
from cce.gateway.signing.keys import ADVISED_BYTES, Key
from cce.store.local_secrets import LocalSecrets, without_line_end

if TYPE_CHECKING:
    import argparse

HELP: Final = (
    "where the secret is: env:NAME, file:PATH, or - for standard input; never the secret itself, "
    "which every user of the machine could see"
)


def add_argument(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """Add ``--secret``."""
    parser.add_argument("--secret", metavar="WHERE", required=required, help=HELP)


def read(where: str) -> tuple[Key, ...]:
    """The secret, with a word about one that is too short.

    Raises
    ------
    SecretError
        When it cannot be read, or is empty.
    """
    keys = (_of_stdin(),) if where == "-" else LocalSecrets().keys(where)
    if any(key.short for key in keys):
        sys.stderr.write(f"cce: the secret has fewer than {ADVISED_BYTES} bytes; use a longer random one\n")
    return keys


def _of_stdin() -> Key:
    try:
        text = sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise SecretError("the secret from standard input is no UTF-8 text") from error
    return Key("current", without_line_end(text))
