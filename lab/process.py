"""Starting a process that cannot outlive the lab (see :mod:`lab.guard`)."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GUARD = Path(__file__).with_name("guard.py")
STOP_SECONDS = 10.0


class Guarded:
    """A command under guard, in a session of its own.

    Parameters
    ----------
    command
        Program and arguments.
    environment
        Its whole environment; ``None`` for this process's.
    stdin, stdout, stderr
        As for :class:`subprocess.Popen`.
    folder
        Where it runs; ``None`` for here.
    """

    def __init__(  # noqa: PLR0913 - what Popen is given
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        stdin: int | IO[bytes] = subprocess.DEVNULL,
        stdout: int | IO[bytes] = subprocess.DEVNULL,
        stderr: int | IO[bytes] = subprocess.DEVNULL,
        folder: Path | None = None,
    ) -> None:
        watched, self._held = os.pipe()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(GUARD), str(watched), *command],
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                env=environment,
                cwd=folder,
                pass_fds=[watched],
                start_new_session=True,
            )
        except BaseException:
            os.close(self._held)
            raise
        finally:
            os.close(watched)

    @property
    def running(self) -> bool:
        """Whether the command still runs."""
        return self.process.poll() is None

    def stop(self) -> None:
        """End the command and everything it started; no error when it has ended already."""
        if self._held >= 0:
            os.close(self._held)
            self._held = -1
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        if self.running:
            self.process.kill()
            self.process.wait()
