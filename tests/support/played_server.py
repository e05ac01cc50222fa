"""A live server whose programs are played by scripts."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from cce.evidence.records import read
from cce.probes import linux_probe

if TYPE_CHECKING:
    from pathlib import Path

    from cce.evidence.model import Evidence

MOUNTINFO = "/proc/self/mountinfo"


def run(script: str) -> str:
    return subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, env={}, check=True, timeout=60
    ).stdout


class Server:
    """Programs and mounts of an invented server; everything else is this machine's."""

    def __init__(self, base: Path) -> None:
        self.programs = base / "bin"
        self.programs.mkdir()
        self.data = base / "data"
        self.data.mkdir()
        self.mountinfo = base / "mountinfo"
        self.mountinfo.write_text(f"1 0 8:1 / {self.data} rw - ext4 /dev/x rw\n")
        self.systemd = "false"

    def program(self, name: str, script: str) -> None:
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def script(self) -> str:
        return (
            linux_probe()
            .replace("PATH=/usr/sbin:", f"PATH={self.programs}:/usr/sbin:", 1)
            .replace(MOUNTINFO, str(self.mountinfo))
            .replace("[ -d /run/systemd/system ]", self.systemd)
            .replace("limited 10 ", "limited 1 ")
        )

    def evidence(self) -> Evidence:
        return read(run(self.script()))

    def mounts(self, *lines: str) -> set[str]:
        """What the walk would do with these lines of mountinfo."""
        self.mountinfo.write_text("".join(f"1 0 {line}\n" for line in lines))
        functions = self.script().partition("HOME_FILES=")[0]
        return set(run(functions + "\nmounts").splitlines())
