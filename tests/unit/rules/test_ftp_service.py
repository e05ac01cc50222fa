"""U-53, U-54 and U-56 of 2026: FTP's greeting, its encryption, and who can reach it."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cce.verdict import Verdict
from evidence_samples import checks, evidence, said, verdict

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

CONF, PRO = "/etc/vsftpd.conf", "/etc/proftpd/proftpd.conf"
VSFTPD = {"vsftpd.service": "enabled active"}
PURE = {"pure-ftpd.service": "enabled active"}
INETD = {"/etc/inetd.conf": "ftp stream tcp nowait root /usr/sbin/tcpd /usr/sbin/in.ftpd"}
DEBIAN = {"os.id": "debian"}


def v(conf: str, **texts: str) -> Evidence:
    """A server with vsftpd; other texts by names with ``_`` for ``/``."""
    others = {f"/etc/{name.replace('_', '/')}": content for name, content in texts.items()}
    return evidence(units=VSFTPD, texts={CONF: conf, **others})


def p(conf: str, **texts: str) -> Evidence:
    """A server with proftpd; what it includes by name."""
    others = {f"/etc/proftpd/{name}.conf": content for name, content in texts.items()}
    return evidence(units={"proftpd.service": "enabled active"}, texts={PRO: conf, **others})


def pure(**values: str) -> Evidence:
    """Debian's pure-ftpd."""
    return evidence(units=PURE, texts={f"/etc/pure-ftpd/conf/{n}": value for n, value in values.items()})


def inetd(**wrappers: str) -> Evidence:
    """An ftpd behind tcpd, with hosts.allow and hosts.deny."""
    files = {f"/etc/hosts.{name}": content for name, content in wrappers.items()}
    return evidence(texts={**INETD, **files}, units={"openbsd-inetd.service": "enabled active"}, meta=DEBIAN)


INSTANCES = evidence(
    units={"vsftpd@b.service": "enabled active", "vsftpd@c.service": "disabled inactive"},
    texts={f"/etc/vsftpd/{name}.conf": "ssl_enable=NO" for name in ("b", "c", "vsftpd")},
)
GREETINGS = [
    ("vsftpd's default", v("listen=YES"), "vulnerable", "default: vsFTPd"),
    ("vsftpd, own", v("ftpd_banner=Authorized users only."), "good", f"{CONF}:1"),
    ("vsftpd, empty is its default", v("ftpd_banner="), "vulnerable", "unset"),
    ("vsftpd, the product", v("ftpd_banner=Welcome to vsFTPd"), "vulnerable", f"{CONF}:1"),
    ("vsftpd, a version", v("ftpd_banner=FTP version 3.0"), "vulnerable", ":1"),
    ("vsftpd, a file before the banner", v("ftpd_banner=x\nbanner_file=/etc/banner", banner="** vsftpd 3 **"), "vulnerable", ""),
    ("vsftpd, an empty file", v("ftpd_banner=vsftpd\nbanner_file=/etc/banner", banner=""), "vulnerable", f"{CONF}:1"),
    ("vsftpd, a file that is not there", v("banner_file=/etc/banner"), "error", "/etc/banner"),
    ("proftpd's default", p("ServerName x"), "vulnerable", "ProFTPD Server"),
    ("proftpd, on", p("ServerIdent on"), "vulnerable", ":1"),
    ("proftpd, off", p("ServerIdent off"), "good", ":1"),
    ("proftpd, own", p('ServerIdent on "Authorized users only"'), "good", ":1"),
    ("proftpd, the product", p('ServerIdent on "ProFTPD here"'), "vulnerable", ":1"),
    ("proftpd, the first counts", p('ServerIdent off\nServerIdent on "proftpd"'), "good", ":1"),
    ("proftpd, global", p("<Global>\nServerIdent off\n</Global>"), "good", ":2"),
    ("proftpd, own before global", p("<Global>\nServerIdent off\n</Global>\nServerIdent on"), "vulnerable", ":4"),
    ("proftpd, a virtual host has its own", p("ServerIdent off\n<VirtualHost 10.111.0.9>\nPort 2121\n</VirtualHost>"), "vulnerable", "VirtualHost"),
    ("proftpd, a host that is closed", p("ServerIdent off\n<VirtualHost 10.111.0.9>\nPort 0\n</VirtualHost>"), "good", ""),
    ("proftpd, included", p("Include /etc/proftpd/b.conf", b="ServerIdent off"), "good", "b.conf:1"),
    ("proftpd, a condition that does not hold", p("<IfDefine BANNER>\nServerIdent off\n</IfDefine>"), "vulnerable", "default"),
    ("proftpd, a condition that holds", p("Define BANNER\n<IfDefine BANNER>\nServerIdent off\n</IfDefine>"), "good", ":3"),
    ("proftpd, an Include that was not collected", p("Include /srv/x.conf"), "error", "/srv/x.conf"),
    ("proftpd, included by itself", p("Include /etc/proftpd/proftpd.conf"), "error", "by itself"),
    ("pure-ftpd's default", pure(NoAnonymous="yes"), "vulnerable", "FortunesFile unset"),
    ("pure-ftpd, own", evidence(units=PURE, texts={"/etc/pure-ftpd/conf/FortunesFile": "/etc/f", "/etc/f": "Authorized only"}), "good", "/etc/f:1"),
    ("pure-ftpd, a file that is not there", pure(FortunesFile="/etc/f"), "error", "/etc/f"),
    ("pure-ftpd, Debian reads no other file", evidence(units=PURE, texts={"/etc/pure-ftpd/conf/MinUID": "1", "/etc/pure-ftpd/pure-ftpd.conf": "FortunesFile /etc/f"}), "vulnerable", "unset"),
    ("another", inetd(), "error", "no file"),
    ("not in use", evidence(), "good", "not in use"),
    ("unread", evidence(units=VSFTPD, unread={("text", CONF): "denied"}), "error", "denied"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), GREETINGS, ids=[r[0] for r in GREETINGS])
def test_the_greeting_names_neither_product_nor_version(
    why: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict("U-53", server, "kisa-2026")

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


SSL = "anonymous_enable=NO\nlocal_enable=YES\nssl_enable=YES\n"
TLS = "LoadModule mod_tls.c\n<IfModule mod_tls.c>\nTLSEngine on\nTLSRequired {}\n</IfModule>"
ENCRYPTED = [
    ("vsftpd's default", v("local_enable=YES"), "vulnerable", "ssl_enable unset"),
    ("vsftpd forces it by default", v(SSL), "good", ":3"),
    ("vsftpd, logins in the clear too", v(f"{SSL}force_local_logins_ssl=NO"), "vulnerable", "force_local_logins_ssl"),
    ("vsftpd, implicit", v(f"{SSL}force_local_logins_ssl=NO\nimplicit_ssl=YES"), "good", ""),
    ("vsftpd, anonymous in the clear", v("local_enable=NO\nssl_enable=YES"), "vulnerable", "allow_anon_ssl unset"),
    ("vsftpd, anonymous forced", v("local_enable=NO\nssl_enable=YES\nallow_anon_ssl=YES\nforce_anon_logins_ssl=YES"), "good", ""),
    ("vsftpd, an instance that is on", INSTANCES, "vulnerable", "/etc/vsftpd/b.conf"),
    ("proftpd's default", p("ServerName x"), "vulnerable", "TLSEngine unset"),
    ("proftpd, required", p(TLS.format("on")), "good", "TLSRequired on"),
    ("proftpd, logins", p(TLS.format("auth")), "good", ""),
    ("proftpd, data alone", p(TLS.format("data")), "vulnerable", ""),
    ("proftpd, offered", p(TLS.format("off")), "vulnerable", "TLSRequired off"),
    ("proftpd, the module is not loaded", p(TLS.format("on").partition("\n")[2]), "vulnerable", "unset"),
    ("proftpd, without the module", p("<IfModule !mod_tls.c>\nPort 0\n</IfModule>"), "good", ""),
    ("proftpd, a virtual host without", p(f"{TLS.format('on')}\n<VirtualHost 10.111.0.9>\n</VirtualHost>"), "vulnerable", ":6 TLSEngine unset"),
    ("proftpd, SFTP alone", p("SFTPEngine on\nPort 2222"), "good", "no FTP server"),
    ("pure-ftpd's default", pure(MinUID="1000"), "vulnerable", "TLS unset"),
    ("pure-ftpd, offered", pure(TLS="1"), "vulnerable", "TLS:1"),
    ("pure-ftpd, required", pure(TLS="2"), "good", ""),
    ("another", inetd(), "vulnerable", "in.ftpd"),
    ("not in use", evidence(), "good", "not in use"),
    ("unread", evidence(units=PURE, unread={("dir", "/etc/pure-ftpd/conf"): "denied"}), "error", "denied"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), ENCRYPTED, ids=[r[0] for r in ENCRYPTED])
def test_who_does_not_speak_tls_is_refused(why: str, server: Evidence, expected: str, mention: str) -> None:
    got = verdict("U-54", server, "kisa-2026")

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        (pure(TLS="2"), "vulnerable"),
        (pure(TLS="3"), "good"),
        (p(TLS.format("auth")), "vulnerable"),
        (p(TLS.format("auth+data")), "good"),
        (v(f"{SSL}force_local_data_ssl=NO"), "vulnerable"),
        (v(SSL), "good"),
    ],
)
def test_a_tailoring_may_want_the_data_encrypted_too(server: Evidence, expected: str) -> None:
    assert [expected] == [c.verdict for c in checks("unix.ftp-encryption", server, data=True)]


def live(rules: str, command: str = "iptables -S", conf: str = "listen=YES") -> Evidence:
    """A server with vsftpd whose kernel has these rules and no others."""
    commands = {"iptables -S": "", "nft list ruleset": ""} | {command: rules}
    return evidence(units=VSFTPD, texts={CONF: conf}, commands=commands)


WRAPPED = {"allow": "vsftpd: 10.111.0.0/16", "deny": "ALL: ALL"}
NFT = "table inet f {\nchain in {\ntype filter hook input priority 0; policy drop;\n%s\n}\n}"
JUMP = "table ip f {\nchain in {\ntype filter hook input priority 0; policy accept;\ntcp dport 21 jump ftp\n}\nchain ftp {\n"
LIMIT = "<Limit LOGIN>\n%s\n</Limit>"


def wrapped(conf: str = "tcp_wrappers=YES", meta: dict[str, str] | None = None, **files: str) -> Evidence:
    """A server with vsftpd, hosts.allow and hosts.deny."""
    texts = {f"/etc/hosts.{name}": content for name, content in (files or WRAPPED).items()}
    return evidence(units=VSFTPD, texts={CONF: conf, **texts}, meta=meta or DEBIAN)


LIMITS = [
    ("nothing", v("listen=YES"), "vulnerable", "no limit"),
    ("wrappers", wrapped(), "good", "hosts.deny:1"),
    ("wrappers that vsftpd does not ask", wrapped("tcp_wrappers=NO"), "vulnerable", ""),
    ("wrappers that the build does not know", wrapped(meta={"os.id": "rhel", "os.version_id": "9.4"}), "vulnerable", ""),
    ("wrappers about another daemon", wrapped(allow="sshd: 10.111.0.0/16", deny="sshd: ALL"), "vulnerable", ""),
    ("wrappers that let all in", wrapped(allow="vsftpd: ALL", deny="ALL: ALL"), "vulnerable", ""),
    ("tcpd before inetd's ftpd", inetd(allow="in.ftpd: 10.111.0.0/16", deny="ALL: ALL"), "good", "in.ftpd"),
    ("tcpd that lets all in", inetd(), "vulnerable", ""),
    ("xinetd, only_from", evidence(units={"xinetd.service": "enabled active"}, texts={"/etc/xinetd.d/ftp": "service ftp\n{\n only_from = 10.111.0.0/16\n disable = no\n}"}), "good", "only_from"),
    ("xinetd, from everywhere", evidence(units={"xinetd.service": "enabled active"}, texts={"/etc/xinetd.d/ftp": "service ftp\n{\n only_from = 0.0.0.0/0\n disable = no\n}"}), "vulnerable", ""),
    ("proftpd, Order allow,deny", p(LIMIT % "Order allow,deny\nAllow from 10.111.0.\nDeny from all"), "good", "Limit LOGIN"),
    ("proftpd, Order deny,allow", p(LIMIT % "Order deny,allow\nAllow from 10.111.0.0/16"), "good", ""),
    ("proftpd, DenyAll with a class", p(LIMIT % "AllowClass internal\nDenyAll"), "good", ""),
    ("proftpd, DenyAll", p(LIMIT % "DenyAll"), "good", ""),
    ("proftpd, by user alone", p(LIMIT % "AllowUser minji\nDenyAll"), "vulnerable", ""),
    ("proftpd, some are refused", p(LIMIT % "Deny from 10.111.5."), "vulnerable", ""),
    ("proftpd, AllowAll", p(LIMIT % "AllowAll"), "vulnerable", ""),
    ("proftpd, Allow from all", p(LIMIT % "Order deny,allow\nAllow from all"), "vulnerable", ""),
    ("proftpd, mod_wrap2", p("LoadModule mod_wrap2.c\nWrapEngine on"), "error", "mod_wrap2"),
    ("proftpd, another command", p("<Limit WRITE>\nDenyAll\n</Limit>"), "vulnerable", ""),
    ("proftpd, anonymous let in", p(f"{LIMIT % 'DenyAll'}\n<Anonymous ~ftp>\n{LIMIT % 'AllowAll'}\n</Anonymous>"), "vulnerable", ""),
    ("iptables refuses the rest", live("-P INPUT DROP\n-A INPUT -s 10.111.0.0/16 -p tcp --dport 21 -j ACCEPT"), "good", "-s 10.111"),
    ("iptables lets all in", live("-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT"), "vulnerable", "--dport 21"),
    ("iptables lets another port in", live("-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"), "good", "refused"),
    ("iptables, ports", live("-P INPUT DROP\n-A INPUT -p tcp -m multiport --dports 20:22,80 -j ACCEPT"), "vulnerable", "20:22"),
    ("iptables, one rule for the port", live("-P INPUT ACCEPT\n-A INPUT -s 10.111.0.0/16 -p tcp -m tcp --dport 21 -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 21 -j DROP"), "good", "-s 10.111"),
    ("iptables, refused to some", live("-A INPUT -s 10.111.9.9/32 -p tcp -m tcp --dport 21 -j DROP"), "vulnerable", "refuses nothing"),
    ("iptables, what is invalid is refused", live("-A INPUT -m conntrack --ctstate INVALID -j DROP"), "vulnerable", ""),
    ("iptables, another port of the server", live("-P INPUT DROP\n-A INPUT -p tcp --dport 2121 -j ACCEPT", conf="listen_port=2121"), "vulnerable", "2121"),
    ("iptables, UDP", live("-P INPUT DROP\n-A INPUT -p udp -m udp --dport 21 -j ACCEPT"), "good", ""),
    ("nft", live(NFT % "ip saddr 10.111.0.0/16 tcp dport { 21, 22 } accept", "nft list ruleset"), "good", "saddr"),
    ("nft, open", live(NFT % "tcp dport { 21, 22 } accept", "nft list ruleset"), "vulnerable", "dport"),
    ("nft, everything", live(NFT % "accept", "nft list ruleset"), "vulnerable", "accept"),
    ("nft, but not this port", live(NFT % "tcp dport != 21 accept", "nft list ruleset"), "good", ""),
    ("nft, a chain for the port", live(f"{JUMP}ip saddr 10.111.0.0/16 accept\ndrop\n}}\n}}", "nft list ruleset"), "good", "saddr"),
    ("nft, a chain for the port that is open", live(f"{JUMP}accept\ndrop\n}}\n}}", "nft list ruleset"), "vulnerable", "accept"),
    ("nft, all but some are refused", live("table ip f {\nchain in {\ntype filter hook input priority 0; policy accept;\nip saddr != 10.111.0.0/16 tcp dport 21 drop\n}\n}", "nft list ruleset"), "good", ""),
    ("the rules were not read", evidence(units=VSFTPD, texts={CONF: ""}, unread={("command", "nft list ruleset"): "error"}), "error", "nft"),
    ("not in use", evidence(), "good", "not in use"),
    ("unread", evidence(units=VSFTPD, unread={("text", CONF): "denied"}), "error", "denied"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), LIMITS, ids=[r[0] for r in LIMITS])
def test_only_certain_hosts_reach_ftp(why: str, server: Evidence, expected: str, mention: str) -> None:
    got = verdict("U-56", server, "kisa-2026")

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


def test_a_firewall_whose_rules_were_not_listed_is_no_answer() -> None:
    ufw = {**VSFTPD, "ufw.service": "enabled active"}
    server = evidence(units=ufw, texts={CONF: "", "/etc/ufw/ufw.conf": "ENABLED=yes"})

    assert Verdict.ERROR is verdict("U-56", server, "kisa-2026").verdict


def test_what_ftp_leaves_open_is_as_the_policy_says_where_it_is_not_in_use() -> None:
    for name in ("ftp-greeting", "ftp-encryption", "ftp-access-limits", "ftp-banner"):
        assert ["not_applicable"] == [
            c.verdict for c in checks(f"unix.{name}", evidence(), unused="not_applicable")
        ]


def test_the_list_of_refused_users_is_nobody_elses() -> None:
    server = evidence(units=VSFTPD, texts={CONF: ""}, files={"/etc/ftpusers": (0o644, 0)})

    for item in ("U-56", "U-57"):
        assert Verdict.VULNERABLE is verdict(item, server, "kisa-2026").verdict
