"""U-68 of 2021 and U-62 of 2026: who logs in is warned."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cce.evidence.views import banners
from cce.verdict import Verdict
from evidence_samples import checks, evidence, said, verdict
from mail_samples import CF, EXIM, EXIM_CONF, MAIN, MASTER, POSTFIX, SENDMAIL, SMTP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cce.evidence.model import Evidence

DEFAULTS = [
    r"Debian GNU/Linux 12 \n \l",
    "Debian GNU/Linux 12",
    "The programs included with the Debian GNU/Linux system are free software;",
    "the exact distribution terms for each program are described in the",
    "individual files in /usr/share/doc/*/copyright.",
    "Ubuntu comes with ABSOLUTELY NO WARRANTY, to the extent permitted by",
    "permitted by applicable law.",
    "Linux web01 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 (2024-02-01) x86_64",
    r"Ubuntu 22.04.4 LTS \n \l",
    r"\S",
    r"Kernel \r on an \m (\l)",
    "CentOS Linux release 7.9.2009 (Core)",
    "Red Hat Enterprise Linux Server release 7.9 (Maipo)",
    r"Welcome to SUSE Linux Enterprise Server 15 SP5  (x86_64) - Kernel \r (\l).",
    r"eth0: \4{eth0} \6{eth0}",
    "Activate the web console with: systemctl enable --now cockpit.socket",
    r"   ~\_  ####_        Amazon Linux 2023",
    "  ~~       \\#/ ___   https://aws.amazon.com/linux/amazon-linux-2023",
    "   ~~       V~' '->",
    "web01",
    "Welcome to blah FTP service.",
    "**********",
    "<redacted>",
    "",
]
OWN = [
    "Debian GNU/Linux 12 - Authorized users only",
    "경고: 인가된 사용자만 접속할 수 있습니다.",
    "# WARNING #",
    "All activity is logged.",
]


@pytest.mark.parametrize("line", DEFAULTS)
def test_what_a_distribution_brings_is_no_message(line: str) -> None:
    assert not banners.own(line)


@pytest.mark.parametrize("line", OWN)
def test_what_an_organisation_says_is_a_message(line: str) -> None:
    assert banners.own(line)


SSH = {"ssh.service": "enabled active"}
CONF = "/etc/ssh/sshd_config"
OURS = "Authorized users only"
GOOD = {"/etc/issue": OURS}


def host(
    texts: Mapping[str, str] | None = None, units: Mapping[str, str] | None = None, **meta: str
) -> Evidence:
    """A server; ``os`` is its distribution."""
    return evidence(texts=texts, units=units, meta={f"{k}.id": value for k, value in meta.items()})


def ssh(conf: str, **texts: str) -> Evidence:
    """A server with a message of its own and SSH."""
    named = {f"/etc/{name}": text for name, text in texts.items()}
    return host({**GOOD, CONF: conf, **named}, SSH)


def sshd_says(line: str) -> Evidence:
    """A server whose sshd -T says something else than its file."""
    return evidence(
        texts={**GOOD, CONF: "Banner none", "/etc/b": OURS}, units=SSH, commands={"sshd -T": line}
    )


def mailing(units: Mapping[str, str], texts: Mapping[str, str]) -> Evidence:
    """A server with a message of its own and a mail server."""
    return host({**GOOD, **texts}, units)


def postfix(main: str, master: str = SMTP) -> Evidence:
    return mailing(POSTFIX, {MAIN: main, MASTER: master})


CONF_DNS = "/etc/bind/named.conf"
NAMED = {"named.service": "enabled active"}


def bind(conf: str) -> Evidence:
    """A server with a message of its own and named."""
    return host({**GOOD, CONF_DNS: conf}, NAMED)


TELNET = {"telnet.socket": "enabled active"}
CASES = [
    ("nothing", host(), "vulnerable", "absent"),
    ("issue is the distribution's", host({"/etc/issue": r"Debian GNU/Linux 12 \n \l"}), "vulnerable", "distribution's"),
    ("issue", host(GOOD), "good", "/etc/issue:1"),
    ("a drop-in of issue", host({"/etc/issue.d/a.issue": OURS}), "good", "a.issue:1"),
    ("a file there that getty ignores", host({"/etc/issue.d/a.txt": OURS}), "vulnerable", ""),
    ("motd", host({"/etc/motd": "\n경고 무단 접속 금지"}), "good", "/etc/motd:2"),
    ("an empty motd", host({"/etc/motd": ""}), "vulnerable", "empty"),
    ("a drop-in of motd", host({"/etc/motd.d/a": OURS}), "good", "motd.d/a:1"),
    ("a generated motd that warns", host({"/run/motd.dynamic": "System load: 0.1\nUnauthorized use is prohibited"}), "good", "dynamic:2"),
    ("a generated motd", host({"/run/motd.dynamic": "System load: 0.1"}), "vulnerable", ""),
    ("Amazon Linux generates /etc/motd", host({"/etc/motd": "A newer release is available."}, os="amzn"), "vulnerable", ""),
    ("Amazon Linux, a warning in it", host({"/etc/motd": "접근 금지"}, os="amzn"), "good", ""),
    ("SSH without a banner", ssh("Port 22"), "vulnerable", "Banner unset"),
    ("SSH, none", ssh("Banner none"), "vulnerable", "Banner none"),
    ("SSH", ssh("Banner /etc/b", b=OURS), "good", "/etc/b:1"),
    ("SSH, the distribution's text", ssh("Banner /etc/b", b="Debian GNU/Linux 12"), "vulnerable", "/etc/b"),
    ("SSH, a file that is not there", ssh("Banner /etc/b"), "vulnerable", "/etc/b absent"),
    ("SSH, the first counts", ssh("Banner none\nBanner /etc/b", b=OURS), "vulnerable", ""),
    ("SSH, for some users alone", ssh("Match User minji\nBanner /etc/b", b=OURS), "vulnerable", "Banner unset"),
    ("SSH, what it says itself counts", sshd_says("banner /etc/b"), "good", ""),
    ("SSH, a file that was not collected", evidence(texts={**GOOD, CONF: "Banner /etc/b"}, units=SSH, unread={("text", "/etc/b"): "not collected"}), "error", "/etc/b"),
    ("SSH not in use", host({**GOOD, CONF: "Banner none"}, {"ssh.service": "disabled inactive"}), "good", ""),
    ("telnet without", host({**GOOD, "/etc/issue.net": "Debian GNU/Linux 12"}, TELNET), "vulnerable", "issue.net"),
    ("telnet", host({**GOOD, "/etc/issue.net": OURS}, TELNET), "good", "issue.net:1"),
    ("vsftpd without", host({**GOOD, "/etc/vsftpd.conf": "listen=YES"}, {"vsftpd.service": "enabled active"}), "vulnerable", "vsftpd.conf"),
    ("vsftpd", host({**GOOD, "/etc/vsftpd.conf": f"ftpd_banner={OURS}"}, {"vsftpd.service": "enabled active"}), "good", "vsftpd.conf:1"),
    ("vsftpd, the sample's text", host({**GOOD, "/etc/vsftpd.conf": "ftpd_banner=Welcome to blah FTP service."}, {"vsftpd.service": "enabled active"}), "vulnerable", ""),
    ("proftpd without", host({**GOOD, "/etc/proftpd.conf": "DisplayLogin welcome.msg"}, {"proftpd.service": "enabled active"}), "vulnerable", "no DisplayConnect"),
    ("proftpd, a file", host({**GOOD, "/etc/proftpd.conf": "DisplayConnect /etc/b", "/etc/b": OURS}, {"proftpd.service": "enabled active"}), "good", "/etc/b:1"),
    ("proftpd, the greeting", host({**GOOD, "/etc/proftpd.conf": f'ServerIdent on "{OURS}"'}, {"proftpd.service": "enabled active"}), "good", ""),
    ("pure-ftpd without", host({**GOOD, "/etc/pure-ftpd/conf/MinUID": "1"}, {"pure-ftpd.service": "enabled active"}), "vulnerable", "FortunesFile"),
    ("another", evidence(texts={**GOOD, "/etc/ftpwelcome": OURS}, commands={"ss -lntu": "tcp LISTEN 0 5 *:21 *:*"}), "good", "ftpwelcome:1"),
    ("another without", evidence(texts=GOOD, commands={"ss -lntu": "tcp LISTEN 0 5 *:21 *:*"}), "vulnerable", "ftpwelcome"),
    ("postfix, its default", postfix(""), "vulnerable", "smtpd_banner unset (default: $myhostname ESMTP $mail_name)"),
    ("postfix, Debian's", postfix("smtpd_banner = $myhostname ESMTP $mail_name (Debian/GNU)"), "vulnerable", f"{MAIN}:1"),
    ("postfix, no product", postfix("smtpd_banner = $myhostname ESMTP"), "vulnerable", ""),
    ("postfix, a literal host", postfix("smtpd_banner = mail.shop.example ESMTP ready"), "vulnerable", ""),
    ("postfix", postfix(f"smtpd_banner = $myhostname ESMTP {OURS}"), "good", f"{MAIN}:1"),
    ("postfix, Korean", postfix("smtpd_banner = $myhostname 무단 접속 금지"), "good", ""),
    ("postfix, by a parameter", postfix(f"smtpd_banner = $myhostname $words\nwords = {OURS}"), "good", ""),
    ("postfix, a name of the host is no message", postfix("myhostname = shop\nmail_name = Shop\ngreet = $myhostname $mail_name\nsmtpd_banner = ${greet} ESMTP"), "vulnerable", ""),
    ("postfix, the last counts", postfix(f"smtpd_banner = {OURS}\nsmtpd_banner = $myhostname"), "vulnerable", f"{MAIN}:2"),
    ("postfix, another for one server", postfix(f"smtpd_banner = {OURS}", f"{SMTP}\n{SMTP.replace('smtp', 'submission', 1)} -o smtpd_banner=$myhostname"), "vulnerable", f"{MASTER}:2"),
    ("postfix, set for its one server", postfix("", f"{SMTP} -o {{ smtpd_banner = $myhostname {OURS} }}"), "good", f"{MASTER}:1"),
    ("postfix, an expression", postfix("smtpd_banner = ${words?Authorized}"), "error", f"{MAIN}:1"),
    ("postfix, not shown as a whole", postfix("smtpd_banner = password <redacted>"), "error", f"{MAIN}:1"),
    ("postfix, no smtpd", postfix("", "pickup unix n - y 60 1 pickup"), "good", ""),
    ("postfix, denied", evidence(texts=GOOD, units=POSTFIX, unread={("text", MAIN): "denied"}), "error", MAIN),
    ("sendmail, its default", mailing(SENDMAIL, {CF: "O PrivacyOptions=goaway"}), "vulnerable", f"{CF} SmtpGreetingMessage unset"),
    ("sendmail, as shipped", mailing(SENDMAIL, {CF: "O SmtpGreetingMessage=$j Sendmail $v/$Z; $b"}), "vulnerable", f"{CF}:1"),
    ("sendmail, as Debian ships it", mailing(SENDMAIL, {CF: "O SmtpGreetingMessage=$j Sendmail $v/$Z; $b; (No UCE/UBE) $?{client_addr}logging access from: ${client_name}(${client_resolve})-$_$."}), "vulnerable", f"{CF}:1"),
    ("sendmail, a short word", mailing(SENDMAIL, {CF: "O SmtpGreetingMessage=$j no access"}), "good", f"{CF}:1"),
    ("sendmail", mailing(SENDMAIL, {CF: f"O smtpgreetingmessage=$j {OURS}; $b"}), "good", f"{CF}:1"),
    ("sendmail, the last counts", mailing(SENDMAIL, {CF: f"O SmtpGreetingMessage={OURS}\nO SmtpGreetingMessage=$j"}), "vulnerable", f"{CF}:2"),
    ("sendmail, shortened", mailing(SENDMAIL, {CF: "O SmtpGreetingMessage=$j <shortened>"}), "error", f"{CF}:1"),
    ("sendmail without its file", mailing(SENDMAIL, {}), "error", CF),
    ("exim, its default", mailing(EXIM, {EXIM_CONF: ""}), "vulnerable", "smtp_banner unset (default $smtp_active_hostname"),
    ("exim, no version", mailing(EXIM, {EXIM_CONF: "smtp_banner = $primary_hostname ESMTP ${tod_full}"}), "vulnerable", f"{EXIM_CONF}:1"),
    ("exim", mailing(EXIM, {EXIM_CONF: f'smtp_banner = "$smtp_active_hostname ESMTP {OURS}"'}), "good", f"{EXIM_CONF}:1"),
    ("exim, an expression", mailing(EXIM, {EXIM_CONF: "smtp_banner = ${lookup{x}lsearch{/etc/authorized}{$value}}"}), "error", f"{EXIM_CONF}:1"),
    ("exim, an expression beside a message", mailing(EXIM, {EXIM_CONF: f"smtp_banner = {OURS} ${{if eq{{a}}{{b}}{{c}}}}"}), "good", ""),
    ("another mail server", evidence(texts=GOOD, units={"opensmtpd.service": "enabled active"}), "error", "opensmtpd"),
    ("named, its default", bind("options { };"), "vulnerable", "version unset"),
    ("named", bind(f'options {{ version "{OURS}"; }};'), "good", f"{CONF_DNS}:1 version {OURS}"),
    ("named, any text", bind('options { version "unknown"; };'), "good", ""),
    ("named, no answer", bind("options { version none; };"), "good", "version none"),
    ("named, an empty one", bind('options { version ""; };'), "good", ""),
    ("named, a version", bind('options { version "9.18.49-1~deb12u1-Debian"; };'), "vulnerable", "9.18.49"),
    ("named, RHEL's", bind('options { version "9.11.4-P2-RedHat-9.11.4-26.P2.el7"; };'), "vulnerable", ""),
    ("named, the product", bind('options { version "ISC BIND 9"; };'), "vulnerable", ""),
    ("named, outside of options", bind('zone "a.example" { type primary; version "x y"; };'), "vulnerable", "unset"),
    ("named, a zone answers", bind('view "c" { zone "version.bind" { type primary; }; };'), "error", "version.bind"),
    ("named, shortened", bind('options { version "<shortened>"; };'), "error", CONF_DNS),
    ("named, denied", evidence(texts=GOOD, units=NAMED, unread={("text", CONF_DNS): "denied"}), "error", CONF_DNS),
    ("another DNS server", evidence(texts=GOOD, commands={"ss -lntu": "udp UNCONN 0 0 0.0.0.0:53 0.0.0.0:*"}), "error", "port 53"),
    ("unread", evidence(texts={"/etc/issue": OURS}, unread={("text", "/etc/motd"): "special"}), "error", "/etc/motd"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), CASES, ids=[r[0] for r in CASES])
@pytest.mark.parametrize(("item", "benchmark"), [("U-68", "kisa-2021"), ("U-62", "kisa-2026")])
def test_whoever_logs_in_is_warned(  # noqa: PLR0913, PLR0917 - a row of the table, in both editions
    item: str, benchmark: str, why: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict(item, server, benchmark)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in "\n".join([said(got), *(f"{f.source} {f.value}" for c in got.checks for f in c.facts)])


def test_a_tailoring_may_let_the_message_of_the_day_be_enough_for_ssh() -> None:
    server = host({"/etc/motd": OURS, CONF: "Port 22"}, SSH)

    assert Verdict.VULNERABLE is verdict("U-62", server, "kisa-2026").verdict
    assert {Verdict.GOOD} == {c.verdict for c in checks("unix.login-banner", server, motd_for_ssh=True)}


def test_services_that_are_not_in_use_are_as_the_policy_says() -> None:
    got = checks("unix.login-banner", host(GOOD), unused="not_applicable")

    assert ["good", "not_applicable", "not_applicable"] == [c.verdict for c in got]
    for rule_id in ("unix.smtp-banner", "unix.dns-banner"):
        assert ["not_applicable"] == [c.verdict for c in checks(rule_id, host(GOOD), unused="not_applicable")]


def test_each_server_of_postfix_is_judged() -> None:
    server = postfix("smtpd_banner = $myhostname", f"{SMTP} -o smtpd_banner=Authorized\n{SMTP}")

    assert ["good", "vulnerable"] == [c.verdict for c in checks("unix.smtp-banner", server)]


@pytest.mark.parametrize(
    "text", ["$" * 4000, "${" * 2000, "a." * 2000 + "_", "${a" * 1300 + "{", "1.1" * 1300]
)
def test_a_hostile_greeting_says_nothing_or_something(text: str) -> None:
    assert banners.own_greeting(text) in {True, False}
    assert banners.own_version(text) in {True, False}
    assert banners.computed(text) in {True, False}
