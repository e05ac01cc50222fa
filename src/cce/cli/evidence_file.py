"""Evidence given to the command line: a file or standard input, frame or records, compressed or not."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cce.errors import EvidenceError, OutputError
from cce.evidence.records import parse, read

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

_GZIP: Final = b"\x1f\x8b"
_RECORDS: Final = b"cce\t"

#: A full document framed is at most twice this; a few kilobytes of gzip can claim to be gigabytes.
_LIMIT: Final = 32 * 1024 * 1024
#: Base64, and a compact frame before the full one.
_FILE_LIMIT: Final = 2 * _LIMIT


def read_evidence(name: str) -> tuple[Evidence, str]:
    """Read the evidence and say what to call it in messages; ``-`` is standard input.

    Raises
    ------
    CceError
        When the file cannot be read or holds no evidence.
    """
    return _evidence(_contents(name)), "standard input" if name == "-" else name


def _contents(name: str) -> bytes:
    try:
        if name == "-":
            data = sys.stdin.buffer.read(_FILE_LIMIT + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(_FILE_LIMIT + 1)
    except OSError as error:
        message = f"evidence {name} cannot be read: {error.strerror or error}"
        raise OutputError(message) from error
    if len(data) > _FILE_LIMIT:
        message = f"evidence {name} is larger than {_FILE_LIMIT} bytes; no server's configuration is"
        raise EvidenceError(message)
    return data


def _evidence(data: bytes) -> Evidence:
    """Records or a frame, compressed or not."""
    if data.startswith(_GZIP):
        data = _unzip(data)
    if data.startswith(_RECORDS):
        return parse(data)
    return read(data.decode("utf-8", "backslashreplace"))


def _unzip(data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            contents = stream.read(_LIMIT + 1)
    except (OSError, EOFError, zlib.error) as error:
        message = f"the evidence is not valid gzip ({error}); fetch the file again"
        raise EvidenceError(message) from error
    if len(contents) > _LIMIT:
        message = f"the evidence is larger than {_LIMIT} bytes; no server's configuration is"
        raise EvidenceError(message)
    return contents
