"""Secrets that sign requests, on one's own machine: in the environment or in a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from cce.errors import SecretError
from cce.gateway.signing.keys import Key

_CURRENT: Final = "current"
_PREVIOUS: Final = "previous"


class LocalSecrets:
    """``env:NAME`` and ``file:PATH``; see :class:`cce.gateway.signing.ports.Secrets`.

    The secret before stands in the variable ``NAME_PREVIOUS`` or the file ``PATH.previous``, while there is
    one. A file is read anew each time, so that a change counts at once. One line end behind its text is not
    part of the secret, because editors put it there.
    """

    def __init__(self) -> None:
        #: Of the environment, which does not change while the process runs.
        self._known: dict[str, tuple[Key, ...]] = {}

    def keys(self, reference: str) -> tuple[Key, ...]:
        """The secret, and the one before.

        Raises
        ------
        SecretError
            When it is not there, is empty, or the reference is of another kind.
        """
        if known := self._known.get(reference):
            return known
        kind, _, where = reference.partition(":")
        if kind == "env":
            before = os.environ.get(f"{where}_PREVIOUS", "")
            return self._known.setdefault(reference, _keys(self._variable(where), before))
        if kind == "file":
            before = self._contents(f"{where}.previous") if Path(f"{where}.previous").exists() else ""
            return _keys(without_line_end(self._contents(where)), without_line_end(before))
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
        except OSError as error:
            message = f"the secret's file {path} cannot be read: {error.strerror or error}; name another one"
            raise SecretError(message) from error
        except UnicodeDecodeError as error:
            message = f"the secret's file {path} is no UTF-8 text; store the secret as text"
            raise SecretError(message) from error


def _keys(secret: str, before: str) -> tuple[Key, ...]:
    return (Key(_CURRENT, secret), *((Key(_PREVIOUS, before),) if before else ()))


def without_line_end(text: str) -> str:
    """The text without one line end behind it."""
    return text.removesuffix("\n").removesuffix("\r")
