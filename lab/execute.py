"""Runs a document's script somewhere, with a time limit, and keeps what it printed."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lab.process import Guarded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KEPT_BYTES: Final = 12 * 1024 * 1024
# What an agent's environment looks like, whatever the lab was started from.
AGENT_ENVIRONMENT: Final = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C",
}
# Real servers bring their own processors; the lab's share this machine's.
_SLOTS: Final = threading.BoundedSemaphore(max(2, (os.cpu_count() or 2)))
_POLL_SECONDS: Final = 0.02


@dataclass(frozen=True)
class Outcome:
    """What came of a script: its output, its exit status, whether it was stopped."""

    stdout: bytes = b""
    stderr: bytes = b""
    status: int = 0
    timed_out: bool = False
    cancelled: bool = False


def run_script(  # noqa: PLR0913 - what tells the kinds of nodes apart
    command: Sequence[str],
    script: str,
    *,
    timeout: float,
    cancelled: threading.Event,
    environment: Mapping[str, str] | None = None,
    by_stdin: bool = False,
) -> Outcome:
    """Run ``command`` with the script.

    Parameters
    ----------
    command
        ``{script}`` in it stands for the file that holds the script.
    timeout
        Seconds from the start of the script, the wait for a free slot not counted.
    by_stdin
        Whether the script is the command's standard input rather than a file named in it.
    """
    with _SLOTS, tempfile.TemporaryDirectory(prefix="lab-command-") as folder:
        path = Path(folder, "_script.sh")
        path.write_text(script, encoding="utf-8")
        words = [str(path) if word == "{script}" else word for word in command]
        with (
            Path(folder, "stdout").open("w+b") as stdout,
            Path(folder, "stderr").open("w+b") as stderr,
            path.open("rb") as source,
        ):
            process = Guarded(
                words,
                environment={**AGENT_ENVIRONMENT, **(environment or {})},
                stdin=source if by_stdin else subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
            )
            try:
                deadline = time.monotonic() + timeout
                while process.running and time.monotonic() < deadline and not cancelled.wait(_POLL_SECONDS):
                    pass
                stopped = process.running
            finally:
                process.stop()
            stdout.seek(0)
            stderr.seek(0)
            return Outcome(
                stdout.read(KEPT_BYTES),
                stderr.read(KEPT_BYTES),
                status=-1 if stopped else process.process.returncode,
                timed_out=stopped and not cancelled.is_set(),
                cancelled=stopped and cancelled.is_set(),
            )
