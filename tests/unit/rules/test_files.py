"""Owners and modes: U-07 to U-12, U-14, U-55, U-57, U-58."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.benchmarks import load
from cce.errors import BenchmarkError
from cce.rules import get_rule
from evidence_samples import checks, evidence, said, verdict

MODES = [
    ("U-07", "/etc/passwd", 0o644, 0, "good"),
    ("U-07", "/etc/passwd", 0o400, 0, "good"),
    ("U-07", "/etc/passwd", 0o622, 0, "vulnerable"),  # 622 < 644, and yet others may write
    ("U-07", "/etc/passwd", 0o606, 0, "vulnerable"),
    ("U-07", "/etc/passwd", 0o4644, 0, "vulnerable"),
    ("U-07", "/etc/passwd", 0o644, 1000, "vulnerable"),
    ("U-08", "/etc/shadow", 0o000, 0, "good"),
    ("U-08", "/etc/shadow", 0o400, 0, "good"),
    ("U-08", "/etc/shadow", 0o044, 0, "vulnerable"),
    ("U-08", "/etc/shadow", 0o640, 0, "vulnerable"),
    ("U-09", "/etc/hosts", 0o600, 0, "good"),
    ("U-09", "/etc/hosts", 0o444, 0, "vulnerable"),
    ("U-10", "/etc/inetd.conf", 0o600, 0, "good"),
    ("U-10", "/etc/xinetd.d/ntalk", 0o644, 0, "vulnerable"),
    ("U-11", "/etc/rsyslog.conf", 0o640, 3, "good"),  # sys
    ("U-11", "/etc/rsyslog.conf", 0o640, 1000, "vulnerable"),
    ("U-11", "/etc/syslog-ng/syslog-ng.conf", 0o626, 0, "vulnerable"),
    ("U-11", "/etc/rsyslog.d/50-default.conf", 0o644, 0, "vulnerable"),
    ("U-12", "/etc/services", 0o644, 2, "good"),  # bin
    ("U-12", "/etc/services", 0o606, 0, "vulnerable"),
    ("U-55", "/etc/hosts.lpd", 0o600, 0, "good"),
    ("U-55", "/etc/hosts.lpd", 0o666, 0, "vulnerable"),
]


@pytest.mark.parametrize(("item", "path", "mode", "uid", "expected"), MODES)
def test_owner_and_mode_are_judged_bit_by_bit(
    item: str, path: str, mode: int, uid: int, expected: str
) -> None:
    got = verdict(item, evidence(files={path: (mode, uid)}))

    assert expected == got.verdict
    assert f"{path} " in said(got)
    assert f"{mode:04o}" in got.reason.ko


def test_root_is_known_by_its_number_whatever_name_the_table_gives_it() -> None:
    server = evidence(files={"/etc/passwd": (0o644, 0)})
    shared = {path: replace(stat, user="toor") for path, stat in server.stats.items()}

    assert "good" == verdict("U-07", replace(server, stats=shared)).verdict


@given(mode=st.integers(0, 0o7777))
def test_good_means_that_no_bit_is_beyond_the_criterion(mode: int) -> None:
    expected = "good" if all(mode & bit == 0 for bit in (0o111, 0o022, 0o7000)) else "vulnerable"

    assert expected == verdict("U-07", evidence(files={"/etc/passwd": (mode, 0)})).verdict


ABSENT = [
    ("U-07", "error"),
    ("U-08", "error"),
    ("U-09", "error"),
    ("U-10", "good"),
    ("U-11", "not_applicable"),
    ("U-55", "good"),
]


@pytest.mark.parametrize(("item", "expected"), ABSENT)
def test_an_absent_file_counts_as_the_item_says(item: str, expected: str) -> None:
    assert expected == verdict(item, evidence()).verdict


def test_what_absence_counts_as_is_a_policy_switch() -> None:
    got = checks(
        "unix.file-permissions", evidence(), paths=["/etc/inetd.conf"], mode="0600", absent="not_applicable"
    )

    assert ["not_applicable"] == [check.verdict for check in got]


@pytest.mark.parametrize("mode", [644, 0o644, "0888", "rw-r--r--", "", "77777", None])
def test_a_mode_that_is_no_quoted_octal_number_is_refused(mode: object) -> None:
    with pytest.raises(BenchmarkError, match="in quotes and in octal"):
        get_rule("unix.file-permissions").params({"paths": ["/etc/hosts"], "mode": mode})


def test_one_unreadable_file_hides_neither_a_violation_nor_itself() -> None:
    unread = {("file", "/etc/xinetd.conf"): "denied"}
    bad = verdict("U-10", evidence(files={"/etc/xinetd.d/telnet": (0o666, 0)}, unread=unread))
    fine = verdict("U-10", evidence(files={"/etc/xinetd.d/telnet": (0o600, 0)}, unread=unread))
    listing = verdict(
        "U-10", evidence(files={"/etc/inetd.conf": (0o600, 0)}, unread={("dir", "/etc/xinetd.d"): "cut"})
    )

    assert ["vulnerable", "error", "error"] == [bad.verdict, fine.verdict, listing.verdict]


PEOPLE = "root:0:/root:/bin/bash minji:1000:/home/minji/:/bin/bash app:900:/srv/app:/usr/sbin/nologin"
HOME_FILES = [
    ("its own", {"/home/minji/.bashrc": (0o644, 1000)}, "good"),
    ("root's", {"/home/minji/.bashrc": (0o644, 0)}, "good"),
    ("another's", {"/home/minji/.bashrc": (0o600, 1001)}, "vulnerable"),
    ("others may write, though 646 looks small", {"/home/minji/.profile": (0o646, 1000)}, "vulnerable"),
    ("the group may write", {"/home/minji/.netrc": (0o620, 1000)}, "vulnerable"),
    ("minji's file in root's home", {"/root/.bashrc": (0o644, 1000)}, "vulnerable"),
    ("an account without a shell is not looked at", {"/srv/app/.bashrc": (0o666, 1000)}, "good"),
    ("no file at all", {}, "good"),
]


@pytest.mark.parametrize(("why", "files", "expected"), HOME_FILES, ids=[r[0] for r in HOME_FILES])
def test_environment_files_belong_to_the_account_or_root(
    why: str, files: dict[str, tuple[int, int]], expected: str
) -> None:
    assert expected == verdict("U-14", evidence(files=files, passwd=PEOPLE)).verdict, why


def test_an_unreadable_home_does_not_hide_a_violation_in_another() -> None:
    unread = {("file", "/root/.profile"): "denied"}
    bad = verdict(
        "U-14", evidence(files={"/home/minji/.bashrc": (0o666, 1000)}, passwd=PEOPLE, unread=unread)
    )
    rest = verdict(
        "U-14", evidence(files={"/home/minji/.bashrc": (0o644, 1000)}, passwd=PEOPLE, unread=unread)
    )

    assert ("vulnerable", "error") == (bad.verdict, rest.verdict)
    assert "/home/minji/.bashrc" in said(bad)
    assert "/root/.profile denied" in said(rest)


GOOD = {"/root": (0o700, 0, "d"), "/home/minji/": (0o755, 1000, "d")}
HOMES = [
    ("U-57", GOOD, PEOPLE, "good", "/home/minji/"),
    ("U-57", {**GOOD, "/home/minji/": (0o707, 1000, "d")}, PEOPLE, "vulnerable", "0707"),
    ("U-57", {**GOOD, "/home/minji/": (0o775, 1000, "d")}, PEOPLE, "good", ""),  # the group is not others
    ("U-57", {**GOOD, "/home/minji/": (0o700, 1001, "d")}, PEOPLE, "vulnerable", "jiho:jiho"),
    ("U-57", {**GOOD, "/home/minji/": (0o700, 0, "d")}, PEOPLE, "vulnerable", "root:root"),
    ("U-57", GOOD, "root:0:/root:/bin/bash toor:0:/root:/bin/bash", "good", "toor"),
    ("U-58", GOOD, PEOPLE, "good", ""),
    ("U-58", {"/": (0o755, 0, "d")}, "root:0:/:/bin/sh", "good", ""),
    ("U-58", {"/root": GOOD["/root"]}, PEOPLE, "vulnerable", "/home/minji/ absent"),
    ("U-58", {**GOOD, "/": (0o755, 0, "d")}, f"{PEOPLE} rootless:1002:/:/bin/sh", "vulnerable", "rootless"),
    ("U-58", GOOD, f"{PEOPLE} lost:1002::/bin/sh", "vulnerable", "lost"),
    ("U-58", {**GOOD, "/home/minji/": (0o644, 1000, "f")}, PEOPLE, "vulnerable", "/home/minji/ f"),
    ("U-58", GOOD, f"{PEOPLE} daemon:1:/nowhere:/usr/sbin/nologin sync:4:/nowhere:/bin/sync", "good", ""),
    ("U-58", GOOD, f"{PEOPLE} old:1003:/gone:", "vulnerable", "old"),  # no shell means /bin/sh
]  # fmt: skip


@pytest.mark.parametrize(("item", "files", "passwd", "expected", "mention"), HOMES)
def test_homes_exist_and_belong_to_their_accounts(
    item: str, files: dict[str, tuple[int, int, str]], passwd: str, expected: str, mention: str
) -> None:
    got = verdict(item, evidence(files=files, passwd=passwd))

    assert expected == got.verdict
    assert mention in said(got)


def test_homes_that_were_not_read_are_errors_beside_the_others() -> None:
    unread = {("file", "/root"): "denied"}

    assert "error" == verdict("U-57", evidence(files=GOOD, passwd=PEOPLE, unread=unread)).verdict
    assert "vulnerable" == verdict("U-58", evidence(passwd=PEOPLE, unread=unread)).verdict


SHADOW = [
    (0o640, "shadow", "good"),
    (0o640, "minji", "vulnerable"),  # the group that may read is not the one that was meant
    (0o640, "root", "vulnerable"),
    (0o400, "root", "good"),
    (0o600, "minji", "good"),  # the group may nothing
    (0o644, "shadow", "vulnerable"),
    (0o660, "shadow", "vulnerable"),
]


@pytest.mark.parametrize(("mode", "group", "expected"), SHADOW)
def test_a_shadow_mode_of_a_tailoring_is_for_the_group_shadow_only(
    mode: int, group: str, expected: str
) -> None:
    server = evidence(files={"/etc/shadow": (mode, 0)})
    stats = {path: replace(stat, group=group) for path, stat in server.stats.items()}
    by_the_guide = next(i for i in load("kisa-2021").items if i.id == "U-08").params

    params = by_the_guide.model_dump(mode="json") | {"mode": "0640"}
    (got,) = checks("unix.file-permissions", replace(server, stats=stats), **params)

    assert expected == got.verdict
    assert ("shadow only" in got.reason.en) == (mode == 0o640 and group != "shadow")
