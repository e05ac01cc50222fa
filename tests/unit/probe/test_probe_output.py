"""The probe as a program: its text, its budget of output, the tools it finds or misses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from cce.benchmarks import load
from cce.evidence.frame import unframe
from cce.evidence.model import Unread
from cce.evidence.records import read
from cce.judge import judge
from cce.probes import linux_probe, linux_source, packed_probe
from cce.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hostile_root import Printed

TOOLS = [
    *("awk", "base64", "cat", "date", "env", "find", "getent", "grep", "gzip", "head", "id", "ionice"),
    *("printf", "readlink", "renice", "sed", "sh", "sha256sum", "sort", "stat", "tail", "timeout", "tr"),
    *("uname", "wc"),
]


def with_path(directory: Path) -> str:
    """The probe with ``directory`` as its only source of programs."""
    line = "PATH=/usr/sbin:/usr/bin:/sbin:/bin\n"

    assert 1 == linux_probe().count(line)

    return linux_probe().replace(line, f"PATH={directory}\n")


def run(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", script, "probe", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=60,
    )


@pytest.fixture
def crowded(tmp_path: Path) -> Path:
    """A root with more of everything than fits: 230 open files, 150 accounts."""
    (tmp_path / "etc").mkdir()
    accounts = [f"u{n}:x:{n}:{n}::/home/u{n}:/bin/sh\n" for n in range(1000, 1150)]
    (tmp_path / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\n" + "".join(accounts))
    (tmp_path / "etc/group").write_text("root:x:0:\n")
    for number in range(230):
        path = tmp_path / f"open{number}"
        path.write_text("")
        path.chmod(0o666)
    return tmp_path


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="no shellcheck here; .ci/run installs it")
@pytest.mark.parametrize("script", [linux_source, packed_probe])
def test_shellcheck_finds_nothing(script: Callable[[], str]) -> None:
    done = subprocess.run(
        ["shellcheck", "--shell=sh", "-"], input=script(), capture_output=True, text=True, check=False
    )

    assert "" == done.stdout


def test_the_script_fits_an_ssm_document() -> None:
    script = linux_probe()

    assert 60_000 > len(json.dumps(packed_probe())) + 1500
    assert 131_072 > len(script.encode())  # Linux takes no longer argument
    assert "{{" not in script
    assert "}}" not in script
    assert "<<" not in script  # a here-document is a file in /tmp for some shells


@pytest.mark.parametrize(
    ("arguments", "environment", "says"),
    [
        (["--frob"], {}, "unknown argument"),
        (["--root"], {}, "needs a directory"),
        (["--root", "/nonexistent"], {}, "cannot be entered"),
        (["--root", "/"], {"CCE_BUDGET": "many"}, "are numbers"),
    ],
)
def test_wrong_use_is_said(arguments: list[str], environment: dict[str, str], says: str) -> None:
    done = run(linux_probe(), *arguments, **environment)

    assert 2 == done.returncode
    assert says in done.stderr
    assert "" == done.stdout


def test_a_missing_tool_is_named(tmp_path: Path) -> None:
    done = run(with_path(tmp_path), "--root", "/etc")

    assert 3 == done.returncode
    assert "this server has no awk" in done.stderr


def test_an_ordinary_server_is_printed_once(probe: Callable[..., Printed], hostile_root: Path) -> None:
    assert 1 == probe(hostile_root).stdout.count("-----BEGIN CCE EVIDENCE")


def test_all_hits_are_counted_and_the_first_listed(probe: Callable[..., Printed], crowded: Path) -> None:
    walk = probe(crowded).evidence.walk("world_writable")

    assert ("cut", 230, 200) == (walk.status, walk.total, len(walk.hits))


@pytest.mark.parametrize("budget", [8000, 6000, 5000])
def test_over_budget_the_first_frame_fits_and_says_what_is_cut(
    probe: Callable[..., Printed], crowded: Path, budget: int
) -> None:
    printed = probe(crowded, CCE_BUDGET=str(budget))
    kept = printed.stdout[:budget]
    compact = read(kept)
    walk = compact.walk("world_writable")

    assert 2 == printed.stdout.count("-----BEGIN CCE EVIDENCE")
    assert len(unframe(kept)) < len(printed.records)
    assert "cut" == walk.status
    assert 230 == walk.total
    assert 151 == len(printed.evidence.accounts)
    with pytest.raises(Unread, match=r"not collected|cut"):
        [compact.file(f"{account.home}/.zprofile") for account in compact.accounts]


def test_a_server_without_gzip_prints_base64(tmp_path: Path, hostile_root: Path) -> None:
    for tool in set(TOOLS) - {"gzip"}:
        if found := shutil.which(tool):
            (tmp_path / tool).symlink_to(found)
    done = run(with_path(tmp_path), "--root", str(hostile_root), CCE_BUDGET="400000")

    assert " base64 bytes=" in done.stdout.splitlines()[0]
    assert "cce\t1\t" == unframe(done.stdout)[:6].decode()


@pytest.mark.skipif(shutil.which("busybox") is None, reason="no busybox here; .ci/run installs it")
def test_busybox_tools_read_the_same_and_the_walk_says_it_failed(
    tmp_path: Path, hostile_root: Path, probe: Callable[..., Printed]
) -> None:
    for tool in TOOLS:
        (tmp_path / tool).symlink_to(shutil.which("busybox") or "")
    done = run(with_path(tmp_path), "--root", str(hostile_root))
    evidence, usual = read(done.stdout), probe(hostile_root).evidence

    assert (usual.texts, usual.stats, usual.directories) == (
        evidence.texts,
        evidence.stats,
        evidence.directories,
    )
    assert (usual.account_rows, usual.shadow_rows, usual.units) == (
        evidence.account_rows,
        evidence.shadow_rows,
        evidence.units,
    )
    with pytest.raises(Unread, match="failed"):
        evidence.walk("suid").require_complete()


def test_a_walk_that_takes_too_long_is_a_timeout(tmp_path: Path, hostile_root: Path) -> None:
    for tool in set(TOOLS) - {"find"}:
        if found := shutil.which(tool):
            (tmp_path / tool).symlink_to(found)
    slow = tmp_path / "find"
    slow.write_text(
        f'#!/bin/sh\ncase $* in *-xdev*) exec sleep 30 ;; esac\nexec {shutil.which("find")} "$@"\n'
    )
    slow.chmod(0o755)
    (tmp_path / "sleep").symlink_to(shutil.which("sleep") or "")
    script = with_path(tmp_path).replace("find_all 60", "find_all 1")
    evidence = read(run(script, "--root", str(hostile_root), CCE_WALK_SECONDS="1").stdout)

    walked = {kind: walk.status for kind, walk in evidence.walks.items() if kind != "start_script"}

    assert "absent" == walked.pop("log_file")
    assert {"timeout"} == set(walked.values())


def test_the_callers_environment_changes_nothing(probe: Callable[..., Printed], hostile_root: Path) -> None:
    usual = probe(hostile_root)
    environment = {"GZIP": "--fast", "LC_ALL": "ko_KR.UTF-8", "IFS": "e", "POSIXLY_CORRECT": "1", "DEAD": "/"}
    odd = probe(hostile_root, **environment)

    assert usual.evidence.statuses == odd.evidence.statuses
    assert usual.evidence.texts == odd.evidence.texts


def test_the_root_can_come_from_the_environment(hostile_root: Path) -> None:
    assert "victim" == read(run(linux_probe(), CCE_ROOT=str(hostile_root)).stdout).meta["hostname"]


def test_of_a_directory_without_etc_and_usr_nothing_is_known_to_be_absent(
    probe: Callable[..., Printed], tmp_path: Path
) -> None:
    evidence = probe(tmp_path).evidence

    for path in ("/etc/passwd", "/etc/inetd.conf", "/usr/bin/at"):
        with pytest.raises(Unread, match="error"):
            evidence.file(path)
    with pytest.raises(Unread, match="unknown"):
        evidence.unit("telnet.socket")
    with pytest.raises(Unread, match="failed"):  # no table to know owners by
        evidence.walk("unowned").require_complete()
    assert ["there is no /etc", "there is no /usr"] == [
        p.reason for p in evidence.problems if p.section == "root"
    ]
    assert os.listdir(tmp_path) == []  # noqa: PTH208


def test_only_what_the_walk_saw_can_be_judged_there(probe: Callable[..., Printed], tmp_path: Path) -> None:
    verdicts = judge(probe(tmp_path).evidence, load("kisa-2021"))

    judged = {v.item for v in verdicts if v.verdict in {Verdict.GOOD, Verdict.VULNERABLE}}
    assert {"U-13", "U-15", "U-16"} >= judged


def test_what_would_stand_in_an_unmounted_usr_is_not_absent(
    probe: Callable[..., Printed], tmp_path: Path
) -> None:
    (tmp_path / "etc").mkdir()
    evidence = probe(tmp_path).evidence

    assert evidence.file("/etc/hosts") is None
    with pytest.raises(Unread, match="error"):
        evidence.file("/usr/bin/at")


def test_a_compact_frame_keeps_as_many_names_of_a_record_as_fit(
    probe: Callable[..., Printed], crowded: Path
) -> None:
    kept = read(probe(crowded, CCE_BUDGET="7000").stdout[:7000]).walk("world_writable")

    assert 0 < len(kept.hits) <= 20
    assert ("cut", 230) == (kept.status, kept.total)
