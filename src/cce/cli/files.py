"""Files the command line writes, whole or not at all, and what to say of one that it cannot read."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING, Final

from cce.atomic import replace_file
from cce.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

_REMEDIES: Final = {
    FileNotFoundError: "see that the name is right",
    IsADirectoryError: "name a file in it",
    PermissionError: "see who may read it",
}


def unreadable(name: str, error: OSError) -> str:
    """Why a file cannot be read, and what to do about it."""
    remedy = _REMEDIES.get(type(error), "name a file that can be read")
    return f"{name} cannot be read: {error.strerror or error}; {remedy}"


def check_target(path: Path) -> None:
    """Fail before any work is done if ``path`` cannot become a file.

    Raises
    ------
    OutputError
        When its directory does not exist, or it is a directory itself.
    """
    if path.is_dir():
        message = f"{path} is a directory; name a file in it"
        raise OutputError(message)
    if not path.resolve().parent.is_dir():
        message = f"directory {path.parent} does not exist; create it or write somewhere else"
        raise OutputError(message)


def write(path: Path, data: bytes, *, private: bool = False) -> None:
    """Put ``data`` into the file in one step; a reader sees the old contents or the new, never a part.

    A link is followed. A device or a pipe is written through, not replaced. An existing file keeps its
    mode; a new one gets what the umask leaves, or owner only if ``private``.

    Raises
    ------
    OutputError
        When it cannot be written; the message names it.
    """
    check_target(path)
    target = path.resolve()
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as stream:
                stream.write(data)
        else:
            replace_file(target, data, _mode(target, private=private))
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}"
        raise OutputError(message) from error


def write_stdout(text: str) -> None:
    """Write text to standard output as UTF-8, whatever the locale; line ends stay as they are.

    Raises
    ------
    OutputError
        When it cannot be written: the file behind it is on a full disk. A reader that went away is no error
        of ours, and stays a ``BrokenPipeError``.
    """
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        discard_stdout()
        message = f"standard output cannot be written: {error.strerror or error}"
        raise OutputError(message) from error


def discard_stdout() -> None:
    """Let go of what is still to be printed: the interpreter flushes once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _mode(target: Path, *, private: bool) -> int:
    if private:
        return 0o600
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask
