"""A server whose services really run gets the verdicts of its files, but where what runs says otherwise."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from cce.benchmarks import load
from cce.evidence import records
from cce.evidence.views.services import uses
from cce.judge import judge
from cce.probes import linux_probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence

pytestmark = [pytest.mark.roots, pytest.mark.docker]

EDITIONS: Final = ("kisa-2021", "kisa-2026")

#: Without systemd: each daemon is started by hand, and nobody waits for those that end.
BY_HAND: Final = """
mkdir -p /run/sshd
for name in ssh cron atd apache2 postfix named vsftpd snmpd smbd chrony rpcbind; do
    timeout 20 service "$name" start </dev/null >/dev/null 2>&1
done
rsyslogd >/dev/null 2>&1
until ss -lntu | grep -q ':161 '; do sleep 0.1; done
"""
BOOTED: Final = """
until systemctl is-system-running --wait 2>/dev/null | grep -qx -e running -e degraded; do sleep 0.2; done
"""
#: Units say one thing, processes another.
CHANGED: Final = """
systemctl mask vsftpd.service
systemctl disable --now snmpd.service smbd.service
snmpd -Lsd
"""


def docker(*arguments: str | Path, given: str | None = None, limit: int = 60) -> str:
    command = ["docker", *arguments]
    return subprocess.run(
        command, input=given, check=True, capture_output=True, text=True, timeout=limit
    ).stdout.strip()


@contextmanager
def container(root: Path, *arguments: str) -> Iterator[str]:
    """A container of the root directory; it and its image are gone afterwards."""
    if shutil.which("docker") is None:
        pytest.skip("docker is not installed")
    if subprocess.run(["docker", "info"], check=False, capture_output=True, timeout=60).returncode:
        pytest.skip("no Docker engine answers")
    pack = f'tar -C "{root}" --exclude=./usr/share/doc --exclude=./usr/share/locale -c . | docker import -'
    image = subprocess.run(
        ["sh", "-c", pack], check=True, capture_output=True, text=True, timeout=120
    ).stdout.strip()
    name = ""
    try:
        # NET_ADMIN: listing the packet filter is a privilege that root of a real server has.
        name = docker(
            "run", "--detach", "--cap-add", "NET_ADMIN", *arguments[:-1], image, *arguments[-1].split()
        )
        yield name
    finally:
        if name:
            docker("rm", "--force", "--volumes", name)
        docker("image", "rm", "--force", image)


def live(name: str) -> Evidence:
    return records.read(docker("exec", "--interactive", name, "sh", "-s", given=linux_probe()))


def of_files(root: Path) -> Evidence:
    environment = {"PATH": os.environ["PATH"], "CCE_ROOT": str(root)}
    probe = subprocess.run(
        ["sh", "-s"],
        input=linux_probe(),
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return records.read(probe.stdout)


def differences(files: Evidence, running: Evidence) -> dict[str, tuple[str, str]]:
    """The items with other verdicts: first that of the files, then that of what runs."""
    return {
        f"{edition} {before.item}": (before.verdict.value, after.verdict.value)
        for edition in EDITIONS
        for before, after in zip(judge(files, load(edition)), judge(running, load(edition)), strict=True)
        if before.verdict != after.verdict
    }


@pytest.fixture(scope="module")
def by_hand(roots: Path) -> Iterator[Evidence]:
    with container(roots / "office-misconfigured", "sleep infinity") as name:
        docker("exec", "--interactive", name, "sh", given=BY_HAND)
        yield live(name)


@pytest.fixture(scope="module")
def booted(roots: Path) -> Iterator[tuple[Evidence, Evidence]]:
    """What a container says in which systemd started what is enabled, and after that what is CHANGED."""
    version_1 = Path("/sys/fs/cgroup/systemd")
    groups = version_1 if version_1.exists() else Path("/sys/fs/cgroup")
    arguments = [
        *("--cap-add", "SYS_ADMIN"),
        *("--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"),
        *("--cgroupns", "host", "--volume", f"{groups}:{groups}", "--env", "container=docker"),
        *("--tmpfs", "/run:exec", "--tmpfs", "/run/lock", "--tmpfs", "/tmp"),  # noqa: S108 # the container's
    ]
    with container(roots / "office-hardened", *arguments, "/sbin/init") as name:
        docker("exec", "--interactive", name, "sh", given=BOOTED)
        before = live(name)
        docker("exec", "--interactive", name, "sh", given=CHANGED)
        yield before, live(name)


def test_services_started_by_hand_change_no_verdict(roots: Path, by_hand: Evidence) -> None:
    assert {} == differences(of_files(roots / "office-misconfigured"), by_hand)


def test_daemons_of_every_user_are_seen_and_those_that_ended_are_not(by_hand: Evidence) -> None:
    active = {unit.name for unit in by_hand.units.values() if unit.active == "active"}

    # chronyd is not: without CAP_SYS_TIME it ended, and what is left of it is a zombie.
    assert active == {
        *("ssh.service", "sshd.service", "cron.service", "atd.service", "apache2.service", "postfix.service"),
        *("named.service", "bind9.service", "vsftpd.service", "snmpd.service", "smbd.service", "smb.service"),
        *("rpcbind.service", "rsyslog.service"),
    }


def test_a_booted_server_gets_the_verdicts_of_its_files(
    roots: Path, booted: tuple[Evidence, Evidence]
) -> None:
    evidence, _ = booted

    assert "systemd" == evidence.meta["init"]
    assert {"systemctl"} == {unit.read_by for unit in evidence.units.values()}
    # A container may not set the clock: systemd does not start chronyd.
    expected = {"kisa-2026 U-65": ("good", "vulnerable")}
    assert expected == differences(of_files(roots / "office-hardened"), evidence)


def test_what_runs_is_in_use_whatever_its_unit_says(booted: tuple[Evidence, Evidence]) -> None:
    _, evidence = booted
    expected = {
        "vsftpd.service": ("masked", "active"),
        "snmpd.service": ("disabled", "inactive"),
        "smbd.service": ("disabled", "inactive"),
    }

    assert expected == {name: (evidence.units[name].state, evidence.units[name].active) for name in expected}
    assert ["unit vsftpd.service", "ss -lntu"] == [fact.source for fact in uses(evidence, "ftp")]
    assert {"ss -lntu"} == {fact.source for fact in uses(evidence, "snmp")}
    assert [] == uses(evidence, "samba")
