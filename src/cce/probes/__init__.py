"""The probes: the read-only scripts that run on a server and print evidence. They never judge."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def linux_probe() -> str:
    """The text of the Linux probe, as the SSM document carries it and :func:`cce.scan.scan` runs it."""
    return files(__name__).joinpath("linux.sh").read_text("utf-8")
