"""What the probe prints of mail servers' configurations, and what it keeps to itself; under each shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hostile_root import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hostile_root import Printed

MAIN = """\
# mynetworks = 192.0.2.0/24
smtp_sasl_password_maps = static:bob:SaslPassword
mynetworks = 198.51.100.0/24
mynetworks = $nets,
# a comment in between
\t[::1]/128, hash:/etc/postfix/table, hash:/etc/shadow
nets = 10.111.0.0/16
smtpd_relay_restrictions =
  mine
mine = reject_unauth_destination
unrelated = OfNoRule
users = OfNoRule
smtpd_banner = $myhostname ESMTP ${words} for users
words = Authorized
disable_vrfy_command=yes
"""
MASTER = """\
#smtp inet n - y - - smtpd
smtp      inet  n       -       y       -       1       postscreen
smtpd     pass  -       -       y       -       -       smtpd
  -o disable_vrfy_command=no
# a comment in between
  -o { smtpd_relay_restrictions = permit }
maildrop  unix  -       n       n       -       -       pipe
  flags=DRhu user=vmail argv=/usr/bin/maildrop -w PipePassword
"""
CF = """\
#O PrivacyOptions=noexpn,
\tnovrfy
O PrivacyOptions=authwarnings,
\trestrictqrun
O DaemonPortOptions=Port=smtp
OPpostmaster
O SmtpGreetingMessage=$j Authorized
Kaccess hash /etc/mail/access
C{ResOk}OKR
FR-o /etc/mail/relay-domains
Strust_auth
R$*\t$#error $: "of another ruleset"
SBasic_check_rcpt
R$*\t$#error $: "550 Relaying denied"
"""
ACCESS = """\
# com RELAY
AuthInfo:mail.example "U:root" "P:AuthInfoPassword RELAY"
Connect:10.111\tRELAY
spam.example REJECT
"""
EXIM = """\
PASSWORD = EximPassword
NETS = 10.111.0.0/16
.ifndef NETS
NETS == *
.else
.ifdef ABSENT
hostlist one = a
.elifdef NETS
hostlist relay_from_hosts = \\
  # a comment in between
  NETS : \\
  127.0.0.1
.else
hostlist two = b
.endif
.endif
ACL = acl_check_rcpt
smtp_banner = $primary_hostname NETS
hide mysql_servers = localhost/db/user/PASSWORD
acl_smtp_rcpt = ACL
begin acl
acl_other:
  accept
acl_check_rcpt:
  deny    message = MessageOfNoRule
          hosts   = !+relay_from_hosts
  .ifdef ABSENT
  accept
  .endif
begin routers
dnslookup:
  accept
"""


@pytest.mark.parametrize("shell", ["dash", "bash", "busybox sh"])
def test_of_mail_servers_only_what_rules_read_is_printed(
    shell: str, probe: Callable[..., Printed], tmp_path: Path
) -> None:
    write(tmp_path / "etc/postfix/main.cf", MAIN)
    write(tmp_path / "etc/postfix/master.cf", MASTER)
    write(tmp_path / "etc/postfix/table", "10.111.0.0/16 OK\nnet OK\n!192.0.2.7\n")
    write(tmp_path / "etc/shadow", "root:$6$salt$HashOfRoot:1::::::\n")
    write(tmp_path / "etc/mail/sendmail.cf", CF)
    write(tmp_path / "etc/mail/access", ACCESS)
    write(tmp_path / "etc/mail/relay-domains", "# com\nshop.example\n")
    write(tmp_path / "etc/exim/exim.conf", EXIM)
    write(tmp_path / "etc/exim4/update-exim4.conf.conf", "dc_relay_nets=''\ndc_smarthost='OfNoRule'\n")

    got = probe(tmp_path, shell=shell)

    def lines(path: str) -> list[tuple[int, str]]:
        return [(line.number, line.text) for line in got.evidence.lines(path) or ()]

    assert {
        (4, "mynetworks = $nets, [::1]/128, hash:/etc/postfix/table, hash:/etc/shadow"),
        (7, "nets = 10.111.0.0/16"),
        (8, "smtpd_relay_restrictions = mine"),
        (10, "mine = reject_unauth_destination"),
        (13, "smtpd_banner = $myhostname ESMTP ${words} for users"),
        (14, "words = Authorized"),
        (15, "disable_vrfy_command=yes"),
    } == set(lines("/etc/postfix/main.cf"))
    assert [(1, "10.111.0.0/16"), (3, "!192.0.2.7")] == lines("/etc/postfix/table")
    assert [] == lines("/etc/shadow")
    assert [3] == [number for number, _ in lines("/etc/postfix/master.cf")]
    assert lines("/etc/postfix/master.cf")[0][1].endswith(
        "smtpd -o disable_vrfy_command=no -o { smtpd_relay_restrictions = permit }"
    )
    assert [
        (3, "O PrivacyOptions=authwarnings, restrictqrun"),
        (5, "O DaemonPortOptions=Port=smtp"),
        (7, "O SmtpGreetingMessage=$j Authorized"),
        (8, "Kaccess hash /etc/mail/access"),
        (10, "FR-o /etc/mail/relay-domains"),
        (14, 'R$*\t$#error $: "550 Relaying denied"'),
    ] == lines("/etc/mail/sendmail.cf")
    assert [(3, "Connect:10.111\tRELAY")] == lines("/etc/mail/access")
    assert [(2, "shop.example")] == lines("/etc/mail/relay-domains")
    assert [
        (9, "hostlist relay_from_hosts = 10.111.0.0/16 : 127.0.0.1"),
        (18, "smtp_banner = $primary_hostname 10.111.0.0/16"),
        (20, "acl_smtp_rcpt = acl_check_rcpt"),
        (24, "acl acl_check_rcpt"),
        (25, "deny"),
        (26, "hosts   = !+relay_from_hosts"),
    ] == lines("/etc/exim/exim.conf")
    assert [(1, "dc_relay_nets=''")] == lines("/etc/exim4/update-exim4.conf.conf")
    for secret in (b"Password", b"OfNoRule", b"HashOfRoot"):
        assert secret not in got.records


def test_a_hostile_configuration_of_mail_is_bounded(probe: Callable[..., Printed], tmp_path: Path) -> None:
    bomb = "A0 = xxxxxxxxxx\n" + "".join(f"A{n} = {f'A{n - 1}' * 10}\n" for n in range(1, 9))
    many = "".join(f"M{n}X = x\n" for n in range(600))
    write(tmp_path / "etc/exim/exim.conf", f"{bomb}hostlist relay_from_hosts = A8\n.endif\n.else\n")
    write(tmp_path / "etc/exim4/exim4.conf", f"{many}.ifdef\nhostlist a = \\\n")
    write(tmp_path / "etc/postfix/main.cf", "".join(f"p{n} = $p{n + 1}\n" for n in range(6000)))
    write(tmp_path / "etc/mail/sendmail.cf", "O PrivacyOptions=a\\\x00\tb\n" + "\tmore" * 30000)
    (tmp_path / "etc/postfix/master.cf").mkdir()

    statuses = probe(tmp_path).evidence.statuses

    assert "ok" == statuses["text", "/etc/exim/exim.conf"]
    assert "cut" == statuses["text", "/etc/exim4/exim4.conf"]
    assert "cut" == statuses["text", "/etc/postfix/main.cf"]
    assert "ok" == statuses["text", "/etc/mail/sendmail.cf"]
    assert "error" == statuses["text", "/etc/postfix/master.cf"]
