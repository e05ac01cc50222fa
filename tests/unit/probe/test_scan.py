"""Scanning this machine's root directories from Python."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

import pytest

import cce.scan
from cce.errors import EvidenceError
from cce.evidence.records import read
from cce.scan import scan

if TYPE_CHECKING:
    from pathlib import Path


def test_a_root_directory_is_scanned(hostile_root: Path) -> None:
    assert "victim" == read(scan(hostile_root, timeout_s=60)).meta["hostname"]


def test_a_directory_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="nowhere is no directory"):
        scan(tmp_path / "nowhere", timeout_s=60)


def test_a_failing_probe_says_what_it_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cce.scan, "linux_probe", lambda: "echo no tools here >&2; exit 3")
    with pytest.raises(EvidenceError, match="exit status 3: no tools here"):
        scan(None, timeout_s=60)


def test_the_environment_of_the_caller_does_not_reach_the_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCE_ROOT", "/somewhere")
    monkeypatch.setattr(cce.scan, "linux_probe", lambda: 'echo "${CCE_ROOT:-unset} $LC_ALL"')

    assert "unset C\n" == scan(None, timeout_s=60)


def test_a_time_out_ends_the_probe_and_what_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cce.scan, "linux_probe", lambda: f"sleep 61 & echo $! >{tmp_path}/pid; wait")
    started = time.monotonic()
    with pytest.raises(EvidenceError, match=r"did not end within 0\.5 seconds"):
        scan(None, timeout_s=0.5)
    pid = (tmp_path / "pid").read_text().strip()
    while _state(pid) not in {"", "Z"} and time.monotonic() - started < 10:
        time.sleep(0.05)  # it was killed, and dies when the kernel next lets it run

    assert time.monotonic() - started < 10
    assert _state(pid) in {"", "Z"}


def _state(pid: str) -> str:
    ps = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True, check=False)
    return ps.stdout.strip()[:1]
