"""U-02, U-03, U-46, U-47, U-48: password policy and lockout, with PAM's includes and files resolved."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cce.evidence.model import Unread
from cce.evidence.views import pam
from evidence_samples import checks, evidence, said, verdict

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

CONF, LOCK = "/etc/security/pwquality.conf", "/etc/security/faillock.conf"
ALL_FOUR = "dcredit = -1\nucredit = -1\nlcredit=-1\nocredit= -1\n"


def debian(
    module: str = "requisite pam_pwquality.so retry=3", conf: str = ALL_FOUR, **dropins: str
) -> Evidence:
    """Debian's stacks: ``passwd`` includes ``common-password``."""
    return evidence(texts={
        "/etc/pam.d/passwd": "@include common-password",
        "/etc/pam.d/common-password": f"password {module}\npassword [success=1 default=ignore] pam_unix.so use_authtok",
        CONF: conf,
        **{f"/etc/security/pwquality.conf.d/{name}.conf": text for name, text in dropins.items()},
    })  # fmt: skip


def rhel(system: str, conf: str = "") -> Evidence:
    """RHEL's stacks: ``passwd`` takes ``system-auth`` as a substack, sshd ``password-auth``."""
    good = "password requisite pam_pwquality.so local_users_only\npassword sufficient pam_unix.so sha512"
    return evidence(texts={
        "/etc/pam.d/passwd": "password substack system-auth\n-password optional pam_gnome_keyring.so use_authtok",
        "/etc/pam.d/system-auth": system, "/etc/pam.d/password-auth": good, CONF: conf or ALL_FOUR,
    })  # fmt: skip


def old(conf: str, **release: str) -> Evidence:
    """A system with the defaults of pwquality before 1.3, RHEL 7 if nothing else is said."""
    return evidence(
        texts={"/etc/pam.d/passwd": GOOD_RHEL, CONF: conf},
        meta=release or {"os.id": "rhel", "os.version_id": "7.9"},
    )


GOOD_RHEL = "password requisite pam_pwquality.so\npassword sufficient pam_unix.so"
COMPLEXITY = [
    ("four classes, the default length", debian(), "good", "common-password:1"),
    ("three classes by minclass", debian(conf="minclass = 3\nminlen = 8"), "good", "minclass"),
    ("a comment behind a setting", debian(conf="minclass = 3 # of four"), "good", "# of four"),
    ("two classes with ten", debian(conf="minclass = 2\nminlen = 10"), "good", ""),
    ("two classes with nine", debian(conf="minclass = 2\nminlen = 9"), "vulnerable", "minclass"),
    ("the older pwquality of RHEL 7 gives credits", old("minclass = 3\nminlen = 8"), "vulnerable", "minlen = 8"),
    ("and wants nine without them", old(f"{ALL_FOUR}"), "good", ""),
    ("Amazon Linux 2, credits switched off", old("minclass = 3\nminlen = 8\ndcredit = 0\nucredit = 0\nlcredit = 0\nocredit = 0", **{"os.id": "amzn", "os.version_id": "2"}), "good", ""),
    ("Amazon Linux 2023 has the newer", old("minclass = 3\nminlen = 8", **{"os.id": "amzn", "os.version_id": "2023"}), "good", ""),
    ("the PAM line wins over the file", debian("requisite pam_pwquality.so minlen=6"), "vulnerable", "minlen=6"),
    ("pwquality.conf wins over its drop-ins", debian(conf=f"{ALL_FOUR}minlen = 6", a="minlen = 9"), "vulnerable", f"{CONF}:5"),
    ("a drop-in alone", debian(conf="", a=ALL_FOUR), "good", "/a.conf"),
    ("a later drop-in wins", debian(conf="", a=f"{ALL_FOUR}minlen=9", b="minlen = 7"), "vulnerable", "/b.conf"),
    ("positive credits shorten", debian(conf="minclass = 3\nminlen = 9\ndcredit = 2"), "vulnerable", "dcredit = 2"),
    ("a comment is no setting", debian(conf="# minclass = 3\nminlen = 9 # minclass = 3"), "vulnerable", ""),
    ("it only warns", debian(conf=f"{ALL_FOUR}enforcing = 0"), "vulnerable", "enforcing = 0"),
    ("optional refuses nothing", debian("optional pam_pwquality.so"), "vulnerable", "optional"),
    ("cracklib takes arguments only", debian("required pam_cracklib.so minlen=8 dcredit=-1 ucredit=-1 ocredit=-1 lcredit=-1"), "good", ""),
    ("cracklib's own credits", debian("required pam_cracklib.so minlen=8 dcredit=-1 ucredit=-1 ocredit=-1"), "vulnerable", ""),
    ("no module", debian("requisite pam_permit.so"), "vulnerable", "common-password:2"),
    ("after pam_unix it is too late", rhel("password sufficient pam_unix.so\npassword requisite pam_pwquality.so"), "vulnerable", "system-auth:1"),
    ("a substack", rhel(GOOD_RHEL), "good", "system-auth:1"),
    ("one of two stacks lacks it", rhel("password sufficient pam_unix.so"), "vulnerable", "system-auth:1"),
    ("conf files without the module", evidence(texts={CONF: ALL_FOUR}), "vulnerable", "no pam_unix"),
    ("an include in a circle", evidence(texts={"/etc/pam.d/passwd": "@include passwd"}), "vulnerable", ""),
    ("garbage", debian("requisite pam_pwquality.so minlen=none dcredit=9999999999"), "good", ""),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), COMPLEXITY, ids=[r[0] for r in COMPLEXITY])
def test_complexity_is_what_pam_enforces(why: str, server: Evidence, expected: str, mention: str) -> None:
    got = verdict("U-02", server)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


def test_a_stack_is_resolved_through_every_kind_of_include() -> None:
    server = evidence(texts={
        "/etc/pam.d/sshd": "@include a\nauth include b\n-auth substack /etc/pam.d/c\nsession required pam_x.so",
        "/etc/pam.d/a": "auth required pam_a.so",
        "/etc/pam.d/b": "AUTH [success=1 default=die] /usr/lib/security/pam_b.so [one=two words] deny=3\nnonsense",
        "/etc/pam.d/c": "auth requisite pam_c.so # a comment",
    })  # fmt: skip
    lines = pam.stack(server, "sshd", "auth") or ()

    assert ["pam_a", "pam_b", "pam_c"] == [m.module for m in lines]
    assert [True, True, True] == [m.denies for m in lines]
    assert [(), ("one=two words", "deny=3"), ()] == [m.arguments for m in lines]
    assert ("two words", "3", None) == tuple(lines[1].option(n) for n in ("one", "deny", "x"))
    assert pam.stack(server, "login", "auth") is None


def test_files_of_pam_that_include_each_other_again_and_again_are_bounded() -> None:
    files = {f"/etc/pam.d/a{n}": f"@include a{n + 1}\n" * 9 for n in range(20)}
    server = evidence(texts={"/etc/pam.d/sshd": "@include a0", **files})

    with pytest.raises(Unread, match="too many included files"):
        pam.stack(server, "sshd", "auth")


def test_complexity_is_an_error_where_a_stack_or_its_configuration_was_not_read() -> None:
    stack = {"/etc/pam.d/passwd": GOOD_RHEL}
    denied = (
        {("text", "/etc/pam.d/passwd"): "denied"},
        {("text", CONF): "special"},
        {("dir", f"{CONF}.d"): "cut"},
    )

    assert ["error"] * 3 == [verdict("U-02", evidence(texts=stack, unread=u)).verdict for u in denied]


def test_a_tailoring_can_bind_root_too() -> None:
    got = checks("unix.password-complexity", debian(), for_root=True)

    assert ["vulnerable"] == [check.verdict for check in got]


LENGTH = [
    ("effective minlen", debian(), "", "good", "common-password"),
    ("the module decides, not login.defs", debian(conf="minlen = 6"), "PASS_MIN_LEN 9", "vulnerable", "PASS_MIN_LEN 9"),
    ("without a module login.defs stands for the policy", debian("requisite pam_permit.so"), "PASS_MIN_LEN\t8", "good", "login.defs:1"),
    ("a comment", debian("requisite pam_permit.so"), "#PASS_MIN_LEN 9", "vulnerable", "unset"),
    ("the last of two counts", evidence(), "PASS_MIN_LEN 9\nPASS_MIN_LEN 5", "vulnerable", "login.defs:2"),
    ("no number", evidence(), "PASS_MIN_LEN eight", "vulnerable", "eight"),
    ("pam_unix has one of its own", evidence(texts={"/etc/pam.d/passwd": "password required pam_unix.so obscure minlen=10"}), "", "good", "minlen=10"),
    ("pam_unix's own is too short, whatever login.defs says", evidence(texts={"/etc/pam.d/passwd": "password required pam_unix.so minlen=4"}), "PASS_MIN_LEN 9", "vulnerable", "minlen=4"),
    ("one of two stacks lacks the module", rhel("password sufficient pam_unix.so"), "", "vulnerable", "unset"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "defs", "expected", "mention"), LENGTH, ids=[r[0] for r in LENGTH])
def test_the_least_length_is_the_effective_one(
    why: str, server: Evidence, defs: str, expected: str, mention: str
) -> None:
    texts = {path: "\n".join(line.text for line in lines) for path, lines in server.texts.items()}
    got = verdict("U-46", evidence(texts={**texts, "/etc/login.defs": defs}))

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


AGES = [
    ("U-47", "PASS_MAX_DAYS 90", "root set 90 1", "good", "login.defs:1"),
    ("U-47", "#PASS_MAX_DAYS 90\nPASS_MAX_DAYS 99999", "root set 90 1", "vulnerable", "login.defs:2"),
    ("U-47", "PASS_MAX_DAYS -1", "root set 90 1", "vulnerable", "-1"),
    ("U-47", "PASS_MAX_DAYS 90 days", "root set 90 1", "vulnerable", "90 days"),
    ("U-47", "", "root set 90 1", "vulnerable", "unset"),
    ("U-47", "PASS_MAX_DAYS 90", "root set 99999 1", "vulnerable", "/etc/shadow:1"),
    ("U-47", "PASS_MAX_DAYS 90", "root set - 1", "vulnerable", "max=-"),
    ("U-47", "PASS_MAX_DAYS 90", "root locked 99999 0\napp none 99999 0", "good", "login.defs:1"),
    ("U-48", "PASS_MIN_DAYS 1", "root set 90 1", "good", "min=1"),
    ("U-48", "PASS_MIN_DAYS 0", "root set 90 1", "vulnerable", "PASS_MIN_DAYS 0"),
    ("U-48", "PASS_MIN_DAYS 1", "root set 90 0", "vulnerable", "min=0"),
]


@pytest.mark.parametrize(("item", "defs", "shadow", "expected", "mention"), AGES)
def test_ages_are_judged_by_default_and_by_account(
    item: str, defs: str, shadow: str, expected: str, mention: str
) -> None:
    got = verdict(item, evidence(texts={"/etc/login.defs": defs}, shadow=shadow))

    assert expected == got.verdict
    assert mention in said(got)


def test_an_unread_shadow_does_not_hide_a_bad_default() -> None:
    unread = {("table", "/etc/shadow"): "denied"}
    bad = evidence(texts={"/etc/login.defs": "PASS_MAX_DAYS 99999"}, unread=unread)
    fine = evidence(texts={"/etc/login.defs": "PASS_MAX_DAYS 90"}, unread=unread)

    assert ["vulnerable", "error"] == [verdict("U-47", e).verdict for e in (bad, fine)]


PRE, FAIL = "auth required pam_faillock.so preauth", "auth [default=die] pam_faillock.so authfail"
UNIX, ACCOUNT = "auth sufficient pam_unix.so", "account required pam_faillock.so"
SUCC = "auth sufficient pam_faillock.so authsucc"
LOCKOUT = [
    ("faillock's own default of 3", (PRE, UNIX, FAIL, ACCOUNT), "", "good", "default 3"),
    ("deny in the file", (PRE, UNIX, FAIL, ACCOUNT), "deny = 5", "good", f"{LOCK}:1"),
    ("ten is still good", (PRE, UNIX, FAIL, ACCOUNT), "deny=10", "good", ""),
    ("eleven", (PRE, UNIX, FAIL, ACCOUNT), "deny = 11", "vulnerable", "deny = 11"),
    ("0 is off", (PRE, UNIX, FAIL, ACCOUNT), "# deny = 5\ndeny = 0", "vulnerable", f"{LOCK}:2"),
    ("an argument wins", (f"{PRE} deny=20", UNIX, FAIL, ACCOUNT), "deny = 5", "vulnerable", "deny=20"),
    ("the file without the module", (UNIX,), "deny = 5", "vulnerable", "pam_unix"),
    ("commented lines", (f"#{PRE}", UNIX, f"#{FAIL}", ACCOUNT), "deny = 5", "vulnerable", "pam_unix"),
    ("an optional preauth refuses nobody", (PRE.replace("required", "optional"), UNIX, FAIL, ACCOUNT), "deny = 5", "vulnerable", "optional"),
    ("authfail in the place of preauth", ("auth required pam_faillock.so authfail", UNIX, ACCOUNT), "deny = 5", "vulnerable", "authfail"),
    ("nobody counts", (PRE, UNIX, ACCOUNT), "deny = 5", "vulnerable", "preauth"),
    ("nobody refuses", (UNIX, FAIL, ACCOUNT), "deny = 5", "vulnerable", "authfail"),
    ("the count is never cleared", (PRE, UNIX, FAIL), "deny = 5", "vulnerable", "authfail"),
    ("authsucc refuses and clears", (UNIX, FAIL, SUCC), "deny = 5", "good", ""),
    ("tally2", ("auth required pam_tally2.so deny=5 unlock_time=120", UNIX), "", "good", "deny=5"),
    ("tally2 without deny never locks", ("auth required pam_tally2.so", UNIX), "", "vulnerable", "tally2"),
    ("tally after the password", (UNIX, "auth required pam_tally.so deny=5"), "", "vulnerable", ""),
    ("another configuration file", (f"{PRE} conf=/etc/my.conf", UNIX, FAIL, ACCOUNT), "deny = 5", "error", "/etc/my.conf"),
    ("the one that refuses decides, not the one that counts", (PRE, UNIX, f"{FAIL} deny=5", ACCOUNT), "deny = 100", "vulnerable", "deny = 100"),
    ("without preauth authsucc refuses", (UNIX, f"{FAIL} deny=50", f"{SUCC} deny=5"), "", "good", "deny=5"),
    ("a wrong password ends before it is counted", (PRE, UNIX, "auth requisite pam_deny.so", FAIL, ACCOUNT), "", "vulnerable", "authfail"),
    ("a pam_unix that ends the stack", (PRE, "auth requisite pam_unix.so", FAIL, ACCOUNT), "", "vulnerable", "pam_faillock"),
    ("RHEL's: a required pam_deny goes on", (PRE, UNIX, "auth required pam_deny.so", FAIL, ACCOUNT), "", "good", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "lines", "conf", "expected", "mention"), LOCKOUT, ids=[r[0] for r in LOCKOUT]
)
def test_lockout_needs_an_active_module_and_a_threshold(
    why: str, lines: tuple[str, ...], conf: str, expected: str, mention: str
) -> None:
    got = verdict("U-03", evidence(texts={
        "/etc/pam.d/sshd": "@include common-auth\n@include common-account",
        "/etc/pam.d/common-auth": "\n".join(line for line in lines if not line.startswith("account")),
        "/etc/pam.d/common-account": "\n".join(line for line in lines if line.startswith("account")),
        LOCK: conf,
    }))  # fmt: skip

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


LOCKED = {
    "/etc/pam.d/sshd": "@include common-auth\n@include common-account",
    "/etc/pam.d/common-auth": f"{PRE}\n{UNIX}\n{FAIL}", "/etc/pam.d/common-account": ACCOUNT,
}  # fmt: skip
SSHD_T = {"sshd -T": "usepam no\npasswordauthentication yes"}
PAST_PAM = [
    ("UsePAM yes", {"/etc/ssh/sshd_config": "UsePAM yes"}, {}, "good", ""),
    ("its default is no", {"/etc/ssh/sshd_config": "Port 22"}, {}, "vulnerable", "usepam unset"),
    ("no", {"/etc/ssh/sshd_config": "UsePAM no\nUsePAM yes"}, {}, "vulnerable", "sshd_config:1"),
    ("only keys let in", {"/etc/ssh/sshd_config": "UsePAM no\nPasswordAuthentication no"}, {}, "good", ""),
    ("keys but for some", {"/etc/ssh/sshd_config": "UsePAM no\nPasswordAuthentication no\nMatch Address 10.111.0.0/16\nPasswordAuthentication yes"}, {}, "vulnerable", "sshd_config:1"),
    ("as sshd says", {"/etc/ssh/sshd_config": "UsePAM yes"}, SSHD_T, "vulnerable", "sshd -T:1"),
    ("not installed", {}, {}, "good", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "texts", "commands", "expected", "mention"), PAST_PAM, ids=[r[0] for r in PAST_PAM]
)
def test_an_sshd_that_does_not_ask_pam_locks_nobody(
    why: str, texts: dict[str, str], commands: dict[str, str], expected: str, mention: str
) -> None:
    files = {"/usr/sbin/sshd": (0o755, 0)} if texts else {}
    got = verdict("U-03", evidence(
        texts={**LOCKED, **texts}, commands=commands, files=files, units={"ssh.service": "enabled active"}
    ))  # fmt: skip

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)
