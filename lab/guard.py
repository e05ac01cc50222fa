"""Runs a command that must not outlive the lab, whatever happens to the lab.

``guard.py FD COMMAND…`` starts the command and reads the pipe FD, whose other end the lab holds. The
pipe closes when the lab closes it or dies, even by SIGKILL; then the command and everything it started
ends. On Linux the guard adopts orphans (subreaper), so a daemonized grandchild ends too.

Stands alone (no import of this project): it is started with ``python -I -S``.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
GRACE_SECONDS = 1.0


def descendants() -> list[int]:
    """Pids of everything below this process, from /proc; without /proc nothing is found."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # The command name may hold spaces and brackets; the parent is the second field after it.
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
    found: list[int] = []
    frontier = {os.getpid()}
    while frontier:
        frontier = {pid for pid, parent in parents.items() if parent in frontier}
        found += frontier
    return found


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def end(command: subprocess.Popen[bytes]) -> None:
    """Ask the command to end, then end everything that is left."""
    if command.poll() is None:
        command.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            command.wait(GRACE_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        command.kill()
    deadline = time.monotonic() + GRACE_SECONDS
    while (left := descendants()) and time.monotonic() < deadline:
        _signal(left, signal.SIGKILL)
        time.sleep(0.01)
        _reap()


def main(arguments: list[str]) -> int:
    """Run the command until it ends or the pipe closes; returns its exit status."""
    pipe = int(arguments[0])
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # Ctrl-C reaches the lab, which closes the pipe; the guard must live long enough to clean up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    with contextlib.suppress(KeyboardInterrupt):
        command = subprocess.Popen(arguments[1:])
    while command.poll() is None:
        ready, _, _ = select.select([pipe, woken], [], [])
        if pipe in ready:
            break
        with contextlib.suppress(BlockingIOError):
            os.read(woken, 4096)
    end(command)
    return command.returncode if command.returncode is not None else 1


if __name__ == "__main__":
    status = main(sys.argv[1:])
    raise SystemExit(status if status >= 0 else 128 - status)
