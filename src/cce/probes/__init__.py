"""The probes: the read-only scripts that run on a server and print evidence. They never judge.

The Linux probe is written in parts, ``linux/NN-name.sh``, one subject each; in the order of their
numbers they make one script.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def linux_source() -> str:
    """The Linux probe as it is written, with its comments."""
    parts = sorted(files(__name__).joinpath("linux").iterdir(), key=lambda part: part.name)
    return "".join(part.read_text("utf-8") for part in parts if part.name.endswith(".sh"))


@cache
def linux_probe() -> str:
    """The Linux probe as it runs everywhere: in the SSM document and by :func:`cce.scan.scan`.

    It is the source without comments, blank lines and indentation, because an SSM document holds at most
    64 KB (docs/adr/0013).
    """
    return "".join(f"{line}\n" for line in map(_bare, linux_source().splitlines()) if line)


def _bare(line: str) -> str:
    """The line as it runs; empty if it does nothing. No string of the probe relies on what begins a line."""
    text = line.lstrip(" \t")
    return "" if text.startswith("#") and not text.startswith("#!") else text
