"""Patches, the review of logs, hidden files, start scripts, sudoers, systemd's files, open directories."""

# ruff: noqa: E501, S108 - one case a line, read as a table; paths of an invented server

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from cce.evidence.views import release
from evidence_samples import checks, evidence, said, verdict

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

Hits = list[tuple[int, int, str]]


def at(day: str) -> int:
    """Seconds since the epoch at noon of a day."""
    return int(datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC).timestamp())


def system(os: str, version: str, today: str = "2026-11-25", changed: int | None = None) -> Evidence:
    """A server of a release, whose packages changed a time ago."""
    files = {"/var/lib/dpkg/status": (0o644, 0, "f", changed)} if changed is not None else {}
    meta = {"os.id": os, "os.version_id": version, "os.pretty": f"{os} {version}", "finished": str(at(today))}
    return evidence(files=files, meta=meta)


PATCHES = [
    ("supported", system("debian", "12"), "debian 12 is supported until 2028-06-30"),
    ("on the last day", system("debian", "12", "2028-06-30"), "is supported until 2028-06-30"),
    ("ended", system("debian", "12", "2028-07-01"), "support of debian 12 ended on 2028-06-30"),
    ("ended, may be extended", system("ubuntu", "20.04"), "ended on 2025-05-31, extended support runs until 2030-04-30: is it bought?"),
    ("ended altogether", system("ubuntu", "16.04"), "support of ubuntu 16.04 ended on 2026-04-30"),
    ("a minor release", system("rhel", "8.10"), "supported until 2029-05-31"),
    ("a service pack", system("sles", "15.6"), "ended on 2025-12-31, extended"),
    ("Amazon Linux 2", system("amzn", "2"), "support of amzn 2 ended on 2026-06-30"),
    ("Amazon Linux 2023", system("amzn", "2023"), "supported until 2029-06-30"),
    ("unknown", system("\x1b[31mgentoo", ""), "end of support of \\x1b[31mgentoo"),
    ("nothing is known", evidence(), "end of support of the OS unknown"),
    ("packages changed", system("debian", "12", changed=at("2026-11-20")), "the last package change was on 2026-11-20 (5 days before)"),
    ("changed later than now", system("debian", "12", changed=at("2027-01-01")), "the last package change was on 2027-01-01."),
    ("changed beyond any calendar", system("debian", "12", changed=2**62), "no trace of a package change"),
    ("never changed", system("debian", "12"), "no trace of a package change"),
    ("denied", evidence(unread={("file", "/var/lib/dpkg/status"): "denied"}), "last package change unread"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "mention"), PATCHES, ids=[row[0] for row in PATCHES])
@pytest.mark.parametrize(("item", "benchmark"), [("U-42", "kisa-2021"), ("U-64", "kisa-2026")])
def test_patches_are_for_a_person_with_what_the_server_says(
    item: str, benchmark: str, why: str, server: Evidence, mention: str
) -> None:
    got = verdict(item, server, benchmark)

    assert "review" == got.verdict, why
    assert mention in got.reason.en
    assert got.reason.ko.startswith("패치 정책과 적용 이력 확인 필요: ")


def test_the_facts_about_patches_are_those_of_the_server() -> None:
    server = evidence(
        files={"/run/reboot-required": (0o644, 0, "f", at("2026-11-01"))},
        texts={
            "/var/lib/update-notifier/updates-available": "3 of these updates are security updates.",
            "/run/reboot-required.pkgs": "linux-image-6.1",
            "/lib/modules/6.1.0-1": "",
        },
        units={"apt-daily-upgrade.timer": "enabled active"},
        meta={"kernel": "6.1.0-0"},
        unread={("text", "/etc/apt/apt.conf.d/20auto-upgrades"): "denied"},
    )

    assert [
        "kernel 6.1.0-0",
        "/lib/modules 6.1.0-1",
        "/run/reboot-required a restart is due since 2026-11-01",
        "unit apt-daily-upgrade.timer enabled, active",
        "/var/lib/update-notifier/updates-available:1 3 of these updates are security updates.",
        "/run/reboot-required.pkgs:1 linux-image-6.1",
        "/etc/apt/apt.conf.d/20auto-upgrades could not be read: denied",
    ] == said(verdict("U-42", server)).splitlines()


def test_the_table_of_releases_is_complete_and_in_order() -> None:
    table = release.load()

    assert {"debian", "ubuntu", "rhel", "rocky", "amzn", "sles"} <= set(table)
    assert all(s.extended is None or s.extended > s.until for rows in table.values() for s in rows.values())
    assert all(isinstance(s.until, date) for rows in table.values() for s in rows.values())


LOG = "/var/log/auth.log"


def test_the_review_of_logs_is_for_a_person_with_the_logs_there_are() -> None:
    server = evidence(
        files={
            LOG: (0o640, 0, "f", at("2026-11-24")),
            "/var/log/sulog": (0o600, 0, "f", at("2026-01-01")),
            "/var/log/wtmp": (0o664, 0, "f", 2**62),
        },
        texts={
            "/etc/logrotate.conf": "weekly\nrotate 4",
            "/etc/systemd/journald.conf": "MaxRetentionSec=1year",
        },
        meta={"finished": str(at("2026-11-25"))},
        unread={("file", "/var/log/btmp"): "denied"},
    )
    got = verdict("U-43", server)

    assert "review" == got.verdict
    assert "(3 logs; without an entry for more than 30 days: /var/log/sulog)" in got.reason.en
    assert f"{LOG} root:root 0640, 1 bytes, last entry 2026-11-24" in said(got)
    assert "/var/log/btmp could not be read: denied" in said(got)
    assert "/etc/logrotate.conf weekly; rotate 4" in said(got)
    assert "MaxRetentionSec=1year" in said(got)
    assert "absent /var/log/syslog /var/log/messages" in said(got)
    assert ["review"] == [c.verdict for c in checks("unix.log-review", server, days=400)]
    assert "more than" not in checks("unix.log-review", server, days=400)[0].reason.en


def hidden(name: Hits, odd: Hits, others: Hits, status: str = "ok") -> Evidence:
    """What the walk found of each kind of hidden file."""
    kinds = {"hidden_name": name, "hidden_odd": odd, "hidden_dev": [], "hidden": others}
    return evidence(walks={kind: (status, len(hits), hits) for kind, hits in kinds.items()})


DOTS, PROGRAM, PLAIN = (0o755, 0, "/usr/share/.../"), (0o755, 0, "/home/a/.x"), (0o644, 0, "/srv/.env")
HIDDEN = [
    ("nothing", hidden([], [], []), "A person must check: 0 hidden files or directories."),
    ("an ordinary one", hidden([], [], [PLAIN]), "1 hidden files or directories."),
    ("the odd first", hidden([DOTS], [PROGRAM], [PLAIN]), "3 hidden files or directories, 2 of them odd: /usr/share/..., /home/a/.x."),
    ("a blank at the end", hidden([(0o644, 0, "/var/tmp/.. ")], [], []), "/var/tmp/.. ."),
    ("control bytes", hidden([(0o644, 0, "/tmp/.\x1b[31m\n")], [], []), "/tmp/.\\x1b[31m\\n"),
    ("not walked to the end", hidden([], [], [PLAIN], "timeout"), "not every path could be walked"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "mention"), HIDDEN, ids=[row[0] for row in HIDDEN])
@pytest.mark.parametrize(("item", "benchmark"), [("U-59", "kisa-2021"), ("U-33", "kisa-2026")])
def test_hidden_files_are_for_a_person(
    item: str, benchmark: str, why: str, server: Evidence, mention: str
) -> None:
    got = verdict(item, server, benchmark)

    assert "review" == got.verdict, why
    assert mention in got.reason.en
    assert got.facts


def test_hidden_files_that_are_known_are_not_counted() -> None:
    walks = {kind: ("ok", 0, []) for kind in ("hidden_name", "hidden_odd", "hidden_dev")}
    walks["hidden"] = ("cut", 100, [PLAIN, (0o644, 0, "/srv/app/.env")])
    server = evidence(walks=walks)

    (got,) = checks("unix.hidden-files", server, accepted=["/srv/app/"])

    assert "99 hidden files" in got.reason.en
    assert ["/srv/.env 0644 0:0"] == [fact.value for fact in got.facts]


SCRIPT, UNIT = (0o755, 0, "/etc/init.d/ssh"), (0o644, 0, "/etc/systemd/system/a.service")
SCRIPTS = [
    ("root's", [SCRIPT, UNIT], "good", "/etc/init.d/ssh 0755 0:0"),
    ("of the group", [(0o775, 0, "/etc/init.d/ssh")], "good", ""),
    ("everybody's", [SCRIPT, (0o757, 0, "/etc/init.d/x")], "vulnerable", "/etc/init.d/x 0757"),
    ("another owner", [SCRIPT, (0o755, 1000, "/etc/init.d/x")], "vulnerable", "/etc/init.d/x 0755 1000"),
    ("an open directory", [(0o777, 0, "/etc/systemd/system/a.wants/")], "vulnerable", "a.wants"),
    ("none", [], "good", "0"),
    ("a hostile name", [(0o646, 0, "/etc/init.d/\x1b\nx")], "vulnerable", "\\x1b\\nx"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "hits", "expected", "mention"), SCRIPTS, ids=[row[0] for row in SCRIPTS])
def test_start_scripts_belong_to_root_and_to_nobody_else(
    why: str, hits: Hits, expected: str, mention: str
) -> None:
    got = verdict("U-17", evidence(walks={"start_script": ("ok", len(hits), hits)}), "kisa-2026")

    assert expected == got.verdict, why
    assert mention in said(got)


@pytest.mark.parametrize("status", ["denied", "error", "cut", "failed"])
def test_start_scripts_that_were_not_all_read_are_never_good(status: str) -> None:
    walks = {"start_script": (status, 3, [SCRIPT])}

    assert "error" == verdict("U-17", evidence(walks=walks), "kisa-2026").verdict


def test_what_a_server_without_start_scripts_counts_as_is_a_setting() -> None:
    server = evidence(walks={"start_script": ("ok", 0, [])})

    assert ["not_applicable"] == [
        c.verdict for c in checks("unix.start-scripts", server, unused="not_applicable")
    ]


OPEN: list[tuple[str, Hits, str, str]] = [
    ("none", [], "good", "0"),
    ("of the system", [(0o777, 0, "/etc/app/")], "vulnerable", "/etc/app"),
    ("the top of the system", [(0o777, 0, "/etc/")], "vulnerable", "/etc 0777"),
    ("another", [(0o777, 0, "/srv/exchange/")], "review", "/srv/exchange"),
    ("of a similar name", [(0o777, 0, "/etcetera/")], "review", "/etcetera"),
]


@pytest.mark.parametrize(("why", "hits", "expected", "mention"), OPEN, ids=[row[0] for row in OPEN])
def test_open_directories_need_the_sticky_bit(why: str, hits: Hits, expected: str, mention: str) -> None:
    walks = {"suid": ("ok", 0, []), "open_directory": ("ok", len(hits), hits)}
    got = verdict("U-23", evidence(walks=walks), "kisa-2026")

    assert expected == got.verdict, why
    assert mention in said(got)


def test_open_directories_that_were_not_all_seen_or_are_known() -> None:
    walks = {"suid": ("ok", 0, []), "open_directory": ("timeout", 0, [])}
    known = evidence(walks={"open_directory": ("ok", 1, [(0o777, 0, "/srv/exchange/")])})

    assert "error" == verdict("U-23", evidence(walks=walks), "kisa-2026").verdict
    assert ["good"] == [
        c.verdict for c in checks("unix.sticky-directories", known, accepted=["/srv/exchange/"])
    ]


SUDO = "/etc/sudoers"
MODES = [
    ("U-63", "the usual", {SUDO: (0o440, 0), "/etc/sudoers.d/a": (0o440, 0)}, "good", SUDO),
    ("U-63", "640", {SUDO: (0o640, 0)}, "good", "0640"),
    ("U-63", "604 is less than 640 by number", {SUDO: (0o604, 0)}, "vulnerable", "0604"),
    ("U-63", "another owner", {SUDO: (0o440, 1000)}, "vulnerable", "minji"),
    ("U-63", "a drop-in", {SUDO: (0o440, 0), "/etc/sudoers.d/a": (0o644, 0)}, "vulnerable", "sudoers.d/a"),
    ("U-63", "a drop-in that begins with a dot", {SUDO: (0o440, 0), "/etc/sudoers.d/.a": (0o644, 0)}, "good", SUDO),
    ("U-63", "not installed", {}, "not_applicable", "absent"),
    ("U-20", "neither", {}, "good", "absent"),
    ("U-20", "inetd's", {"/etc/inetd.conf": (0o600, 0)}, "good", "inetd.conf"),
    ("U-20", "systemd's", {"/etc/systemd/system.conf": (0o600, 0)}, "good", "system.conf"),
    ("U-20", "systemd's as installed", {"/etc/systemd/system.conf": (0o644, 0)}, "vulnerable", "system.conf"),
    ("U-20", "directories are not judged", {"/etc/systemd/x.conf": (0o755, 0, "d")}, "good", "absent"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "why", "files", "expected", "mention"), MODES, ids=[row[1] for row in MODES]
)
def test_configuration_files_are_judged_bit_by_bit(
    item: str, why: str, files: dict[str, tuple[int, int]], expected: str, mention: str
) -> None:
    got = verdict(item, evidence(files=files), "kisa-2026")

    assert expected == got.verdict, why
    assert mention in said(got)


@pytest.mark.parametrize("item", ["U-20", "U-63"])
def test_a_directory_of_configuration_that_was_not_read_is_an_error(item: str) -> None:
    folder = {"U-20": "/etc/systemd", "U-63": "/etc/sudoers.d"}[item]
    server = evidence(files={SUDO: (0o440, 0)}, unread={("dir", folder): "denied"})

    assert "error" == verdict(item, server, "kisa-2026").verdict
