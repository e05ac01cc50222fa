"""Secrets that sign requests, on one's own machine: in the environment or in a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from cce.errors import SecretError
from cce.gateway.signing.keys import Key

_NAME: Final = "current"


class LocalSecrets:
    """``env:NAME`` and ``file:PATH``; see :class:`cce.gateway.signing.ports.Secrets`.

    A file is read anew each time, so that a change counts at once. One line end behind its text is not part
    of the secret, because editors put it there.
    """

    def __init__(self) -> None:
        #: Of the environment, which does not change while the process runs.
        self._known: dict[str, tuple[Key, ...]] = {}

    def keys(self, reference: str) -> tuple[Key, ...]:
        """The one secret.

        Raises
        ------
        SecretError
            When it is not there, is empty, or the reference is of another kind.
        """
        if known := self._known.get(reference):
            return known
        kind, _, where = reference.partition(":")
        if kind == "env":
            return self._known.setdefault(reference, (Key(_NAME, self._variable(where)),))
        if kind == "file":
            return (Key(_NAME, without_line_end(self._contents(where))),)
        message = "a local secret is named as env:NAME or file:PATH; the secret itself never stands there"
        raise SecretError(message)

    def _variable(self, name: str) -> str:
        value = os.environ.get(name)
        if value is None:
            message = f"the environment has no variable {name}; set it to the secret"
            raise SecretError(message)
        return value

    def _contents(self, path: str) -> str:
        try:
            return Path(path).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            message = f"the secret's file {path} cannot be read: {error}"
            raise SecretError(message) from error


def without_line_end(text: str) -> str:
    """The text without one line end behind it."""
    return text.removesuffix("\n").removesuffix("\r")
