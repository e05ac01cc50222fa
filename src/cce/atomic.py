"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def replace_file(target: Path, data: bytes, mode: int) -> None:
    """Put the data in the place of a file, or make it; what was there stays until all of it is on the disk.

    Raises
    ------
    OSError
        When it cannot be written; nothing is left behind then.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:  # also Ctrl-C: no half-written file is left behind
        temporary.unlink(missing_ok=True)
        raise
