"""Real containers as servers, where a Docker engine is there; no image is ever pulled."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import uuid
from typing import TYPE_CHECKING, Final

from lab.process import Guarded

if TYPE_CHECKING:
    from collections.abc import Callable

IMAGE: Final = "fleet/debian:12"
START_SECONDS: Final = 20.0


def unusable() -> str:
    """Why no container can be started here; empty when one can."""
    if shutil.which("docker") is None:
        return "there is no docker command"
    if not _docker("info"):
        return "no Docker engine answers (docker info)"
    if _docker("image", "inspect", IMAGE):
        return ""
    if shutil.which("debootstrap") is None or os.geteuid() != 0:
        return f"there is no image {IMAGE}, and making it needs debootstrap and root"
    return ""


class Containers:
    """Containers that end with the lab.

    Each runs in the foreground of a ``docker run --rm`` under guard, so that none is left behind.
    """

    def __init__(self) -> None:
        self._running: dict[str, Guarded] = {}

    def start(self, number: int, say: Callable[[str], None]) -> list[str]:
        """Start so many; returns their names, or none with a line that says why."""
        if reason := unusable():
            say(f"no containers: {reason}")
            return []
        if not _docker("image", "inspect", IMAGE) and not _make_image(say):
            return []
        for _ in range(number):
            name = f"cce-lab-{uuid.uuid4().hex[:12]}"
            command = [
                "docker",
                "run",
                "--rm",
                "--init",
                "--network",
                "none",
                "--name",
                name,
                IMAGE,
                "sleep",
                "3600",
            ]
            self._running[name] = Guarded(command, environment=dict(os.environ))
        deadline = time.monotonic() + START_SECONDS
        ready = [name for name in self._running if _wait(name, deadline)]
        if len(ready) < number:
            say(f"containers: {number - len(ready)} of {number} did not start")
        return ready

    def stop(self) -> None:
        """End them all."""
        for process in self._running.values():
            process.stop()
        if self._running:
            _docker("rm", "--force", *self._running)
        self._running.clear()


def _wait(name: str, deadline: float) -> bool:
    while time.monotonic() < deadline:
        if _docker("exec", name, "true"):
            return True
        time.sleep(0.1)
    return False


def _make_image(say: Callable[[str], None]) -> bool:
    say(f"making the image {IMAGE} with debootstrap, once")
    with tempfile.TemporaryDirectory(prefix="cce-lab-root-") as root:
        built = subprocess.run(
            ["debootstrap", "--variant=minbase", "bookworm", root],
            capture_output=True,
            text=True,
            check=False,
        )
        if built.returncode:
            last = (built.stdout + built.stderr).strip().rpartition("\n")[2]
            say(f"no containers: debootstrap failed: {last}")
            return False
        packed = subprocess.Popen(["tar", "-C", root, "-c", "."], stdout=subprocess.PIPE)
        imported = subprocess.run(
            ["docker", "import", "-", IMAGE], stdin=packed.stdout, capture_output=True, check=False
        )
        packed.wait()
    if imported.returncode:
        say(f"no containers: docker import failed: {imported.stderr.decode(errors='replace').strip()}")
    return imported.returncode == 0


def _docker(*arguments: str) -> bool:
    return subprocess.run(["docker", *arguments], capture_output=True, check=False).returncode == 0
