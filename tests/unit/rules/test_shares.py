"""U-35 of 2026: who has no account gets at nothing that NFS and Samba share."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cce.verdict import Verdict
from evidence_samples import checks, evidence, said, verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cce.evidence.model import Evidence

CONF = "/etc/samba/smb.conf"
SMBD = {"smbd.service": "enabled active"}
NFS = {"nfs-server.service": "enabled active"}
EXPORTS = [
    ("/srv 10.111.0.0/16(rw,sync)", "good", "/srv"),
    ("/srv 10.111.0.0/16(rw,all_squash)", "good", ""),
    ("/srv 10.111.0.0/16(rw,no_root_squash)", "vulnerable", "no_root_squash"),
    ("/srv 10.111.0.0/16(rw,no_root_squash,root_squash)", "good", ""),
    ("/srv -no_root_squash 10.111.0.1(root_squash) 10.111.0.2(rw)", "vulnerable", ""),
    ("/srv -no_root_squash 10.111.0.1(root_squash)", "good", ""),
    ("/srv 10.111.0.0/16(all_squash,anonuid=1000)", "vulnerable", "anonuid=1000"),
    ("/srv 10.111.0.0/16(anongid=65534)", "vulnerable", "anongid"),
    ("", "good", "no share"),
]


@pytest.mark.parametrize(("exports", "expected", "mention"), EXPORTS)
def test_nfs_gives_unknown_users_nobodys_rights(exports: str, expected: str, mention: str) -> None:
    got = verdict("U-35", evidence(units=NFS, texts={"/etc/exports": exports}), "kisa-2026")

    assert expected == got.verdict, got.reason.en
    assert mention in "\n".join(fact.value for check in got.checks for fact in check.facts)


def test_a_tailoring_may_let_nobody_be_named() -> None:
    server = evidence(units=NFS, texts={"/etc/exports": "/srv 10.111.0.1(anonuid=65534,anongid=65534)"})

    assert ["good"] == [c.verdict for c in checks("unix.anonymous-nfs", server, anonymous_ids=(65534,))]


def smb(conf: str, units: Mapping[str, str] = SMBD, **texts: str) -> Evidence:
    """A server with Samba; further files of its directory by name."""
    return evidence(units=units, texts={CONF: conf, **{f"/etc/samba/{n}.conf": t for n, t in texts.items()}})


USER_SHARE = "/var/lib/samba/usershares/pub"


def user(setting: str, share: str = "path=/srv\nguest_ok=y") -> Evidence:
    """A server whose users may share directories."""
    return evidence(units=SMBD, texts={CONF: f"[global]\n{setting}", USER_SHARE: share})


DC = {"samba-ad-dc.service": "enabled active", "smbd.service": "masked inactive"}
PUB = "[pub]\npath = /srv/pub\n"
SHARES = [
    ("Debian's default", smb("[global]\nmap to guest = bad user\nusershare allow guests = yes\n[homes]\nvalid users = %S\n[printers]\npath = /var/tmp\nguest ok = no"), "vulnerable", "none with guest ok"),
    ("open", smb(f"{PUB}guest ok = yes"), "vulnerable", f"{CONF}:3"),
    ("open, map to guest = never", smb(f"[global]\nmap to guest = never\n{PUB}guest ok = yes"), "vulnerable", "map to guest = never"),
    ("by its other name", smb(f"{PUB}public = true"), "vulnerable", ":3"),
    ("names without blanks and in capitals", smb(f"{PUB}GuestOK=1"), "vulnerable", ":3"),
    ("a comment", smb(f"{PUB}; guest ok = yes\n# guest ok = yes"), "good", ""),
    ("the last counts", smb(f"{PUB}guest ok = yes\npublic = no"), "good", ""),
    ("no boolean changes nothing", smb(f"{PUB}guest ok = maybe"), "good", ""),
    ("opened for all", smb(f"[global]\nguest ok = yes\n{PUB}"), "vulnerable", ":2"),
    ("what stands behind a share is not for it", smb(f"{PUB}[global]\nguest ok = yes"), "good", ""),
    ("a share in two parts", smb(f"{PUB}[other]\npath = /x\n[PUB]\nguest ok = yes"), "vulnerable", ""),
    ("not available", smb(f"{PUB}guest ok = yes\navailable = no"), "good", ""),
    ("without a path", smb("[pub]\nguest ok = yes"), "good", ""),
    ("printers need none", smb("[printers]\nguest ok = yes"), "vulnerable", ""),
    ("users are named", smb(f"{PUB}guest ok = yes\nvalid users = minji, @staff"), "good", ""),
    ("the guest is named", smb(f"[global]\nguest account = pcguest\n{PUB}guest ok = yes\nvalid users = minji PCguest"), "vulnerable", ""),
    ("the guest is refused", smb(f"{PUB}guest ok = yes\ninvalid users = nobody"), "good", ""),
    ("copied", smb(f"{PUB}guest ok = yes\navailable = no\n[two]\ncopy = pub\navailable = yes"), "vulnerable", "[two]"),
    ("included", smb("include = /etc/samba/b.conf", b=f"{PUB}guest ok = yes"), "vulnerable", "b.conf:3"),
    ("included into a share", smb(f"{PUB}include = /etc/samba/b.conf", b="guest ok = yes"), "vulnerable", "b.conf:1"),
    ("an include that is not there", evidence(units=SMBD, texts={CONF: "include = /etc/samba/b.conf"}), "good", ""),
    ("an include that depends on who connects", smb("include = /etc/samba/%m.conf"), "error", "depends"),
    ("included by itself", smb(f"include = {CONF}"), "error", "by itself"),
    ("an include of the registry", smb("include = registry"), "error", "registry"),
    ("shares in the registry", smb("[global]\nregistry shares = yes"), "error", "registry"),
    ("another configuration", smb("[global]\nconfig file = /etc/samba/b.conf", b=f"{PUB}guest ok = yes"), "vulnerable", "b.conf"),
    ("without passwords", smb("[global]\nnull passwords = yes"), "vulnerable", "null passwords"),
    ("a user's share", user("usershare allow guests = yes"), "vulnerable", USER_SHARE),
    ("a user's share, for accounts", user("usershare allow guests = yes", "path=/srv\nguest_ok=n"), "good", ""),
    ("users may not open them", user("usershare allow guests = no"), "good", ""),
    ("users have none", user("usershare allow guests = yes\nusershare max shares = 0"), "good", ""),
    ("users' shares elsewhere", user("usershare allow guests = yes\nusershare path = /srv/us"), "error", "/srv/us"),
    ("a domain controller", smb(f"[global]\nserver role = active directory domain controller\n{PUB}guest ok = yes", DC), "vulnerable", ""),
    ("Debian's unit of one", smb(f"{PUB}guest ok = yes", DC), "good", "not in use"),
    ("listening", evidence(commands={"ss -lntu": "tcp LISTEN 0 5 *:445 *:*"}, texts={CONF: f"{PUB}guest ok = yes"}), "vulnerable", ""),
    ("not in use", smb(f"{PUB}guest ok = yes", {}), "good", "not in use"),
    ("no configuration", evidence(units=SMBD), "error", CONF),
    ("unread", evidence(units=SMBD, unread={("text", CONF): "denied"}), "error", "denied"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), SHARES, ids=[r[0] for r in SHARES])
def test_samba_lets_nobody_in_without_an_account(
    why: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict("U-35", server, "kisa-2026")

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in "\n".join([said(got), *(f"{f.source} {f.value}" for c in got.checks for f in c.facts)])


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [({}, [Verdict.GOOD, Verdict.VULNERABLE]), ({"guest_mapping": "good"}, [Verdict.GOOD])],
)
def test_map_to_guest_itself_is_refused_unless_a_tailoring_says_otherwise(
    mapping: dict[str, str], expected: list[Verdict]
) -> None:
    server = smb("[global]\nmap to guest = Bad User")

    assert expected == [c.verdict for c in checks("unix.anonymous-samba", server, **mapping)]


def test_what_is_shared_by_ftp_counts_as_well() -> None:
    server = evidence(
        units={"vsftpd.service": "enabled active"}, texts={"/etc/vsftpd.conf": "anonymous_enable=YES"}
    )

    assert Verdict.VULNERABLE is verdict("U-35", server, "kisa-2026").verdict


@pytest.mark.parametrize("name", ["anonymous-nfs", "anonymous-samba"])
def test_what_is_not_in_use_is_as_the_policy_says(name: str) -> None:
    assert ["not_applicable"] == [
        c.verdict for c in checks(f"unix.{name}", evidence(), unused="not_applicable")
    ]
