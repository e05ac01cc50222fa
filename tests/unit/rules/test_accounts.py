"""The tables: U-04, U-44, U-49 to U-53."""

from __future__ import annotations

import pytest

from evidence_samples import TABLES, checks, evidence, said, verdict

ROOT = "root:0:/root:/bin/bash"
NOLOGIN = "/usr/sbin/nologin"
TABLE_CASES = [
    ("U-04", {}, "good", ""),
    ("U-04", {"passwd": f"{ROOT}:hash"}, "vulnerable", "root password=hash"),
    ("U-04", {"passwd": f"{ROOT}:empty"}, "vulnerable", "password=empty"),
    ("U-04", {"passwd": f"{ROOT} bin:2:/bin:{NOLOGIN}:locked"}, "good", ""),
    ("U-04", {"unread": {("table", "/etc/shadow"): "absent"}}, "vulnerable", "/etc/shadow absent"),
    ("U-44", {}, "good", "root uid=0"),
    ("U-44", {"passwd": f"{ROOT} toor:0:/root:/bin/sh"}, "vulnerable", "/etc/passwd:2 toor"),
    ("U-44", {"passwd": f"{ROOT} off:0:/:{NOLOGIN}"}, "vulnerable", "off"),
    ("U-52", {"passwd": f"{ROOT} a:1000:/a:/bin/sh b:1001:/b:/bin/sh"}, "good", ""),
    ("U-52", {"passwd": f"{ROOT} a:1000:/a:/bin/sh b:1000:/b:/bin/sh"}, "vulnerable", "/etc/passwd:3 b"),
    ("U-49", {}, "good", "root uid=0"),
    ("U-49", {"passwd": f"{ROOT} lp:7:/var/spool/lpd:{NOLOGIN}"}, "vulnerable", "lp uid=7"),
    ("U-49", {"passwd": f"{ROOT} games:5:/usr/games:/bin/bash"}, "vulnerable", "games"),
    ("U-49", {"passwd": f"{ROOT} games:5:/usr/games:{NOLOGIN}"}, "review", "games"),
    ("U-50", {}, "good", "root gid=0"),
    ("U-50", {"group": "root:0:root"}, "good", ""),
    ("U-50", {"group": "root:0:root,jiho"}, "vulnerable", "jiho"),
    ("U-50", {"passwd": f"{ROOT} jiho:1001:/home/jiho:/bin/sh:x:0"}, "vulnerable", "/etc/passwd:2 jiho"),
    ("U-50", {"group": "root:0: sudo:27:minji"}, "good", "sudo gid=27 members=minji"),
    ("U-50", {"group": "sudo:27:"}, "vulnerable", "no root"),
    ("U-50", {"group": "root:0: root:0:jiho root:0:"}, "vulnerable", "/etc/group:2"),
    ("U-50", {"group": "root:0: toor:0:jiho"}, "vulnerable", "toor gid=0"),
    ("U-51", {"group": "root:0: minji:1000:", "passwd": f"{ROOT} minji:1000:/h:/bin/sh"}, "good", ""),
    ("U-51", {"group": "root:0: team:1500:root"}, "good", ""),
    ("U-51", {"group": "root:0: oldproject:1500:"}, "vulnerable", "/etc/group:2 oldproject"),
    ("U-51", {"group": "root:0: oldproject:1500:deleted"}, "vulnerable", "oldproject"),
    ("U-51", {"group": "root:0: cdrom:24: nogroup:65534:"}, "good", ""),
    ("U-53", {"passwd": f"{ROOT} daemon:1:/usr/sbin:{NOLOGIN} bin:2:/bin:/bin/false"}, "good", "daemon"),
    ("U-53", {"passwd": f"{ROOT} games:5:/usr/games:/bin/bash"}, "vulnerable", "games"),
    ("U-53", {"passwd": f"{ROOT} operator:11:/root:"}, "vulnerable", "operator"),  # empty means /bin/sh
    ("U-53", {"passwd": f"{ROOT} adm:3:/var/adm:/opt/nologin"}, "vulnerable", "/opt/nologin"),
]


@pytest.mark.parametrize(("item", "tables", "expected", "mention"), TABLE_CASES)
def test_the_tables_are_judged(item: str, tables: dict[str, str], expected: str, mention: str) -> None:
    got = verdict(item, evidence(**tables))  # type: ignore[arg-type]

    assert expected == got.verdict
    assert mention in said(got) + str(got.checks)


@pytest.mark.parametrize(
    "item", ["U-04", "U-44", "U-45", "U-49", "U-50", "U-51", "U-52", "U-53", "U-57", "U-58"]
)
@pytest.mark.parametrize("why", ["denied", "cut", "special", "absent"])
def test_tables_that_were_not_read_are_errors(item: str, why: str) -> None:
    got = verdict(item, evidence(unread={("table", path): why for path in TABLES}))

    assert "error" == got.verdict
    assert "/etc/" in said(got)


def test_a_hash_in_passwd_is_found_although_shadow_was_not_read() -> None:
    got = verdict("U-04", evidence(passwd=f"{ROOT}:hash", unread={("table", "/etc/shadow"): "denied"}))

    assert "vulnerable" == got.verdict


def test_people_and_administrators_can_be_asked_about_by_tailoring() -> None:
    people = checks("unix.unneeded-accounts", evidence(), login_accounts="review")
    admins = checks("unix.admin-groups", evidence(group="root:0: wheel:10:minji"), members="review")

    assert [["review"], ["good", "review"]] == [[c.verdict for c in got] for got in (people, admins)]
