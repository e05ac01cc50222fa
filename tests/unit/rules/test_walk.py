"""The walk over the file systems: U-06, U-13, U-15, U-16."""

from __future__ import annotations

import pytest

from cce.evidence.model import Unread
from evidence_samples import checks, evidence, said, verdict

KINDS = {"U-06": "unowned", "U-13": "suid", "U-15": "world_writable", "U-16": "dev_file"}
Hits = list[tuple[int, int, str]]
WALKS: list[tuple[str, Hits, str, str]] = [
    ("U-06", [], "good", "0"),
    ("U-06", [(0o644, 4711, "/srv/old\nreport.txt")], "vulnerable", "report.txt"),
    ("U-13", [], "good", ""),
    ("U-13", [(0o4755, 0, "/usr/bin/sudo"), (0o2755, 0, "/usr/bin/crontab")], "good", "sudo"),
    ("U-13", [(0o4755, 0, "/usr/bin/newgrp"), (0o4755, 0, "/opt/health")], "vulnerable", "newgrp"),
    ("U-13", [(0o2755, 0, "/usr/sbin/unix_chkpwd")], "vulnerable", "unix_chkpwd"),  # /sbin is /usr/sbin
    ("U-13", [(0o4755, 0, "/sbin/unix_chkpwd")], "vulnerable", "unix_chkpwd"),
    ("U-13", [(0o4755, 0, "/bin/mount")], "good", "/bin/mount"),
    ("U-13", [(0o4755, 0, "/opt/health")], "review", "/opt/health 4755"),
    (
        "U-13",
        [(0o4755, 1000, "/usr/bin/sudo")],
        "review",
        "sudo",
    ),  # the name of the distribution, not its owner
    ("U-13", [(0o4755, 0, "/opt/usr/bin/sudo")], "review", "/opt"),
    ("U-15", [], "good", ""),
    ("U-15", [(0o666, 0, "/srv/share/list")], "review", "/srv/share/list"),
    ("U-15", [(0o646, 0, "/etc/cron.d/backup")], "vulnerable", "cron.d"),
    ("U-15", [(0o777, 0, "/srv/run.sh")], "vulnerable", "run.sh"),
    ("U-15", [(0o666, 0, "/etcetera")], "review", "/etcetera"),
    ("U-16", [], "good", ""),
    ("U-16", [(0o644, 0, "/dev/.udev.db")], "vulnerable", "/dev/.udev.db"),
]


@pytest.mark.parametrize(("item", "hits", "expected", "mention"), WALKS)
def test_what_the_walk_found_is_judged(item: str, hits: Hits, expected: str, mention: str) -> None:
    got = verdict(item, evidence(walks={KINDS[item]: ("ok", len(hits), hits)}))

    assert expected == got.verdict
    assert mention in said(got)


@pytest.mark.parametrize("item", KINDS)
@pytest.mark.parametrize("status", ["timeout", "denied", "failed"])
def test_a_walk_that_did_not_end_is_never_good(item: str, status: str) -> None:
    nothing = verdict(item, evidence(walks={KINDS[item]: (status, 0, [])}))
    bad = [(0o4777, 4711, "/usr/bin/newgrp")]
    found = verdict(item, evidence(walks={KINDS[item]: (status, 1, bad)}))
    missing = verdict(item, evidence())

    assert ("error", "vulnerable", "error") == (nothing.verdict, found.verdict, missing.verdict)
    assert status in said(nothing)


@pytest.mark.parametrize(
    ("item", "listed"), [("U-13", (0o4755, 0, "/usr/bin/sudo")), ("U-15", (0o666, 0, "/srv/known"))]
)
def test_hits_that_were_only_counted_cannot_be_accepted(item: str, listed: tuple[int, int, str]) -> None:
    rule = {"U-13": "unix.suid-files", "U-15": "unix.world-writable-files"}[item]
    accepted = {"accepted": [{"path": path, "reason": "x"} for path in ("/usr/bin/sudo", "/srv/known")]}
    whole, cut = (evidence(walks={KINDS[item]: (s, n, [listed])}) for s, n in (("ok", 1), ("cut", 2)))

    assert ["good"] == [c.verdict for c in checks(rule, whole, **accepted)]
    assert (
        "error"
        == verdict("U-13", evidence(walks={"suid": ("cut", 300, [(0o4755, 0, "/usr/bin/sudo")])})).verdict
    )
    with pytest.raises(Unread, match="1 of 2 listed"):
        checks(rule, cut, **accepted)


def test_unowned_files_are_undecided_where_the_name_service_did_not_answer() -> None:
    walks: dict[str, tuple[str, int, Hits]] = {"unowned": ("ok", 1, [(0o644, 70001, "/home/ldap")])}
    silent = evidence(walks=walks, unread={("command", "getent unowned"): "timeout"})
    asked = evidence(walks=walks, commands={"getent unowned": ""})

    assert ("error", "vulnerable") == (verdict("U-06", silent).verdict, verdict("U-06", asked).verdict)


SUID, WRITABLE = ("unix.suid-files", "suid"), ("unix.world-writable-files", "world_writable")
ACCEPTED: list[tuple[tuple[str, str], str, tuple[int, int, str], str]] = [
    (SUID, "/opt/app/bin/*", (0o4755, 0, "/opt/app/bin/driver"), "good"),
    (SUID, "/opt/app/bin/*", (0o4755, 0, "/opt/app/bin/old/driver"), "review"),
    (SUID, "/opt/app/**", (0o4755, 0, "/opt/app/bin/old/driver"), "good"),
    (
        SUID,
        "/opt/db/oracle",
        (0o6751, 1000, "/opt/db/oracle"),
        "good",
    ),  # the decision names it, also its owner
    (SUID, "/usr/bin/newgrp", (0o4755, 0, "/usr/bin/newgrp"), "good"),  # of the guide's list
    (SUID, "/bin/newgrp", (0o4755, 0, "/usr/bin/newgrp"), "good"),  # /bin is /usr/bin
    (SUID, "/usr/bin/at", (0o4755, 0, "/usr/bin/newgrp"), "vulnerable"),
    # A copy of a shell or an interpreter is never covered by a pattern.
    (SUID, "/opt/app/bin/*", (0o4755, 0, "/opt/app/bin/bash"), "review"),
    (SUID, "/opt/app/bin/*", (0o4755, 0, "/opt/app/bin/python3.11"), "review"),
    (SUID, "/opt/app/bin/bash", (0o4755, 0, "/opt/app/bin/bash"), "good"),
    # What others may write does what they want.
    (SUID, "/opt/app/bin/driver", (0o4775, 0, "/opt/app/bin/driver"), "review"),
    (SUID, "/opt/app/bin/driver", (0o4757, 0, "/opt/app/bin/driver"), "review"),
    (WRITABLE, "/srv/share/**", (0o666, 0, "/srv/share/a/list"), "good"),
    (WRITABLE, "/srv/share/**", (0o666, 0, "/srv/share2"), "review"),
    (WRITABLE, "/srv/share/*", (0o666, 0, "/srv/share/a/list"), "review"),
    # A pattern accepts data, not programs, and nothing of the system: root's jobs run those.
    (WRITABLE, "/srv/share/**", (0o777, 0, "/srv/share/run.sh"), "vulnerable"),
    (WRITABLE, "/etc/app/**", (0o666, 0, "/etc/app/conf"), "vulnerable"),
    (WRITABLE, "/etc/app/conf", (0o666, 0, "/etc/app/conf"), "good"),
    (("unix.device-directory", "dev_file"), "/dev/.udev/*", (0o644, 0, "/dev/.udev/db"), "good"),
    (("unix.device-directory", "dev_file"), "/dev/.udev/*", (0o644, 0, "/dev/.evil"), "vulnerable"),
]


@pytest.mark.parametrize(("rule", "path", "hit", "expected"), ACCEPTED)
def test_an_accepted_path_is_good_with_its_reason_and_stays_listed(
    rule: tuple[str, str], path: str, hit: tuple[int, int, str], expected: str
) -> None:
    rule_id, kind = rule
    accepted = [{"path": path, "reason": "결정 제7호"}]

    (got,) = checks(rule_id, evidence(walks={kind: ("ok", 1, [hit])}), accepted=accepted)

    assert expected == got.verdict
    assert [hit[2]] == [fact.value.split()[0] for fact in got.facts]
    assert (expected == "good") == ("결정 제7호" in got.reason.en) == ("결정 제7호" in got.reason.ko)


def test_accepting_one_file_hides_no_other() -> None:
    hits = [
        (0o4755, 0, "/opt/app/a"),
        (0o4755, 0, "/opt/app/b"),
        (0o4755, 0, "/var/x"),
        (0o4755, 0, "/usr/bin/su"),
    ]

    got = checks(
        "unix.suid-files",
        evidence(walks={"suid": ("ok", len(hits), hits)}),
        accepted=[{"path": "/opt/app/a", "reason": "x"}, {"path": "/opt/**", "reason": "y"}],
    )

    assert ["review", "good", "good"] == [check.verdict for check in got]
    assert [["/var/x"], ["/opt/app/a", "/opt/app/b"], ["/usr/bin/su"]] == [
        [fact.value.split()[0] for fact in check.facts] for check in got
    ]
