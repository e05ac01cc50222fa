"""The image of a containerised server holds what the probe needs, and shows it a real server."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from cce.benchmarks import load
from cce.evidence import records
from cce.judge import judge
from cce.probes import linux_probe
from cce.verdict import Verdict
from debian_roots import PROJECT, expectations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cce.evidence.model import Evidence

pytestmark = [pytest.mark.roots, pytest.mark.docker]


@pytest.fixture(scope="session")
def container(roots: Path) -> Iterator[str]:
    if shutil.which("docker") is None:
        pytest.skip("docker is not installed")
    if subprocess.run(["docker", "info"], check=False, capture_output=True, timeout=60).returncode:
        pytest.skip("no Docker engine answers")
    subprocess.run([PROJECT / "lab/images/build.sh", "server", roots / "default"], check=True, timeout=300)
    # NET_ADMIN: listing the packet filter is a privilege that root of a real server has.
    started = ["docker", "run", "--detach", "--rm", "--cap-add", "NET_ADMIN", "fleet/debian:12"]
    name = subprocess.run(started, check=True, capture_output=True, text=True, timeout=60).stdout.strip()
    yield name
    subprocess.run(["docker", "rm", "--force", name], check=True, capture_output=True, timeout=60)


@pytest.fixture(scope="session")
def evidence(container: str) -> Evidence:
    probe = ["docker", "exec", "--interactive", container, "sh", "-s"]
    printed = subprocess.run(
        probe, input=linux_probe(), check=True, capture_output=True, text=True, timeout=120
    ).stdout
    return records.read(printed)


def test_the_probe_reads_the_effective_settings_of_a_running_container(evidence: Evidence) -> None:
    effective = [evidence.command(name) for name in ("root PATH", "root umask")]

    assert [
        ["/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
        ["0022"],
    ] == [[line.text for line in output.lines] for output in effective if output is not None]


def test_a_running_container_gets_the_verdicts_of_the_root_it_was_made_from(evidence: Evidence) -> None:
    verdicts = {verdict.item: verdict for verdict in judge(evidence, load("kisa-2021"))}

    expected = {e.item: e.verdict for e in expectations("default")}
    expected["U-72"] = Verdict.VULNERABLE  # nobody starts rsyslog in it, so nothing is logged

    assert expected == {item: verdict.verdict for item, verdict in verdicts.items()}
