"""U-01 and U-45: who can become root from outside, and by su."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cce.evidence.model import Unread
from cce.evidence.views import sshd
from evidence_samples import checks, evidence, said, verdict

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

SSHD = {"/usr/sbin/sshd": (0o755, 0)}
ON = {"ssh.service": "enabled active"}
CONFIG, DROPINS = "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d"
INCLUDE = f"Include {DROPINS}/*.conf\n"


def ssh(config: str = "", live: str = "", **more: object) -> Evidence:
    """A server with sshd on; its drop-ins as ``d10="…"``."""
    dropins = {
        f"{DROPINS}/{k[1:]}.conf": v for k, v in more.items() if k.startswith("d") and isinstance(v, str)
    }
    commands = {"sshd -T": live} if live else {}
    return evidence(files=SSHD, units=ON, texts={CONFIG: config, **dropins}, commands=commands)


ROOT_LOGIN = [
    ("no", ssh("PermitRootLogin no"), "good", f"{CONFIG}:1"),
    ("another case, with = and quotes", ssh('permitrootlogin="no"'), "good", ""),
    ("what sshd -T says wins over the text", ssh("PermitRootLogin yes", live="permitrootlogin no"), "good", "sshd -T"),
    ("sshd -T says yes", ssh("PermitRootLogin no", live="port 22\npermitrootlogin yes"), "vulnerable", "sshd -T"),
    ("unset is prohibit-password", ssh("#PermitRootLogin no"), "vulnerable", "permitrootlogin unset"),
    ("prohibit-password", ssh("PermitRootLogin prohibit-password"), "vulnerable", ":1"),
    ("the first value wins", ssh("PermitRootLogin no\nPermitRootLogin yes"), "good", ":1"),
    ("a drop-in is read first", ssh(f"{INCLUDE}PermitRootLogin no", d10="PermitRootLogin yes"), "vulnerable", "10.conf:1"),
    ("a later include does not count", ssh(f"PermitRootLogin no\n{INCLUDE}", d10="PermitRootLogin yes"), "good", f"{CONFIG}:1"),
    ("drop-ins in glob order", ssh(INCLUDE, d20="PermitRootLogin yes", d10="PermitRootLogin no"), "good", "10.conf"),
    ("a drop-in that is not included", ssh("", d10="PermitRootLogin no"), "vulnerable", "unset"),
    ("Match all overrides", ssh("PermitRootLogin no\nMatch all\nPermitRootLogin yes"), "vulnerable", "(Match all)"),
    ("Match all no", ssh("PermitRootLogin yes\nMatch all\nPermitRootLogin no"), "good", "(Match all)"),
    ("from some addresses", ssh("PermitRootLogin no\nMatch Address 10.111.0.0/16\n PermitRootLogin yes"), "vulnerable", "Match Address"),
    ("Match beside a good sshd -T", ssh("PermitRootLogin no\nMatch Host *.example\nPermitRootLogin yes", live="permitrootlogin no"), "vulnerable", "Match Host"),
    ("a Match for somebody else", ssh("PermitRootLogin no\nMatch User minji\nPermitRootLogin yes"), "good", ""),
    ("a Match for everybody but root", ssh("PermitRootLogin no\nMatch User *,!root\nPermitRootLogin yes"), "good", ""),
    ("an include below Match", ssh(f"PermitRootLogin no\nMatch User root\n{INCLUDE}", d10="PermitRootLogin yes"), "vulnerable", "10.conf"),
    ("not installed", evidence(), "good", "absent"),
    ("installed but not in use", evidence(files=SSHD, units={"ssh.service": "disabled inactive"}), "good", "not in use"),
    ("masked but still running", evidence(files=SSHD, units={"ssh.service": "masked active"}), "vulnerable", "unset"),
    ("started by its socket", evidence(files=SSHD, units={"ssh.service": "disabled inactive", "ssh.socket": "enabled active"}), "vulnerable", "unset"),
    ("disabled but listening", evidence(files=SSHD, units={"ssh.service": "disabled inactive"}, commands={"ss -lntu": "tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*"}), "vulnerable", ""),
    ("installed, no unit: something else may start it", evidence(files=SSHD), "vulnerable", "unset"),
    ("the configuration was denied", evidence(files=SSHD, units=ON, unread={("text", CONFIG): "denied"}), "error", "denied"),
    ("an included file was cut", evidence(files=SSHD, units=ON, texts={CONFIG: f"{INCLUDE}PermitRootLogin no"}, unread={("text", f"{DROPINS}/9.conf"): "cut"}), "error", "9.conf"),
    ("includes in a circle", ssh(f"Include {CONFIG}\nPermitRootLogin no"), "error", "too deep"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), ROOT_LOGIN, ids=[r[0] for r in ROOT_LOGIN])
def test_root_login_over_ssh_is_judged_by_the_effective_value(
    why: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict("U-01", server)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


def test_prohibit_password_is_a_policy_switch() -> None:
    by_file = ssh("PermitRootLogin prohibit-password")
    by_sshd = ssh(live="permitrootlogin without-password")
    accepted = ("no", "prohibit-password")

    got = [checks("unix.root-remote-login", server, accepted=accepted) for server in (by_file, by_sshd)]

    assert [["good", "good"]] * 2 == [[check.verdict for check in each] for each in got]


XINETD = "service telnet\n{\n disable = no\n}"
LOGIN = {"/etc/pam.d/login": "auth required pam_securetty.so", "/etc/securetty": "tty1"}
TELNET = [
    ("xinetd on", {"/etc/xinetd.d/telnet": XINETD}, {"xinetd.service": "enabled active"}, "vulnerable", "/etc/xinetd.d/telnet:3"),
    ("no disable line means on", {"/etc/xinetd.d/t": "service telnet\n{\n}"}, {"xinetd.service": "enabled active"}, "vulnerable", "t:1"),
    ("disabled", {"/etc/xinetd.d/telnet": XINETD.replace("no", "yes")}, {"xinetd.service": "enabled active"}, "good", ""),
    ("xinetd is not started", {"/etc/xinetd.d/telnet": XINETD}, {"xinetd.service": "disabled inactive"}, "good", ""),
    ("root is kept out", {"/etc/xinetd.d/telnet": XINETD, **LOGIN}, {"xinetd.service": "enabled active"}, "good", ""),
    ("a pts line", {"/etc/xinetd.d/telnet": XINETD, **LOGIN, "/etc/securetty": "pts/0"}, {"xinetd.service": "enabled active"}, "vulnerable", "pts/0"),
    ("inetd", {"/etc/inetd.conf": "telnet stream tcp nowait root /usr/sbin/telnetd"}, {"openbsd-inetd.service": "enabled active"}, "vulnerable", "/etc/inetd.conf:1"),
    ("commented in inetd.conf", {"/etc/inetd.conf": "#telnet stream tcp nowait root x"}, {"inetd.service": "enabled active"}, "good", ""),
    ("socket unit", {}, {"telnet.socket": "enabled active"}, "vulnerable", "unit telnet.socket"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "texts", "units", "expected", "mention"), TELNET, ids=[r[0] for r in TELNET])
def test_telnet_is_judged_only_where_it_is_in_use(
    why: str, texts: dict[str, str], units: dict[str, str], expected: str, mention: str
) -> None:
    got = verdict("U-01", evidence(texts=texts, units=units))

    assert expected == got.verdict, why
    assert mention in said(got)


def test_an_open_telnet_is_found_although_the_sshd_configuration_was_not_read() -> None:
    got = verdict("U-01", evidence(
        files=SSHD, units={**ON, "telnet.socket": "enabled active"}, unread={("text", CONFIG): "denied"}
    ))  # fmt: skip

    assert "vulnerable" == got.verdict
    assert ["error", "vulnerable"] == [check.verdict for check in got.checks]


@pytest.mark.parametrize("line", ["Include /etc/ssh/a{}", "Include /etc/ssh/a{}* /etc/ssh/none*"])
def test_files_of_sshd_that_include_each_other_again_and_again_are_bounded(line: str) -> None:
    files = {f"/etc/ssh/a{n}": f"{line.format(n + 1)}\n" * 9 for n in range(9)}

    with pytest.raises(Unread, match="too many included files"):
        sshd.directives(evidence(texts={CONFIG: "Include a0", **files}), "Banner")


SU = {"/usr/bin/su": (0o4755, 0)}
PEOPLE = "root:0:/root:/bin/bash minji:1000:/home/minji:/bin/bash"
WHEEL = "auth sufficient pam_rootok.so\nauth required pam_wheel.so use_uid\nauth required pam_unix.so"
SU_CASES = [
    ("pam_wheel", {"/etc/pam.d/su": WHEEL}, "good", "/etc/pam.d/su:2"),
    ("commented", {"/etc/pam.d/su": "# auth required pam_wheel.so\nauth required pam_unix.so"}, "vulnerable", "0 active"),
    ("sufficient restricts nobody", {"/etc/pam.d/su": WHEEL.replace("required pam_wheel.so", "sufficient pam_wheel.so trust")}, "vulnerable", "trust"),
    ("after the password, too late", {"/etc/pam.d/su": "auth sufficient pam_unix.so\nauth required pam_wheel.so"}, "vulnerable", "pam_wheel"),
    ("deny names who may not, all others may", {"/etc/pam.d/su": WHEEL.replace("use_uid", "deny group=nosu")}, "vulnerable", "deny"),
    ("su - goes by its own file", {"/etc/pam.d/su": WHEEL, "/etc/pam.d/su-l": "auth required pam_unix.so"}, "vulnerable", "su-l"),
    ("su-l includes su", {"/etc/pam.d/su": WHEEL, "/etc/pam.d/su-l": "auth include su"}, "good", ""),
    ("no pam file", {}, "vulnerable", "absent"),
    ("pam_succeed_if for a group", {"/etc/pam.d/su": WHEEL.replace("pam_wheel.so use_uid", "pam_succeed_if.so quiet use_uid user ingroup wheel")}, "good", "ingroup"),
    ("pam_succeed_if that asks about the target", {"/etc/pam.d/su": WHEEL.replace("pam_wheel.so use_uid", "pam_succeed_if.so user ingroup wheel")}, "vulnerable", "0 active"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "texts", "expected", "mention"), SU_CASES, ids=[r[0] for r in SU_CASES])
def test_su_is_limited_only_by_an_active_required_pam_wheel(
    why: str, texts: dict[str, str], expected: str, mention: str
) -> None:
    got = verdict("U-45", evidence(files=SU, texts=texts, passwd=PEOPLE, group="root:0: wheel:10:minji"))

    assert expected == got.verdict, why
    assert mention in said(got)


def test_su_may_be_limited_by_its_mode_and_without_people_there_is_nothing_to_limit() -> None:
    by_mode = evidence(files={"/usr/bin/su": (0o4750, 0)}, passwd=PEOPLE)
    readable = evidence(files={"/usr/bin/su": (0o4754, 0)}, passwd=PEOPLE)
    nobody = evidence(files=SU, passwd="root:0:/root:/bin/bash app:900:/srv:/usr/sbin/nologin")
    denied = evidence(files=SU, passwd=PEOPLE, unread={("text", "/etc/pam.d/su"): "denied"})

    verdicts = [verdict("U-45", e).verdict for e in (by_mode, readable, nobody, denied)]
    assert ["good", "good", "good", "error"] == verdicts


def test_another_program_on_the_port_of_ssh_is_not_taken_for_none() -> None:
    dropbear = {"ss -lntu": "tcp LISTEN 0 1000 0.0.0.0:22 0.0.0.0:*"}

    assert "error" == verdict("U-01", evidence(commands=dropbear)).verdict
