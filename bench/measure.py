"""Wall time and peak memory of a piece of work: a program with all its children, or a call."""

from __future__ import annotations

import statistics
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.contestants import Work

#: A contestant that takes longer is ended, and the run with it.
LIMIT_S = 1200
_PAUSE_S = 0.001


@dataclass
class Measured:
    """The times of every round, and the peak of the proportional memory (PSS) of the whole process tree."""

    seconds: list[float] = field(default_factory=list)
    peak_kib: int = 0

    @property
    def median(self) -> float:
        """The median time in seconds."""
        return statistics.median(self.seconds)


def measure(work: Work, result: Measured, *, with_memory: bool) -> None:
    """Run ``work`` once and add its time; memory is sampled in a run of its own, which slows it."""
    if callable(work):
        result.seconds.append(_timed(work))
        return
    if with_memory:
        result.peak_kib = _peak_of(work)
    result.seconds.append(_timed(lambda: _start(work).wait(LIMIT_S)))


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _peak_of(command: list[str]) -> int:
    process = _start(command)
    peak = 0
    done = threading.Event()

    def sample() -> None:
        nonlocal peak
        while not done.is_set():
            peak = max(peak, sum(_pss_kib(pid) for pid in _tree(process.pid)))
            time.sleep(_PAUSE_S)

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        process.wait(LIMIT_S)
    finally:
        done.set()
        sampler.join()
    return peak


def _tree(pid: int) -> list[int]:
    """The process and all its descendants that live now."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        try:
            tasks = list(Path(f"/proc/{one}/task").iterdir())
            waiting += [int(c) for task in tasks for c in (task / "children").read_text().split()]
        except OSError:  # ended meanwhile
            continue
    return found


def _pss_kib(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
