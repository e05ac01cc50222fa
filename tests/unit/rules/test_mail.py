"""Mail servers in use: U-30, U-32, U-70 of 2021, and their successors of 2026."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evidence_samples import checks, evidence, said, verdict
from mail_samples import (
    ACL,
    CF,
    DENIED,
    EXIM,
    EXIM_CONF,
    MAIN,
    POSTFIX,
    SENDMAIL,
    SMTP,
    exim,
    postfix,
    sendmail,
)

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

#: 2021 to 2026: the rules of the pairs are the same, but for the MTAs whose version counts.
PAIRS = {"U-31": "U-47", "U-32": "U-46", "U-70": "U-48"}
SUPER = "/usr/sbin/postsuper"
PORT = {"ss -lntu": "tcp LISTEN 0 100 0.0.0.0:25 0.0.0.0:*"}
INETD = {"openbsd-inetd.service": "enabled active"}

VERSION = [
    ("no mail", "U-30", evidence(), "good", "not in use"),
    ("sendmail", "U-30", evidence(units=SENDMAIL, packages={"sendmail-bin": "8.17.1.9-2+deb12u2"}), "review", "8.17.1.9-2+deb12u2"),
    ("sendmail, installed only", "U-30", evidence(units={"sendmail.service": "disabled inactive"}, packages={"sendmail": "8.17"}), "good", ""),
    ("postfix is not sendmail", "U-30", evidence(units=POSTFIX, packages={"postfix": "3.7.11-0+deb12u1"}), "good", "postfix.service"),
    ("a masked unit", "U-45", evidence(units={"postfix.service": "masked inactive"}), "good", ""),
    ("postfix", "U-45", evidence(units=POSTFIX, packages={"postfix": "3.7.11-0+deb12u1"}), "review", "postfix 3.7.11-0+deb12u1"),
    ("an instance of postfix", "U-45", evidence(units={"postfix@-.service": "static active"}, packages={"postfix": "3.7"}), "review", "3.7"),
    ("exim", "U-45", evidence(units=EXIM, packages={"exim4-daemon-light": "4.96-15+deb12u10"}), "review", "4.96-15+deb12u10"),
    ("exim of Amazon Linux", "U-45", evidence(units={"exim.service": "enabled active"}, packages={"exim": "4.98"}), "review", "4.98"),
    ("built by hand", "U-45", evidence(units=SENDMAIL), "review", "sendmail.service"),
    ("another one", "U-45", evidence(units={"opensmtpd.service": "enabled active"}), "review", "opensmtpd"),
    ("a port that nobody explains", "U-45", evidence(commands=PORT), "review", "0.0.0.0:25"),
    ("a port that nobody explains may be sendmail's", "U-30", evidence(commands=PORT), "review", "0.0.0.0:25"),
    ("a port that postfix explains", "U-30", evidence(commands=PORT, units=POSTFIX), "good", "postfix.service"),
    ("exim by inetd", "U-45", evidence(units=INETD, texts={"/etc/inetd.conf": "smtp stream tcp nowait mail /usr/sbin/exim4 exim4 -bs"}), "review", "inetd.conf:1"),
    ("inetd is off", "U-45", evidence(texts={"/etc/inetd.conf": "smtp stream tcp nowait mail /usr/sbin/exim4 exim4 -bs"}), "good", ""),
    ("sendmail by xinetd", "U-30", evidence(units={"xinetd.service": "enabled active"}, texts={"/etc/xinetd.d/smtp": "service smtp\n{\n server = /usr/sbin/sendmail\n disable = no\n}"}), "review", "xinetd.d/smtp"),
    ("packages unread", "U-45", evidence(units=POSTFIX, unread={("packages", "packages"): "skipped"}), "error", "packages"),
    ("a unit unread", "U-45", evidence(unread={("text", "/etc/inetd.conf"): "denied"}), "error", "inetd.conf"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "item", "server", "expected", "mention"), VERSION, ids=[f"{r[1]} {r[0]}" for r in VERSION]
)
def test_the_version_of_what_is_in_use_is_for_a_person(
    why: str, item: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict(item, server, "kisa-2021" if item == "U-30" else "kisa-2026")

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


QUEUE = [
    ("no mail", evidence(), "good", "not in use"),
    ("restrictqrun", sendmail("O PrivacyOptions=authwarnings,novrfy,restrictqrun"), "good", f"{CF}:1"),
    ("the flags add up", sendmail("O PrivacyOptions=restrictqrun\nO PrivacyOptions=noexpn"), "good", ":1"),
    ("the old form", sendmail("Oprestrictqrun"), "good", ":1"),
    ("in capitals and abbreviated", sendmail("O privacy=RestrictQRun"), "good", ":1"),
    ("goaway does not imply it", sendmail("O PrivacyOptions=goaway"), "vulnerable", "goaway"),
    ("unset", sendmail(""), "vulnerable", "unset"),
    ("OP is another option", sendmail("OPrestrictqrun"), "vulnerable", "unset"),
    ("sendmail.cf in the old place", evidence(units=SENDMAIL, texts={"/etc/sendmail.cf": "O PrivacyOptions=restrictqrun"}), "good", "/etc/sendmail.cf:1"),
    ("no sendmail.cf", evidence(units=SENDMAIL), "error", CF),
    ("sendmail.cf denied", evidence(units=SENDMAIL, unread={("text", CF): "denied"}), "error", CF),
    ("postsuper for all", evidence(units=POSTFIX, files={SUPER: (0o755, 0)}), "vulnerable", "0755"),
    ("postsuper for others alone", evidence(units=POSTFIX, files={SUPER: (0o701, 0)}), "vulnerable", "0701"),
    ("postsuper for no other", evidence(units=POSTFIX, files={SUPER: (0o754, 0)}), "good", "0754"),
    ("no postsuper", evidence(units=POSTFIX), "error", SUPER),
    ("exim's default", exim(""), "good", "unset (default true)"),
    ("exim, off", exim("prod_requires_admin = false"), "vulnerable", f"{EXIM_CONF}:1"),
    ("exim, off by its negation", exim("no_prod_requires_admin"), "vulnerable", "no_prod"),
    ("exim, on", exim("prod_requires_admin"), "good", ":1"),
    ("exim, perhaps included", exim(".include /etc/exim4/local"), "error", ".include"),
    ("no configuration of exim", evidence(units=EXIM), "error", "exim.conf"),
    ("an unknown program on the port", evidence(commands=PORT), "error", "0.0.0.0:25"),
    ("two of them", evidence(units={**SENDMAIL, **POSTFIX}, texts={CF: "Oprestrictqrun"}, files={SUPER: (0o755, 0)}), "vulnerable", SUPER),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), QUEUE, ids=[r[0] for r in QUEUE])
def test_ordinary_users_cannot_run_the_queue(why: str, server: Evidence, expected: str, mention: str) -> None:
    _in_both_editions("U-32", why, server, expected, mention)


def test_a_program_of_exim_is_judged_where_it_is_asked_for() -> None:
    server = evidence(units=EXIM, texts={EXIM_CONF: ""}, files={"/usr/sbin/exiqgrep": (0o755, 0)})

    got = checks("unix.mail-queue", server, exim_program="/usr/sbin/exiqgrep", postfix_program=None)

    assert ["good", "vulnerable"] == [check.verdict for check in got]


ASKED = [
    ("no mail", evidence(), "good", "not in use"),
    ("both", sendmail("O PrivacyOptions=authwarnings, novrfy, noexpn"), "good", f"{CF}:1"),
    ("goaway", sendmail("O PrivacyOptions=goaway"), "good", "goaway"),
    ("one is missing", sendmail("O PrivacyOptions=novrfy"), "vulnerable", "novrfy"),
    ("needing HELO is not enough", sendmail("O PrivacyOptions=needexpnhelo,needvrfyhelo"), "vulnerable", ""),
    ("commented", sendmail("#O PrivacyOptions=goaway"), "vulnerable", "unset"),
    ("where it listens", sendmail("O PrivacyOptions=goaway\nO DaemonPortOptions=Port=smtp,Addr=127.0.0.1"), "good", "Addr=127.0.0.1"),
    ("postfix's default", postfix(""), "vulnerable", "unset (default: no)"),
    ("postfix, yes", postfix("disable_vrfy_command = yes"), "good", f"{MAIN}:1"),
    ("postfix, the last counts", postfix("disable_vrfy_command = yes\ndisable_vrfy_command = no"), "vulnerable", ":2"),
    ("postfix, by name", postfix("disable_vrfy_command = $hide\nhide = yes"), "good", ""),
    ("postfix, a circle", postfix("disable_vrfy_command = $a\na = $disable_vrfy_command"), "error", "main.cf"),
    ("postfix, an expression", postfix("disable_vrfy_command = ${x?{yes}:{no}}"), "error", "main.cf"),
    ("postfix, one server of two", postfix("disable_vrfy_command = yes", SMTP + "\nsubmission inet n - y - - smtpd -o disable_vrfy_command=no"), "vulnerable", "submission"),
    ("postfix, in braces", postfix("", SMTP + " -o { disable_vrfy_command = yes }"), "good", "yes"),
    ("postfix, a value like an option", postfix("", SMTP + " -o syslog_name=x-o disable_vrfy_command=yes"), "vulnerable", ""),
    ("postfix takes no mail", postfix("", "pickup unix n - y 60 1 pickup"), "good", "no smtpd"),
    ("no master.cf", evidence(units=POSTFIX, texts={MAIN: ""}), "error", "master.cf"),
    ("further instances", postfix("disable_vrfy_command=yes\nmulti_instance_directories = /etc/postfix-out"), "error", "/etc/postfix-out"),
    ("exim's default", exim("acl_smtp_rcpt = a"), "good", "default: refused"),
    ("exim accepts VRFY", exim("acl_smtp_vrfy = accept"), "vulnerable", f"{EXIM_CONF}:1"),
    ("exim accepts EXPN by an ACL", exim("acl_smtp_expn = a\nacl a\naccept"), "vulnerable", ":3"),
    ("exim accepts the machine's", exim("acl_smtp_vrfy = a\nacl a\naccept hosts = 127.0.0.1"), "good", ":1"),
    ("exim denies first", exim("acl_smtp_vrfy = a\nacl a\ndeny\naccept"), "good", ""),
    ("exim, an ACL elsewhere", exim("acl_smtp_vrfy = /etc/exim4/acl"), "error", "/etc/exim4/acl"),
    ("an unknown program on the port", evidence(commands=PORT), "error", ":25"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), ASKED, ids=[r[0] for r in ASKED])
def test_strangers_cannot_ask_for_accounts(why: str, server: Evidence, expected: str, mention: str) -> None:
    _in_both_editions("U-70", why, server, expected, mention)


SENDMAIL_RELAY = [
    ("denied", sendmail(DENIED), "good", f"{CF}:1"),
    ("with another message", sendmail('R$*\t\t\t$#error $@ 5.7.1 $: "550 not here"'), "good", ""),
    ("promiscuous", sendmail("O PrivacyOptions=goaway"), "vulnerable", "refuses nobody"),
    ("by the sender's name", sendmail(f"{DENIED}\nR<?> $+ < @ $=w >\t$@ RELAY\t\tFROM local"), "vulnerable", "FROM local"),
    ("access", sendmail(f"{DENIED}\nKaccess hash -T<TMPF> /etc/mail/access", {"/etc/mail/access": "Connect:10.111 RELAY\nConnect:127 RELAY\nConnect:IPv6:::1 RELAY\nTo:mail.example RELAY"}), "good", ""),
    ("access is wide", sendmail(f"{DENIED}\nKaccess hash /etc/mail/access", {"/etc/mail/access": "Connect:93\tRELAY"}), "vulnerable", "/etc/mail/access:1"),
    ("access for a top-level domain", sendmail(f"{DENIED}\nKaccess hash /etc/mail/access", {"/etc/mail/access": "To:kr RELAY"}), "vulnerable", "To:kr"),
    ("access that nobody asks", sendmail(DENIED, {"/etc/mail/access": "To:kr RELAY"}), "good", ""),
    ("access elsewhere", evidence(units=SENDMAIL, texts={CF: f"{DENIED}\nKaccess ldap -k x"}), "error", "not collected"),
    ("relay-domains", sendmail(f"{DENIED}\nFR-o /etc/mail/relay-domains %[^\\#]", {"/etc/mail/relay-domains": "shop.example\n0.0.0.0/0"}), "vulnerable", "relay-domains:2"),
    ("a class in the file", sendmail(f"{DENIED}\nCRexample.test com"), "vulnerable", "CRexample.test"),
    ("access denied", evidence(units=SENDMAIL, texts={CF: f"{DENIED}\nKaccess hash /etc/mail/access"}, unread={("text", "/etc/mail/access"): "denied"}), "error", "/etc/mail/access"),
]  # fmt: skip
OWN = "mynetworks = 127.0.0.0/8 [::1]/128 10.111.0.0/16\n"
GATE = "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n"
POSTFIX_RELAY = [
    ("Debian's", postfix(OWN + "smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination"), "good", f"{MAIN}:2"),
    ("defaults", postfix("compatibility_level = 3.6"), "good", "unset (default of Postfix 3.7"),
    ("defaults of before 3.0", postfix("", version="2:2.10.1-9.amzn2"), "good", "2.10"),
    ("defaults of before 2.10", postfix("", version="2.6.6-8.el6"), "good", "smtpd_recipient_restrictions unset"),
    ("old defaults in a new version", postfix(""), "vulnerable", "compatibility_level 0"),
    ("defaults of an unknown version", evidence(units=POSTFIX, texts={MAIN: "", "/etc/postfix/master.cf": SMTP}, unread={("packages", "packages"): "skipped"}), "error", "version"),
    ("an unknown version that says its level", evidence(units=POSTFIX, texts={MAIN: "compatibility_level = 2", "/etc/postfix/master.cf": SMTP}, unread={("packages", "packages"): "skipped"}), "good", ""),
    ("everybody's network", postfix(GATE + "mynetworks = 127.0.0.0/8, 0.0.0.0/0"), "vulnerable", "0.0.0.0/0"),
    ("everybody's network of IPv6", postfix(GATE + "mynetworks = [::]/0"), "vulnerable", "::"),
    ("half of everybody", postfix(GATE + "mynetworks = 128.0.0.0/1"), "vulnerable", "128.0.0.0/1"),
    ("everybody, mapped", postfix(GATE + "mynetworks = [::ffff:0:0]/96"), "vulnerable", ""),
    ("a private network", postfix(GATE + "mynetworks = 10.0.0.0/8 [fd00::]/8"), "good", ""),
    ("a network of one's own", postfix(GATE + "mynetworks = 203.0.113.0/24"), "good", ""),
    ("all but everybody", postfix(GATE + "mynetworks = !0.0.0.0/0 10.0.0.0/8"), "good", ""),
    ("by name", postfix(GATE + "mynetworks = $nets\nnets = 0.0.0.0/0"), "vulnerable", ""),
    ("a table", postfix(GATE + "mynetworks = cidr:/etc/postfix/nets", texts={"/etc/postfix/nets": "10.111.0.0/16\n0.0.0.0/0"}), "vulnerable", "mynetworks = cidr"),
    ("a table of one's own", postfix(GATE + "mynetworks = /etc/postfix/nets", texts={"/etc/postfix/nets": "10.111.0.0/16"}), "good", ""),
    ("a table that is not there", postfix(GATE + "mynetworks = hash:/etc/postfix/nets"), "error", "/etc/postfix/nets"),
    ("any key", postfix(GATE + "mynetworks = static:all"), "vulnerable", ""),
    ("networks by class", postfix(GATE + "mynetworks_style = class"), "vulnerable", "mynetworks unset"),
    ("networks by subnet", postfix(GATE + "mynetworks_style = subnet"), "good", ""),
    ("permit", postfix(OWN + "smtpd_relay_restrictions = permit"), "vulnerable", "= permit"),
    ("permit before the refusal", postfix(OWN + "smtpd_relay_restrictions = permit, reject_unauth_destination"), "vulnerable", ""),
    ("a refusal that only warns", postfix(OWN + "smtpd_relay_restrictions = warn_if_reject reject_unauth_destination"), "vulnerable", ""),
    ("a refusal in the options of a check", postfix(OWN + "smtpd_relay_restrictions = check_policy_service { inet:127.0.0.1:12, default_action = reject }"), "vulnerable", ""),
    ("the list of recipients refuses", postfix(OWN + "smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = reject_unauth_destination"), "good", "recipient"),
    ("refused although the network is wide", postfix("mynetworks = 0.0.0.0/0\nsmtpd_relay_restrictions = reject_unauth_destination"), "good", ""),
    ("a class of restrictions", postfix(OWN + "smtpd_relay_restrictions = mine\nmine = reject_unauth_destination"), "good", ""),
    ("a class that permits", postfix(OWN + "smtpd_relay_restrictions = mine, reject\nmine = permit"), "vulnerable", ""),
    ("a class of itself", postfix(OWN + "smtpd_relay_restrictions = mine\nmine = mine"), "vulnerable", ""),
    ("one server of two", postfix(OWN + GATE, SMTP + "\nsubmission inet n - y - - smtpd -o smtpd_relay_restrictions=permit"), "vulnerable", "submission"),
    ("submission for those who log in", postfix(OWN + GATE, "submission inet n - y - - smtpd -o smtpd_relay_restrictions=permit_sasl_authenticated,reject"), "good", ""),
    ("a name that main.cf does not say", postfix(OWN + GATE, "submission inet n - y - - smtpd -o smtpd_relay_restrictions=$mine -o smtpd_recipient_restrictions="), "error", "mine"),
    ("a name that only a client list needs", postfix(OWN + GATE, SMTP + " -o smtpd_client_restrictions=$mine"), "good", ""),
    ("relays for every domain", postfix(OWN + GATE + "relay_domains = static:all"), "vulnerable", ""),
    ("relays for a top-level domain", postfix(OWN + GATE + "relay_domains = shop.example, com"), "vulnerable", ""),
    ("destinations by patterns", postfix(OWN + GATE + "mydestination = $myhostname pcre:/etc/postfix/d"), "error", "pcre:/etc/postfix/d"),
    ("destinations of one's own", postfix(OWN + GATE + "mydestination = $myhostname, localhost\nrelay_domains = hash:/etc/postfix/r"), "good", ""),
    ("every destination, refused all the same", postfix(OWN + "smtpd_relay_restrictions = permit_mynetworks, reject\nrelay_domains = static:all"), "good", ""),
    ("any client before the refusal", postfix(OWN + "smtpd_relay_restrictions = check_client_access static:OK, reject_unauth_destination"), "vulnerable", ""),
    ("no client before the refusal", postfix(OWN + "smtpd_relay_restrictions = check_client_access static:REJECT, reject_unauth_destination"), "good", ""),
    ("certain clients before the refusal", postfix(OWN + "smtpd_relay_restrictions = check_client_access hash:/etc/postfix/c, reject_unauth_destination"), "good", ""),
    ("whoever claims a sender", postfix(OWN + "smtpd_relay_restrictions = check_sender_access hash:/etc/postfix/s, reject_unauth_destination"), "error", "check_sender_access"),
    ("patterns before the refusal", postfix(OWN + "smtpd_relay_restrictions = check_client_access pcre:/etc/postfix/c, reject_unauth_destination"), "error", "check_client_access"),
    ("a table behind the refusal", postfix(OWN + "smtpd_relay_restrictions = reject_unauth_destination, check_sender_access hash:/etc/postfix/s"), "good", ""),
    ("networks by patterns", postfix(GATE + "mynetworks = regexp:/etc/postfix/nets", texts={"/etc/postfix/nets": ""}), "error", "regexp:"),
    ("networks of a database", postfix(GATE + "mynetworks = proxy:mysql:/etc/postfix/nets"), "error", "mysql:"),
    ("on the machine alone", postfix(OWN + GATE, SMTP + "\n127.0.0.1:10025 inet n - n - - smtpd -o smtpd_relay_restrictions=permit"), "good", "127.0.0.1:10025"),
    ("cut", postfix(OWN + "smtpd_relay_restrictions = permit_mynetworks, check_x<shortened>"), "error", "main.cf"),
    ("main.cf denied", evidence(units=POSTFIX, unread={("text", MAIN): "denied"}), "error", MAIN),
]  # fmt: skip
CONF = "/etc/exim4/update-exim4.conf.conf"
EXIM_RELAY = [
    ("Debian's", exim(ACL), "good", "hostlist relay_from_hosts"),
    ("no ACL", exim("hostlist relay_from_hosts = 127.0.0.1"), "good", "default: refused"),
    ("hosts: all", exim(ACL.replace("127.0.0.1", "127.0.0.1 : *")), "vulnerable", "relay_from_hosts"),
    ("hosts: all with another separator", exim(ACL.replace("127.0.0.1", "<; 10.111.0.0/16 ; 0.0.0.0/0")), "vulnerable", ""),
    ("hosts: IPv6 with doubled colons", exim(ACL.replace("127.0.0.1", "::::1 : 2001::db8::::/32")), "good", ""),
    ("hosts: everything but", exim(ACL.replace("127.0.0.1", "!192.0.2.1")), "vulnerable", "!192.0.2.1"),
    ("hosts by another list", exim("hostlist all = *\n" + ACL.replace("127.0.0.1", "+all")), "vulnerable", ""),
    ("hosts by a list of itself", exim(ACL.replace("127.0.0.1", "+relay_from_hosts")), "good", ""),
    ("hosts from a file", exim(ACL.replace("127.0.0.1", "/etc/exim4/hosts")), "error", "/etc/exim4/hosts"),
    ("domains: all", exim(ACL.replace("domainlist relay_to_domains =", "domainlist relay_to_domains = *")), "vulnerable", "relay_to_domains"),
    ("accepts everything", exim("acl_smtp_rcpt = a\nacl a\naccept"), "vulnerable", f"{EXIM_CONF}:3"),
    ("accepts everything inline", exim("acl_smtp_rcpt = accept"), "vulnerable", ":1"),
    ("accepts what can be reached", exim("acl_smtp_rcpt = a\nacl a\naccept\nverify = recipient"), "vulnerable", ""),
    ("accepts at the end", exim(ACL.replace("domains = +local_domains : +relay_to_domains", "domains = *")), "vulnerable", ""),
    ("refuses the domains of others", exim("acl_smtp_rcpt = a\ndomainlist local_domains = @\nacl a\ndeny !domains = +local_domains\naccept"), "good", ""),
    ("refuses who did not log in", exim("acl_smtp_rcpt = a\nacl a\ndeny\n!authenticated = *\naccept"), "good", ""),
    ("refuses under a condition", exim("acl_smtp_rcpt = a\nacl a\ndeny condition = ${if eq{1}{2}}\naccept"), "vulnerable", ""),
    ("warns only", exim("acl_smtp_rcpt = a\nacl a\nwarn\naccept"), "vulnerable", ""),
    ("included", exim("acl_smtp_rcpt = a\nacl a\n.include /etc/exim4/rcpt\naccept"), "error", "/etc/exim4/rcpt"),
    ("not made anew yet", exim(ACL, {CONF: "dc_relay_nets='10.111.0.0/16 ; 0.0.0.0/0'"}), "vulnerable", f"{CONF}:1"),
    ("Debian's nets", exim(ACL, {CONF: "dc_relay_nets='10.111.0.0/16'\ndc_relay_domains='shop.example'"}), "good", ""),
    ("Debian's domains", exim(ACL, {CONF: "dc_relay_domains='shop.example:*'"}), "vulnerable", "dc_relay_domains"),
    ("Debian's file that is not read", evidence(units=EXIM, texts={"/etc/exim4/exim4.conf": ACL, CONF: "dc_relay_nets='*'"}), "good", "exim4.conf:4"),
    ("an unknown program on the port", evidence(commands=PORT), "error", "a mail server that is not known"),
    ("no mail", evidence(), "good", "not in use"),
]  # fmt: skip
RELAY = SENDMAIL_RELAY + POSTFIX_RELAY + EXIM_RELAY


@pytest.mark.parametrize(("why", "server", "expected", "mention"), RELAY, ids=[r[0] for r in RELAY])
def test_strangers_cannot_relay(why: str, server: Evidence, expected: str, mention: str) -> None:
    _in_both_editions("U-31", why, server, expected, mention)


def _in_both_editions(item: str, why: str, server: Evidence, expected: str, mention: str) -> None:
    then, now = verdict(item, server), verdict(PAIRS[item], server, "kisa-2026")

    assert expected == then.verdict, f"{why}: {then.reason.en}"
    assert then.verdict == now.verdict
    assert mention in said(then) + then.reason.en


def test_how_wide_a_network_of_ones_own_is_can_be_set() -> None:
    server = postfix(GATE + "mynetworks = 203.0.113.0/24")

    assert ["vulnerable"] == [c.verdict for c in checks("unix.mail-relay", server, ipv4_prefix=25)]


@pytest.mark.parametrize(
    "rule", ["unix.mail-version", "unix.mail-relay", "unix.mail-queue", "unix.mail-expn-vrfy"]
)
def test_unused_mail_is_not_applicable_by_policy(rule: str) -> None:
    got = checks(rule, evidence(), unused="not_applicable")

    assert ["not_applicable"] == [check.verdict for check in got]


def test_sendmail_alone_counts_in_2021_by_the_same_policy() -> None:
    got = checks("unix.mail-version", evidence(units=POSTFIX), servers=("sendmail",), unused="not_applicable")

    assert ["not_applicable"] == [check.verdict for check in got]
    assert "another mail server is" in got[0].reason.en


@pytest.mark.parametrize("item", ["U-30", "U-31", "U-32", "U-70"])
def test_units_that_are_unknown_are_an_error(item: str) -> None:
    server = evidence()
    object.__setattr__(server, "units", {})

    assert "error" == verdict(item, server).verdict


def test_what_is_unknown_of_one_mta_does_not_hide_another() -> None:
    server = evidence(units={**POSTFIX, "exim4.service": "unknown unknown"}, files={SUPER: (0o750, 0)})

    assert ["good", "error"] == [check.verdict for check in checks("unix.mail-queue", server)]
