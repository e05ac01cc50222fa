"""cron and at: U-22 and U-65. NFS exports: U-25 and U-69."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.evidence.views import exports
from evidence_samples import checks, evidence, said, verdict

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

CRONTAB = {"/usr/bin/crontab": (0o2755, 0)}
PRIVATE = {"/usr/bin/crontab": (0o750, 0)}
RHEL = {"os.id": "rocky", "os.id_like": "rhel centos fedora"}
ALLOW = {"/etc/cron.allow": "root"}
CRON = [
    ("only root's group may run it", evidence(files=PRIVATE), "good", "crontab"),
    ("SUID is a bit too many", evidence(files={"/usr/bin/crontab": (0o4750, 0)}), "vulnerable", "4750"),
    ("everybody, without lists", evidence(files=CRONTAB), "vulnerable", "cron.allow absent"),
    ("cronie without lists: root only", evidence(files=CRONTAB, meta=RHEL), "good", "cron.deny absent"),
    ("cronie with an empty cron.deny", evidence(files=CRONTAB, meta=RHEL, texts={"/etc/cron.deny": ""}), "vulnerable", "0 users refused"),
    ("cron.allow of root", evidence(files=CRONTAB, texts=ALLOW), "good", "cron.allow"),
    ("an empty cron.allow", evidence(files=CRONTAB, texts={"/etc/cron.allow": ""}), "good", ""),
    ("cron.allow with others", evidence(files=CRONTAB, texts={"/etc/cron.allow": "root\nminji"}), "vulnerable", "minji"),
    ("cron.allow wins over cron.deny", evidence(files=CRONTAB, texts={**ALLOW, "/etc/cron.deny": ""}), "good", ""),
    ("cron.allow denied", evidence(files=CRONTAB, unread={("text", "/etc/cron.allow"): "denied"}), "error", "cron.allow"),
    ("crontab file too open", evidence(files={**PRIVATE, "/etc/crontab": (0o644, 0)}), "vulnerable", "/etc/crontab"),
    ("604 < 640", evidence(files={**PRIVATE, "/etc/crontab": (0o604, 0)}), "vulnerable", "0604"),
    ("another's", evidence(files={**PRIVATE, "/etc/cron.d/job": (0o600, 1000)}), "vulnerable", "minji"),
    ("a script must be executable", evidence(files={**PRIVATE, "/etc/cron.daily/job": (0o750, 0)}), "good", ""),
    ("a script that others may read", evidence(files={**PRIVATE, "/etc/cron.daily/job": (0o755, 0)}), "vulnerable", "cron.daily/job"),
    ("a placeholder is run by nobody", evidence(files={**PRIVATE, "/etc/cron.d/.placeholder": (0o644, 0)}), "good", ""),
    ("a user's own file", evidence(files={**PRIVATE, "/var/spool/cron/crontabs/minji": (0o600, 1000)}), "good", ""),
    ("a user's file that is another's", evidence(files={**PRIVATE, "/var/spool/cron/minji": (0o600, 1001)}), "vulnerable", "jiho"),
    ("a directory in the spool", evidence(files={**PRIVATE, "/var/spool/cron/crontabs": (0o1730, 0, "d")}), "good", ""),
    ("a directory cut", evidence(files=PRIVATE, unread={("dir", "/etc/cron.d"): "cut"}), "error", "/etc/cron.d"),
    ("not installed", evidence(), "good", "absent"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), CRON, ids=[r[0] for r in CRON])
def test_cron_is_for_the_named_users_and_its_files_are_private(
    why: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict("U-22", server)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


AT = {"/usr/bin/at": (0o6755, 1)}
AT_CASES = [
    ("a list of refused accounts", evidence(files={**AT, "/etc/at.deny": (0o640, 0)}, texts={"/etc/at.deny": "bin\nsys"}), "vulnerable", "2 users refused"),
    ("only root", evidence(files={**AT, "/etc/at.allow": (0o640, 0)}, texts={"/etc/at.allow": "root"}), "good", ""),
    ("the list may be read by others", evidence(files={**AT, "/etc/at.allow": (0o644, 0)}, texts={"/etc/at.allow": "root"}), "vulnerable", "0644"),
    ("neither list: root only", evidence(files=AT), "good", "absent"),
    ("not installed", evidence(), "good", "absent"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), AT_CASES, ids=[r[0] for r in AT_CASES])
def test_at_is_for_the_named_users_and_its_files_are_private(
    why: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict("U-65", server)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


def test_both_schedulers_can_be_one_item_as_in_the_2026_edition() -> None:
    got = checks("unix.job-schedulers", evidence(), schedulers=("cron", "at"), unused="not_applicable")

    assert ["not_applicable"] * 2 == [check.verdict for check in got]


NFS = {"nfs-server.service": "enabled active"}
EXPORTS = [
    ("/srv 10.111.0.0/16(rw,sync)", "good"),
    ("/srv @trusted(rw) *.example(ro)", "good"),
    ("/srv *(ro)", "vulnerable"),
    ("/srv 10.111.0.1(rw) *(ro)", "vulnerable"),
    ("/srv", "vulnerable"),
    ("/srv 10.111.0.1 (rw)", "vulnerable"),  # the famous blank: rw for everybody
    ('"/srv/with blank" *(rw)', "vulnerable"),
    ("/srv -ro,sync 10.111.0.1", "good"),
    ("/srv -ro,sync *", "vulnerable"),
    ("/srv 0.0.0.0/0(ro)", "vulnerable"),
    ("/srv 0.0.0.0/1(ro) 128.0.0.0/1(ro)", "vulnerable"),
    ("/srv ?*(ro)", "vulnerable"),
    ("/srv ?*.example(ro)", "good"),
    ("/srv ::/0(ro)", "vulnerable"),
    ("/srv *(sec=krb5p,rw)", "good"),
    ("/srv *(sec=sys:krb5p,rw)", "vulnerable"),
    ("/srv 10.111.0.1(rw) # *(rw)", "good"),
    ("# nothing", "good"),
]


@pytest.mark.parametrize(("line", "expected"), EXPORTS)
def test_a_share_must_name_its_hosts(line: str, expected: str) -> None:
    assert expected == verdict("U-25", evidence(units=NFS, texts={"/etc/exports": line})).verdict


def test_drop_ins_count_and_unused_or_unread_is_told_apart() -> None:
    dropin = evidence(units=NFS, texts={"/etc/exports.d/a.exports": "/srv *", "/etc/exports.d/b": "/x *"})
    unused = evidence(texts={"/etc/exports": "/srv *"})
    denied = evidence(units=NFS, unread={("text", "/etc/exports"): "denied"})
    got = [verdict("U-25", server) for server in (dropin, unused, denied)]

    assert ["vulnerable", "good", "error"] == [each.verdict for each in got]
    assert "/etc/exports.d/a.exports:1 /srv *" == said(got[0])


@pytest.mark.parametrize(
    ("mode", "units", "expected"),
    [(0o644, NFS, "good"), (0o646, NFS, "vulnerable"), (0o646, {}, "good"), (0o622, NFS, "vulnerable")],
)
def test_the_mode_of_exports_counts_while_nfs_is_in_use(
    mode: int, units: dict[str, str], expected: str
) -> None:
    assert expected == verdict("U-69", evidence(files={"/etc/exports": (mode, 0)}, units=units)).verdict


@given(content=st.lists(st.text(alphabet=' /*()",-#\\ab.0:', max_size=30), max_size=5).map("\n".join))
def test_any_exports_file_is_read(content: str) -> None:
    server = evidence(texts={"/etc/exports": content})

    assert all(share.path == share.path.strip('"') for share in exports.shares(server))
