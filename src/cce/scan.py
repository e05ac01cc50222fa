"""Run the Linux probe on this machine: on the machine itself, or on a root directory."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING, Final

from cce.errors import EvidenceError
from cce.probes import linux_probe

if TYPE_CHECKING:
    from pathlib import Path

#: Nothing of the caller's environment may change what the probe reads or prints.
_ENVIRONMENT: Final = {"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


def scan(root: Path | None, *, timeout_s: float) -> str:
    """Run the probe and return what it printed, for :func:`cce.evidence.records.read`.

    Parameters
    ----------
    root
        A root directory (image, chroot, mounted disk), of which nothing is executed; ``None`` for
        this machine.
    timeout_s
        After so many seconds the probe is ended.

    Raises
    ------
    EvidenceError
        When the probe cannot be started, does not end in time, or fails.
    """
    if root is not None and not root.is_dir():
        message = f"{root} is no directory; give the directory in which the server's / is mounted"
        raise EvidenceError(message)
    arguments = ["sh", "-c", linux_probe(), "cce-probe"]
    if root is not None:
        arguments += ["--root", str(root.resolve())]
    stdout, stderr, status = _run(arguments, timeout_s)
    if status != 0:
        said = stderr.decode("utf-8", "backslashreplace").strip()[-300:] or "it printed no message"
        message = f"the probe ended with exit status {status}: {said}"
        raise EvidenceError(message)
    return stdout.decode("utf-8", "backslashreplace")


def _run(arguments: list[str], timeout_s: float) -> tuple[bytes, bytes, int]:
    """Run the probe in a session of its own, so that a time-out also ends what it started."""
    walk_seconds = max(1, min(300, int(timeout_s * 0.8)))  # all besides the walk takes seconds
    try:
        probe = subprocess.Popen(  # noqa: S603 - a list, no shell but the probe's own
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**_ENVIRONMENT, "CCE_WALK_SECONDS": str(walk_seconds)},
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise EvidenceError("there is no sh on this machine; the Linux probe needs one") from error
    with probe:
        try:
            stdout, stderr = probe.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired as error:
            os.killpg(probe.pid, signal.SIGKILL)
            message = f"the probe did not end within {timeout_s:g} seconds; give it more time"
            raise EvidenceError(message) from error
        except KeyboardInterrupt:
            os.killpg(probe.pid, signal.SIGKILL)
            raise
    return stdout, stderr, probe.returncode
