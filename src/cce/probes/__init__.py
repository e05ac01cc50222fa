"""The probes: the read-only scripts that run on a server and print evidence. They never judge.

The Linux probe is written in parts, ``linux/NN-name.sh``, one subject each; in the order of their
numbers they make one script.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import textwrap
import zlib
from functools import cache
from importlib.resources import files
from typing import Final

from cce.errors import EvidenceError


@cache
def linux_source() -> str:
    """The Linux probe as it is written, with its comments."""
    parts = sorted(files(__name__).joinpath("linux").iterdir(), key=lambda part: part.name)
    return "".join(part.read_text("utf-8") for part in parts if part.name.endswith(".sh"))


@cache
def linux_probe() -> str:
    """The Linux probe as it runs everywhere: in the SSM document and by :func:`cce.scan.scan`.

    It is the source without comments, blank lines and indentation (docs/adr/0013).
    """
    return "".join(f"{line}\n" for line in map(_bare, linux_source().splitlines()) if line)


def packed_probe() -> str:
    """The script of the SSM document: the probe compressed, and what unpacks and runs it.

    A document holds at most 64 KB, the probe alone is longer (docs/adr/0013).
    """
    plain = linux_probe().encode()
    packed = base64.b64encode(gzip.compress(plain, mtime=0)).decode()
    launcher = files(__name__).joinpath("launcher.sh").read_text("utf-8")
    checksum = hashlib.sha256(plain).hexdigest()
    return launcher.replace("@sha256@", checksum).replace(
        "@packed@", "\n".join(textwrap.wrap(packed, _WIDTH))
    )


def unpacked(script: str) -> str:
    """The probe in the script of a document, which must be the launcher to the letter and nothing else.

    Raises
    ------
    EvidenceError
        When it is another script, or holds another text than its SHA-256 says.
    """
    launcher = re.escape(files(__name__).joinpath("launcher.sh").read_text("utf-8"))
    form = launcher.replace("@sha256@", "([0-9a-f]{64})").replace(
        "@packed@", r"([A-Za-z0-9+/\n]+(?:=\n?){0,2})"
    )
    packed = re.fullmatch(form, script)
    if packed is None:
        raise EvidenceError("the document's script is not the launcher of the probe, or not only that")
    try:
        plain = gzip.decompress(base64.b64decode(packed[2]))
    except (ValueError, OSError, EOFError, zlib.error) as error:
        raise EvidenceError("the packed probe of the document is damaged") from error
    if hashlib.sha256(plain).hexdigest() != packed[1]:
        raise EvidenceError("the packed probe of the document is not the one that its SHA-256 names")
    return plain.decode()


_WIDTH: Final = 160


def _bare(line: str) -> str:
    """The line as it runs; empty if it does nothing. No string of the probe relies on what begins a line."""
    text = line.lstrip(" \t")
    return "" if text.startswith("#") and not text.startswith("#!") else text
