"""Nothing that the lab starts outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from lab.process import GUARD, Guarded

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[3]


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def until(true: Callable[[], bool], seconds: float = 8.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def pids_in(path: Path, number: int) -> list[int]:
    assert until(lambda: path.exists() and number == len(path.read_text().split()))
    return [int(each) for each in path.read_text().split()]


def test_a_command_ends_with_its_own_status() -> None:
    guarded = Guarded(["sh", "-c", "exit 7"])

    assert 7 == guarded.process.wait(10)
    guarded.stop()


def test_stopping_ends_what_ran_away(tmp_path: Path) -> None:
    script = (
        f"setsid sleep 300 & echo $! >> {tmp_path}/pids; (sleep 300 & echo $! >> {tmp_path}/pids); sleep 300"
    )
    guarded = Guarded(["sh", "-c", script])
    pids = pids_in(tmp_path / "pids", 2)

    guarded.stop()

    assert not guarded.running
    assert until(lambda: not any(alive(pid) for pid in pids))


def test_a_killed_lab_leaves_no_process(tmp_path: Path) -> None:
    program = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from lab.process import Guarded
held = Guarded(["sh", "-c", "trap '' TERM; echo $$ >> {tmp_path}/pids; sleep 300; sleep 300"])
time.sleep(300)
"""
    lab = subprocess.Popen([sys.executable, "-c", program])
    (pid,) = pids_in(tmp_path / "pids", 1)

    os.kill(lab.pid, signal.SIGKILL)
    lab.wait()

    assert until(lambda: not alive(pid))


def test_the_guard_needs_nothing_of_this_project() -> None:
    assert "import lab" not in GUARD.read_text()
    assert "from lab" not in GUARD.read_text()
