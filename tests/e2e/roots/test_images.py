"""The image of a containerised server holds what the probe needs, and shows it a real server."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from cce.evidence import records
from cce.probes import linux_probe
from debian_roots import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.roots, pytest.mark.docker]


@pytest.fixture(scope="session")
def container(roots: Path) -> Iterator[str]:
    if shutil.which("docker") is None or subprocess.run(["docker", "info"], capture_output=True).returncode:
        pytest.skip("no Docker engine answers")
    default = roots / "default"
    base = roots / ".server" if (roots / ".server").exists() else default
    subprocess.run([PROJECT / "lab/images/build.sh", base, default], check=True, timeout=900)
    started = ["docker", "run", "--detach", "--rm", "fleet/debian:12"]
    name = subprocess.run(started, check=True, capture_output=True, text=True, timeout=60).stdout.strip()
    yield name
    subprocess.run(["docker", "rm", "--force", name], check=True, capture_output=True, timeout=60)


def test_the_probe_reads_the_effective_settings_of_a_running_container(container: str) -> None:
    probe = ["docker", "exec", "--interactive", container, "sh", "-s"]
    printed = subprocess.run(
        probe, input=linux_probe(), check=True, capture_output=True, text=True, timeout=120
    ).stdout

    evidence = records.read(printed)

    sshd = evidence.command("sshd -T")
    assert sshd is not None
    assert "permitrootlogin without-password" in [line.text for line in sshd.lines]
    assert {"ok"} == {walk.status for walk in evidence.walks.values()}
