"""Errors in AWS's wire form."""

from __future__ import annotations


class SsmError(Exception):
    """An error a client of SSM sees.

    Parameters
    ----------
    code
        The error's name, ``InvalidInstanceId``.
    message
        What AWS says with it; several of its errors say nothing.
    """

    def __init__(self, code: str, message: str = "", *, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def validation(message: str) -> SsmError:
    """A ValidationException."""
    return SsmError("ValidationException", message)
