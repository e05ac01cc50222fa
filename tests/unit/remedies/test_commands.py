"""What the commands do to files that a person wrote: only what they say, and nothing twice."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from cce.benchmarks import load
from cce.remedies import load_remedies
from cce.remedies.plan import plan

if TYPE_CHECKING:
    from pathlib import Path

    from cce.remedies import Remedy
    from cce.remedies.kept import PlannedStep
    from cce.remedies.plan import Plan

ITEMS = {item.id: item for item in load("kisa-2021").items}
#: Paths of the system in a command; what follows a variable, a word or an address is none.
PATHS = re.compile(r"(?<![\w.}*$\])\"'/])/(etc|var|usr|root)/|(?<=[\"'])/(etc|var|usr)/(?=[\w$])")


def planned(remedy_id: str, item_id: str) -> Plan:
    (remedy,) = (remedy for remedy in load_remedies() if remedy.id == remedy_id)
    return plan(remedy, "debian", ITEMS[item_id])


def run_below(root: Path, steps: tuple[PlannedStep, ...], **inputs: str) -> str:
    """Run the commands that need no running system, with the directory in place of the system's root."""
    lines = [*(f"{name}='{value}'" for name, value in inputs.items())]
    lines += [PATHS.sub(lambda m: f"{root}{m[0]}", step.run) for step in steps if not step.live]
    done = subprocess.run(
        ["sh", "-u"], input="\n".join(lines), capture_output=True, text=True, check=False, timeout=30
    )
    return done.stdout


def write(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


PROFILE = """\
if [ "$PS1" ]; then
  TMOUT=300
fi
if [ -t 0 ]; then TMOUT=200; fi
TMOUT=600
export TMOUT=500; readonly TMOUT # long
"""


def test_only_lines_that_do_nothing_but_set_the_timeout_are_taken_out(tmp_path: Path) -> None:
    profile = write(tmp_path, "etc/profile", PROFILE)
    block = write(tmp_path, "etc/profile.d/a.sh", "if [ -t 0 ]\nthen\nTMOUT=100\nfi\n")
    write(tmp_path, "etc/passwd", "root:x:0:0::/root:/bin/bash\n")
    written = planned("session-timeout", "U-54")

    said = run_below(tmp_path, written.steps)
    run_below(tmp_path, written.steps)

    assert PROFILE.splitlines()[:4] == profile.read_text().splitlines()[:4]
    assert [": # cce: TMOUT=600", ": # cce: export TMOUT=500; readonly TMOUT # long"] == (
        profile.read_text().splitlines()[4:]
    )
    for path in (profile, block):
        assert 0 == subprocess.run(["sh", "-n", path], check=False, timeout=10).returncode
    assert "2:  TMOUT=300" in said
    assert "4:if [ -t 0 ]; then TMOUT=200; fi" in said

    run_below(tmp_path, written.undo)
    assert PROFILE == profile.read_text()


def test_a_file_whose_copy_is_no_longer_valid_stays(tmp_path: Path) -> None:
    text = 'if [ "$PS1" ]; then\nTMOUT=600\n'  # broken before, and so is the copy
    profile = write(tmp_path, "etc/profile", text)
    write(tmp_path, "etc/passwd", "")
    (tmp_path / "etc/profile.d").mkdir()

    said = run_below(tmp_path, planned("session-timeout", "U-54").steps)

    assert text == profile.read_text()
    assert "left as it was" in said


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/srv/a 10.111.0.0/24(ro,sync)", "/srv/a 10.111.0.0/24(ro,sync)"),
        ("/srv/a *(ro,sync)", "/srv/a 10.111.0.0/16(ro,sync)"),
        ("/srv/a", "/srv/a 10.111.0.0/16"),
        ("/srv/a (rw)", "/srv/a 10.111.0.0/16(rw)"),
        ("/srv/a *", "/srv/a 10.111.0.0/16"),
        ("/srv/a -ro *", "/srv/a -ro 10.111.0.0/16"),
        ("/srv/a db.example(no_root_squash) *(ro)", "/srv/a db.example(no_root_squash) 10.111.0.0/16(ro)"),
        ("/srv/a 10.111.0.0/16(ro) *(rw)", "/srv/a 10.111.0.0/16(ro)"),
        ("/srv/a *.example(ro)", "/srv/a *.example(ro)"),
        ("/srv/b *(rw)", "/srv/b *(rw)"),
        ("# /srv/a *(rw)", "# /srv/a *(rw)"),
    ],
)  # fmt: skip
def test_only_entries_for_everybody_become_the_network_and_keep_their_options(
    before: str, after: str, tmp_path: Path
) -> None:
    file = write(tmp_path, "etc/exports", f"{before}\n")
    written = planned("nfs-access", "U-25")

    run_below(tmp_path, written.steps, share="/srv/a", clients="10.111.0.0/16")
    run_below(tmp_path, written.steps, share="/srv/a", clients="10.111.0.0/16")

    assert f"{after}\n" == file.read_text()


@pytest.mark.parametrize(
    ("remedy", "item", "before", "after"),
    [
        ("web-listing", "U-35", "Options +Indexes", "Options -Indexes"),
        ("web-listing", "U-35", "Options Indexes", "Options None"),
        ("web-listing", "U-35", "Options Indexes FollowSymLinks", "Options FollowSymLinks"),
        ("web-listing", "U-35", "Options +FollowSymLinks +Indexes", "Options +FollowSymLinks -Indexes"),
        ("web-listing", "U-35", "Options -Indexes", "Options -Indexes"),
        ("web-listing", "U-35", "options all", "options Includes ExecCGI FollowSymLinks"),
        ("web-links", "U-39", "Options +FollowSymLinks", "Options -FollowSymLinks +SymLinksIfOwnerMatch"),
        ("web-links", "U-39", "Options Indexes FollowSymlinks", "Options Indexes SymLinksIfOwnerMatch"),
        ("web-links", "U-39", "Options All", "Options Includes ExecCGI Indexes SymLinksIfOwnerMatch"),
        ("web-links", "U-39", "AllowOverride All", "AllowOverride All"),
    ],
)
def test_other_options_of_apache_stay_as_they_are(
    remedy: str, item: str, before: str, after: str, tmp_path: Path
) -> None:
    real = write(tmp_path, "etc/apache2/sites-enabled/own.conf", f"\t{before}\n")
    link = tmp_path / "etc/apache2/sites-enabled/linked.conf"
    target = write(tmp_path, "etc/apache2/sites-available/linked.conf", f"  {before}\n")
    link.symlink_to("../sites-available/linked.conf")
    written = planned(remedy, item)

    run_below(tmp_path, written.steps)
    run_below(tmp_path, written.steps)

    assert f"\t{after}\n" == real.read_text()
    assert f"  {after}\n" == target.read_text()
    assert link.is_symlink()


RULES = "#!/usr/sbin/nft -f\n\nflush ruleset\n\ntable inet other {\n}\n"


@pytest.mark.parametrize(("network6", "lines"), [("", 0), ("fd00:111::/64", 1)])
def test_the_packet_filter_s_other_tables_stay_in_their_file(
    network6: str, lines: int, tmp_path: Path
) -> None:
    file = write(tmp_path, "etc/nftables.conf", RULES)
    written = planned("host-access-limits", "U-18")
    write_only = tuple(step for step in written.steps if "systemctl" not in step.run)

    for _ in range(2):
        run_below(tmp_path, write_only, network="10.111.0.0/16", network6=network6, ports="22")

    text = file.read_text()
    assert text.startswith(RULES)
    assert 1 == text.count("# cce begin")
    assert 1 == text.count("ip saddr 10.111.0.0/16 tcp dport { 22 } accept")
    assert lines == text.count(f"ip6 saddr {network6} tcp dport")


def test_what_undoes_the_rules_is_cancelled_in_a_step_of_its_own() -> None:
    (remedy,) = (remedy for remedy in load_remedies() if remedy.id == "host-access-limits")

    starts = [step for step in remedy.do if "systemd-run" in step.run]
    stops = [step for step in remedy.do if "cce-way-back.timer" in step.run]

    assert 2 == len(starts) == len(stops)
    assert not set(starts) & set(stops)
    assert all(step.en.startswith("Only after a new session got in") for step in stops)


@pytest.mark.parametrize("remedy", load_remedies(), ids=lambda r: r.id)
def test_no_command_closes_the_shell_of_who_pastes_it(remedy: Remedy) -> None:
    steps = (*remedy.do, *remedy.undo)

    assert [] == [
        step.en
        for step in steps
        if re.search(r"\bexit\b", re.sub(r"'[^']*'", "", step.run))  # awk's own is in quotes
    ]
