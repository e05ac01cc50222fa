"""Which daemons run, as the processes of a live server without systemd show it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from cce.evidence.records import read
from played_server import Server, run

if TYPE_CHECKING:
    from pathlib import Path

#: The kernel's words for a process: of the same PID namespace, of one inside it (a container), and as
#: kernels before 4.1 say nothing of it.
OURS = "State:\tS (sleeping)\nNSpid:\t7\n"
INNER = "State:\tS (sleeping)\nNSpid:\t7\t1\n"
ZOMBIE = "State:\tZ (zombie)\nNSpid:\t7\n"
SILENT = "State:\tS (sleeping)\n"


class Processes:
    """Invented processes in place of this machine's."""

    def __init__(self, base: Path) -> None:
        self.proc = base / "proc"
        self.server = Server(base)

    def add(self, program: str, status: str = OURS, namespace: str | None = None) -> None:
        process = self.proc / str(100 + len(list(self.proc.glob("*"))))
        process.mkdir(parents=True)
        (process / "comm").write_text(f"{program}\n")
        (process / "status").write_text(f"Name:\t{program}\n{status}")
        if namespace is not None:
            (process / "ns").mkdir()
            (process / "ns/pid").symlink_to(namespace)

    def script(self) -> str:
        return self.server.script().replace("/proc/[0-9]*/comm", f"{self.proc}/[0-9]*/comm")

    def daemons(self) -> list[str]:
        return run(self.script().partition("HOME_FILES=")[0] + "\ndaemons || :").split()

    def units(self, unit_files: Path) -> dict[str, tuple[str, str]]:
        script = self.script().replace("UNIT_DIRS='/etc/systemd/system ", f"UNIT_DIRS='{unit_files} ")
        return {name: (unit.state, unit.active) for name, unit in read(run(script)).units.items()}


@pytest.fixture
def processes(tmp_path: Path) -> Processes:
    return Processes(tmp_path)


@pytest.mark.parametrize(
    ("program", "status", "namespace", "seen"),
    [
        ("named", OURS, None, ["named"]),  # another user's: its namespace may not be asked for
        ("named", INNER, None, []),
        ("named", ZOMBIE, None, []),
        ("named", ZOMBIE.replace("Z", "X"), None, []),
        ("named", SILENT, os.readlink("/proc/self/ns/pid"), ["named"]),  # noqa: PTH115 # no path
        ("named", SILENT, "pid:[1]", []),
        ("named", SILENT, None, []),
        ("sendmail-mta", OURS, None, ["sendmail"]),
        ("in.tftpd", OURS, None, ["in.tftpd"]),
        ("notnamed", OURS, None, []),
    ],
)
def test_daemons_of_this_server_that_run(
    processes: Processes, program: str, status: str, namespace: str | None, seen: list[str]
) -> None:
    processes.add(program, status, namespace)

    assert seen == processes.daemons()


def test_a_program_is_that_of_the_unit_with_a_file_and_of_all_where_none_has_one(
    processes: Processes, tmp_path: Path
) -> None:
    (tmp_path / "units").mkdir()
    (tmp_path / "units/named.service").write_text("[Service]\n[Install]\nWantedBy=multi-user.target\n")
    for program in ("named", "ypserv"):
        processes.add(program)
    units = processes.units(tmp_path / "units")

    expected = {
        "named.service": ("disabled", "active"),
        "named-chroot.service": ("absent", "inactive"),
        "ypserv.service": ("disabled", "active"),
        "ypbind.service": ("absent", "inactive"),
    }

    assert expected == {name: units[name] for name in expected}
