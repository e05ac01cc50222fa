"""``cce judge``: judge stored evidence again, without touching a server."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cce.cli import output, selection
from cce.cli.unread import report_unread
from cce.errors import EvidenceError, OutputError
from cce.evidence.records import parse, read
from cce.judge import judge

if TYPE_CHECKING:
    import argparse

    from cce.evidence.model import Evidence

NAME: Final = "judge"
HELP: Final = "Judge stored evidence again: what the probe printed, or the .gz records of an assessment."

_GZIP: Final = b"\x1f\x8b"
_RECORDS: Final = b"cce\t"

#: A full document framed is at most twice this; a few kilobytes of gzip can claim to be gigabytes.
_LIMIT: Final = 32 * 1024 * 1024


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("evidence", metavar="EVIDENCE", help="a file, or '-' for standard input")
    selection.add_arguments(parser)
    output.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Read, judge, write.

    Raises
    ------
    CceError
        When the file cannot be read or holds no evidence.
    """
    benchmark = selection.selected(args)
    output.check(args)
    evidence = _evidence(_contents(args.evidence))
    where = "standard input" if args.evidence == "-" else args.evidence
    diagnosis = output.Diagnosis(evidence, benchmark, judge(evidence, benchmark), where)
    report_unread(diagnosis.verdicts, evidence)
    return output.write(args, diagnosis)


def _contents(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        message = f"evidence {name} cannot be read: {error.strerror or error}"
        raise OutputError(message) from error


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
