"""A way to run the probe on a root directory, and the hostile one."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from cce.evidence.frame import unframe
from cce.evidence.records import read
from cce.probes import linux_probe
from hostile_root import Printed, build_hostile_root

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHELLS = ("dash", "bash", "busybox sh")


@pytest.fixture(scope="session")
def probe_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("probe") / "linux.sh"
    path.write_text(linux_probe(), "utf-8")
    return path


@pytest.fixture(scope="session")
def probe(probe_path: Path) -> Callable[..., Printed]:
    """``probe(root, shell="dash", **environment)`` runs the probe on a root directory."""

    def run(root: Path, *, shell: str = "dash", **environment: str) -> Printed:
        if shutil.which(shell.split(maxsplit=1)[0]) is None:
            pytest.skip(f"{shell} is not installed; .ci/run installs it")
        done = subprocess.run(
            [*shell.split(), str(probe_path), "--root", str(root)],
            capture_output=True,
            env={"PATH": os.environ["PATH"], **environment},
            timeout=60,
            check=True,
            stdin=subprocess.DEVNULL,
        )
        stdout = done.stdout.decode()

        assert b"" == done.stderr

        return Printed(stdout, unframe(stdout), read(stdout))

    return run


@pytest.fixture(scope="session")
def hostile_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_hostile_root(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="session", params=SHELLS)
def hostile(request: pytest.FixtureRequest, probe: Callable[..., Printed], hostile_root: Path) -> Printed:
    """What the probe says about the hostile root, under each shell."""
    return probe(hostile_root, shell=request.param)
