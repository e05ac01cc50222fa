"""U-13 and the history in U-02 of the 2026 edition: how passwords are hashed, and how many are remembered."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.rules import get_rule
from cce.verdict import Verdict
from evidence_samples import checks, evidence, said, verdict

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

DEFS, HISTORY = "/etc/login.defs", "/etc/security/pwhistory.conf"
STRONG = "ENCRYPT_METHOD SHA512"


def server(
    pam: str = "password [success=1 default=ignore] pam_unix.so obscure yescrypt",
    defs: str | None = STRONG,
    shadow: str = "root set 90 1 y\nminji set 90 1 6",
    **more: object,
) -> Evidence:
    """A server whose passwords go through ``common-password``."""
    texts = {"/etc/pam.d/common-password": pam} | ({} if defs is None else {DEFS: defs})
    return evidence(texts=texts, shadow=shadow, **more)  # type: ignore[arg-type] - as the test wants it


BARE = "password required pam_unix.so use_authtok shadow"
HASHES = [
    ("yescrypt by PAM, SHA-512 by login.defs", server(), "good", "yescrypt"),
    ("PAM leaves it to login.defs", server(BARE), "good", f"{DEFS}:1"),
    ("SHA-256 is SHA-2", server("password required pam_unix.so sha256", "ENCRYPT_METHOD sha256"), "good", ""),
    ("login.defs says MD5", server(defs="ENCRYPT_METHOD MD5"), "vulnerable", "MD5"),
    ("the last ENCRYPT_METHOD counts", server(defs=f"{STRONG}\nENCRYPT_METHOD DES"), "vulnerable", f"{DEFS}:2"),
    ("a comment is no setting", server(defs=f"# {STRONG}"), "vulnerable", "ENCRYPT_METHOD unset"),
    ("PAM says MD5 over login.defs", server("password required pam_unix.so md5 shadow"), "vulnerable", "pam_unix.so md5"),
    ("of two methods the last counts", server("password required pam_unix.so md5 sha512"), "good", ""),
    ("nobody says a method", server(BARE, "UMASK 022"), "vulnerable", "ENCRYPT_METHOD unset"),
    ("no login.defs, and PAM leaves it to it", server(BARE, None), "error", DEFS),
    ("no login.defs, and PAM says it", server(defs=None), "good", "yescrypt"),
    ("a stored MD5 hash", server(shadow="root set 90 1 6\nold set 90 1 1"), "vulnerable", "old set scheme=MD5"),
    ("a stored DES hash of a locked account", server(shadow="old locked 90 1 des"), "vulnerable", "old locked scheme=DES"),
    ("a scheme that nobody knows", server(shadow="old set 90 1 other"), "vulnerable", "scheme=other"),
    ("bcrypt, scrypt and gost-yescrypt", server(shadow="a set 90 1 2b\nb set 90 1 7\nc set 90 1 gy"), "good", ""),
    ("nobody has a password", server(shadow="root none 90 1 -"), "good", ""),
    ("a strong hash in passwd", server(passwd="root:0:/root:/bin/sh:hash;6"), "good", ""),
    ("a weak hash in passwd", server(passwd="root:0:/root:/bin/sh:hash;1"), "vulnerable", "/etc/passwd:1 root hash scheme=MD5"),
    ("what is no known hash in passwd", server(passwd="root:0:/root:/bin/sh:hash;other"), "vulnerable", "scheme=other"),
    ("a hash in passwd, whose scheme an older probe did not say", server(passwd="root:0:/root:/bin/sh:hash"), "error", "/etc/passwd:1 root"),
    ("shadow was not read", server(unread={("table", "/etc/shadow"): "denied"}), "error", "/etc/shadow"),
    ("a PAM file was not read", server(unread={("text", "/etc/pam.d/common-password"): "denied"}), "error", "common-password"),
    ("login.defs was not read, and shadow is weak", server(shadow="old set 90 1 1", unread={("text", DEFS): "cut"}), "vulnerable", "old"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "host", "expected", "mention"), HASHES, ids=[r[0] for r in HASHES])
def test_passwords_are_hashed_with_sha_2_or_stronger(
    why: str, host: Evidence, expected: str, mention: str
) -> None:
    got = verdict("U-13", host, "kisa-2026")

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


def test_the_facts_blame_only_the_weak_hash() -> None:
    got = verdict("U-13", server(shadow="root set 90 1 6\nold set 90 1 1"), "kisa-2026")

    assert "root" not in said(got)


UNIX = "password [success=1 default=ignore] pam_unix.so use_authtok"
HISTORIES = [
    ("pwhistory with its argument", server(f"password required pam_pwhistory.so remember=4\n{UNIX}"), "good", "remember=4"),
    ("three are too few", server(f"password required pam_pwhistory.so remember=3\n{UNIX}"), "vulnerable", "remember=3"),
    ("pwhistory's default is ten", server(f"password requisite pam_pwhistory.so use_authtok\n{UNIX}"), "good", "default 10"),
    ("zero is off", server(f"password required pam_pwhistory.so remember=0\n{UNIX}"), "vulnerable", "remember=0"),
    ("what is no number is none", server(f"password required pam_pwhistory.so remember=many\n{UNIX}"), "vulnerable", "many"),
    ("optional refuses nothing", server(f"password optional pam_pwhistory.so remember=9\n{UNIX}"), "vulnerable", ""),
    ("after pam_unix it is too late", server(f"{UNIX}\npassword required pam_pwhistory.so remember=9"), "vulnerable", ""),
    ("pam_unix remembers itself", server(f"{UNIX} remember=5"), "good", "remember=5"),
    ("nothing remembers", server(UNIX), "vulnerable", "pam_unix.so"),
    ("no password stack at all", server("auth required pam_unix.so"), "vulnerable", "/etc/pam.d"),
    ("another file that was not collected", server(f"password required pam_pwhistory.so conf=/etc/my.conf\n{UNIX}"), "error", "/etc/my.conf"),
    ("the stack was not read", server(unread={("text", "/etc/pam.d/common-password"): "denied"}), "error", "common-password"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "host", "expected", "mention"), HISTORIES, ids=[r[0] for r in HISTORIES])
def test_old_passwords_are_refused(why: str, host: Evidence, expected: str, mention: str) -> None:
    got = checks("unix.password-history", host) if expected != "error" else None
    if got is None:
        judged = verdict("U-02", host, "kisa-2026")
        assert any(c.verdict is Verdict.ERROR and mention in f"{c.facts}" for c in judged.checks), why
        return

    assert [expected] == [c.verdict for c in got], why
    assert mention in "\n".join(f"{f.source} {f.value}" for f in got[0].facts)


@pytest.mark.parametrize(("conf", "expected"), [("remember = 5", "good"), ("remember=2", "vulnerable")])
def test_pwhistory_conf_counts_where_the_line_says_nothing(conf: str, expected: str) -> None:
    line = "password requisite pam_pwhistory.so"
    said_by_file = evidence(texts={"/etc/pam.d/passwd": f"{line}\n{UNIX}", HISTORY: conf})
    said_by_line = evidence(texts={"/etc/pam.d/passwd": f"{line} remember=7\n{UNIX}", HISTORY: conf})

    assert [expected] == [c.verdict for c in checks("unix.password-history", said_by_file)]
    assert ["good"] == [c.verdict for c in checks("unix.password-history", said_by_line)]


def test_each_stack_is_judged_and_a_shared_one_once() -> None:
    good = f"password required pam_pwhistory.so remember=5\n{UNIX}"
    host = evidence(texts={
        "/etc/pam.d/passwd": "password substack system-auth",
        "/etc/pam.d/system-auth": good,
        "/etc/pam.d/password-auth": UNIX,
    })  # fmt: skip

    assert ["good", "vulnerable"] == [c.verdict for c in checks("unix.password-history", host)]


def test_the_password_policy_of_2026_wants_every_part() -> None:
    policy = {
        "/etc/pam.d/common-password": f"password requisite pam_pwquality.so minlen=8 minclass=3\npassword required pam_pwhistory.so remember=4\n{UNIX}",
        DEFS: "PASS_MAX_DAYS 90\nPASS_MIN_DAYS 1",
    }
    whole = evidence(texts=policy)
    weaker = {
        "history": evidence(texts=policy | {"/etc/pam.d/common-password": f"password requisite pam_pwquality.so minclass=3\n{UNIX}"}),
        "length": evidence(texts=policy | {"/etc/pam.d/common-password": f"password required pam_pwhistory.so\n{UNIX}"}),
        "max age": evidence(texts=policy | {DEFS: "PASS_MAX_DAYS 91\nPASS_MIN_DAYS 1"}),
        "min age": evidence(texts=policy | {DEFS: "PASS_MAX_DAYS 90\nPASS_MIN_DAYS 0"}),
    }  # fmt: skip

    assert "good" == verdict("U-02", whole, "kisa-2026").verdict
    assert dict.fromkeys(weaker, "vulnerable") == {
        part: str(verdict("U-02", host, "kisa-2026").verdict) for part, host in weaker.items()
    }


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_gets_a_verdict(pam: str, defs: str) -> None:
    host = server(f"password required pam_unix.so {pam}", defs)

    for rule_id in ("unix.password-hash", "unix.password-history"):
        rule = get_rule(rule_id)
        assert list(rule.function(host, rule.params({})))
