"""System logging: U-72 of 2021, U-66 of 2026, and the files of U-67."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cce.errors import BenchmarkError
from cce.evidence.model import Unread
from cce.evidence.views import selectors, syslog
from evidence_samples import checks, evidence, said, verdict

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

R = {"rsyslog.service": "enabled active"}
J = {"systemd-journald.service": "static active"}
CONF = "/etc/rsyslog.conf"
JOURNALD = "/etc/systemd/journald.conf"
DEBIAN = """\
$IncludeConfig /etc/rsyslog.d/*.conf
*.*;auth,authpriv.none\t\t-/var/log/syslog
auth,authpriv.*\t\t\t/var/log/auth.log
*.emerg :omusrmsg:*
"""
RHEL = """\
include(file="/etc/rsyslog.d/*.conf" mode="optional")
*.info;mail.none;authpriv.none;cron.none                /var/log/messages
authpriv.*                                              /var/log/secure
mail.*                                                  -/var/log/maillog
cron.*                                                  /var/log/cron
*.emerg                                                 :omusrmsg:*
"""
MODULES = 'module(load="imuxsock")\nmodule(load="imklog")\n'
NO_AUTH = RHEL.replace("authpriv.*  ", "#authpriv.*")
LASTING = {"/var/log/journal": (0o2755, 0, "d")}


def r(conf: str, **drop_ins: str) -> Evidence:
    """A server with rsyslog and a journal in memory."""
    return evidence(
        units=R | J, texts={CONF: conf} | {f"/etc/rsyslog.d/{n}.conf": t for n, t in drop_ins.items()}
    )


def j(conf: str = "", **rest: object) -> Evidence:
    """A server with a journal alone."""
    return evidence(units=J, texts={JOURNALD: conf}, **rest)  # type: ignore[arg-type]


LOGGING = [
    ("Debian's default", r(DEBIAN), "good", f"{CONF}:3"),
    ("RHEL's default", r(RHEL), "good", f"{CONF}:3 authpriv.* /var/log/secure"),
    ("rsyslog's modules", r(f"{MODULES}{DEBIAN}"), "good", f"{CONF}:4"),
    ("nobody brings the messages of programs", r(f"#{MODULES}{DEBIAN}"), "vulnerable", "modules: imklog"),
    ("the old way", r(f"$ModLoad imklog\n$ModLoad imuxsock.so\n{DEBIAN}"), "good", ""),
    ("RHEL's modules", r(f'module(load="imuxsock" # support (e.g. logger)\n  SysSock.Use="off") # by the journal\nmodule(load="imjournal"\n StateFile="x")\n{RHEL}'), "good", f"{CONF}:7 authpriv"),
    ("the socket is switched off", r(f'module(load="imuxsock" SysSock.Use="off")\n{DEBIAN}'), "vulnerable", "modules"),
    ("journald forwards nothing", evidence(units=R | J, texts={CONF: f"{MODULES}{DEBIAN}", JOURNALD: "ForwardToSyslog=no"}), "vulnerable", "ForwardToSyslog=no"),
    ("which imjournal does not need", evidence(units=R | J, texts={CONF: f'module(load="imjournal")\n{DEBIAN}', JOURNALD: "ForwardToSyslog=no"}), "good", ""),
    ("nor a journal that lasts", evidence(units=R | J, texts={CONF: f"{MODULES}{DEBIAN}", JOURNALD: "ForwardToSyslog=no"}, files=LASTING), "good", ""),
    ("RainerScript", r('action(type="omfile" file="/var/log/all")'), "good", "/var/log/all"),
    ("RainerScript over lines", r('if $syslogfacility-text == "authpriv" then {\naction(type="omfile"\n file="/var/log/secure")\n}\n*.*;authpriv.none /var/log/messages'), "good", f'{CONF}:3 action(type="omfile" file="/var/log/secure")'),
    ("prifilt", r('if prifilt("authpriv.*") then /var/log/secure\n*.*;authpriv.none @loghost.example'), "good", "/var/log/secure"),
    ("to another host alone", r("*.* @@loghost.example:514"), "good", "@@loghost.example"),
    ("to a database, of which nothing else is known", r("*.* :ommysql:"), "good", ":ommysql:"),
    ("in an included file", r("$IncludeConfig /etc/rsyslog.d/*.conf", a="*.* /var/log/all"), "good", "/etc/rsyslog.d/a.conf:1"),
    ("a file nothing includes", r("mail.* /var/log/mail", a="*.* /var/log/all"), "vulnerable", "mail"),
    ("continued lines", r("*.=info;*.=notice;   auth,authpriv.*;mail.none /var/log/x\n*.info;mail.* /var/log/y\nmail,cron.* /var/log/z\nauthpriv.* /var/log/z"), "good", "/var/log/x"),
    ("authpriv nowhere", r(NO_AUTH), "vulnerable", "/var/log/messages"),
    ("authpriv to the console only", r(RHEL.replace("/var/log/secure", "/dev/console")), "vulnerable", "/dev/console"),
    ("authpriv thrown away", r(RHEL.replace("/var/log/secure", "/dev/null")), "vulnerable", "/dev/null"),
    ("authpriv discarded before", r("authpriv.* stop\n*.* /var/log/all"), "vulnerable", "stop"),
    ("discarded after", r("*.* /var/log/all\n& stop"), "good", "/var/log/all"),
    ("a property filter discards", r(":msg,\n& stop\n*.* /var/log/all"), "good", "/var/log/all"),
    ("in a ruleset for others", r('ruleset(name="remote") {\naction(type="omfile" file="/var/log/remote")\n}'), "vulnerable", "/var/log/remote"),
    ("in a ruleset for others, old style", r("$RuleSet remote\n*.* /var/log/remote"), "vulnerable", "remote"),
    ("back in the ruleset of the server", r("$RuleSet remote\n*.* /var/log/remote\n$RuleSet RSYSLOG_DefaultRuleset\n*.* /var/log/all"), "good", "/var/log/all"),
    ("in a ruleset that is called", r('ruleset(name="out") {\naction(type="omfile" file="/var/log/out")\n}\ncall out'), "review", "call out"),
    ("a filter that is not evaluated", r("if $syslogfacility-text == 'authpriv' and $syslogseverity <= 6 then /var/log/secure\n*.*;authpriv.none /var/log/all"), "review", "/var/log/secure"),
    ("mail nowhere", r(RHEL.replace("mail.*  ", "#mail.*")), "review", "/var/log/secure"),
    ("only warnings", r("*.warn /var/log/all\nauthpriv.* /var/log/secure"), "review", "/var/log/all"),
    ("a statement without its end", r('action(type="omfile" file="/x"\n*.* /var/log/all'), "error", CONF),
    ("an include that was not read", evidence(units=R | J, texts={CONF: "$IncludeConfig /srv/log.conf"}, unread={("text", "/srv/log.conf"): "denied"}), "error", "/srv/log.conf"),
    ("a directory of includes that was not read", evidence(units=R | J, texts={CONF: DEBIAN}, unread={("dir", "/etc/rsyslog.d"): "denied"}), "error", "/etc/rsyslog.d"),
    ("rsyslog.conf denied", evidence(units=R, unread={("text", CONF): "denied"}), "error", CONF),
    ("rsyslog without its file", evidence(units=R), "error", CONF),
    ("enabled but failed", evidence(units={"rsyslog.service": "enabled failed"}, texts={CONF: RHEL}), "vulnerable", "enabled, failed"),
    ("in a root directory", evidence(units={"rsyslog.service": "enabled unknown"}, texts={CONF: RHEL}), "good", "/var/log/secure"),
    ("masked in a root directory", evidence(units={"rsyslog.service": "masked unknown"}, texts={CONF: RHEL}), "vulnerable", "masked"),
    ("the classic syslogd", evidence(units={"sysklogd.service": "enabled active"}, texts={"/etc/syslog.conf": "*.* /var/log/all"}), "good", "/etc/syslog.conf:1"),
    ("nothing runs", evidence(), "vulnerable", "absent"),
    ("a journal that lasts", j(files=LASTING), "good", "/var/log/journal"),
    ("a journal set to last", j("Storage=persistent"), "good", f"{JOURNALD}:1"),
    ("a journal in memory", j(), "vulnerable", "/var/log/journal absent"),
    ("a journal set to memory", j("Storage=volatile", files=LASTING), "vulnerable", "Storage=volatile"),
    ("no journal", j("Storage=none", files=LASTING), "vulnerable", "Storage=none"),
    ("the last Storage counts", j("Storage=none\nStorage=persistent"), "good", ":2"),
    ("a drop-in counts more", evidence(units=J, texts={JOURNALD: "Storage=persistent", "/etc/systemd/journald.conf.d/a.conf": "Storage=volatile"}), "vulnerable", "a.conf:1"),
    ("one of /etc hides the vendor's of that name", evidence(units=J, files=LASTING, texts={"/etc/systemd/journald.conf.d/a.conf": "Storage=auto", "/usr/lib/systemd/journald.conf.d/a.conf": "Storage=none"}), "good", "/etc/systemd/journald.conf.d/a.conf:1"),
    ("a journal of errors only", j("Storage=persistent\nMaxLevelStore=err"), "vulnerable", "MaxLevelStore=err"),
    ("a journal of what is not debug", j("Storage=persistent\nMaxLevelStore=6"), "review", "MaxLevelStore=6"),
    ("a journal without systemd", j(files=LASTING, meta={"init": "other"}), "vulnerable", "/var/log/journal"),
    ("the journal keeps what rsyslog does not", evidence(units=R | J, texts={CONF: NO_AUTH}, files=LASTING), "good", "/var/log/journal"),
    ("journald.conf denied, and needed", evidence(units=J, unread={("text", JOURNALD): "denied"}), "error", JOURNALD),
    ("journald.conf denied, not needed", evidence(units=R, texts={CONF: DEBIAN}, unread={("text", JOURNALD): "denied"}), "good", ""),
    ("syslog-ng", evidence(units={"syslog-ng.service": "enabled active"}, texts={"/etc/syslog-ng/syslog-ng.conf": "log {"}), "review", "/etc/syslog-ng/syslog-ng.conf:1"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), LOGGING, ids=[row[0] for row in LOGGING])
def test_what_the_guide_wants_logged_is_kept_somewhere(
    why: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict("U-72", server)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got) + got.reason.en


@pytest.mark.parametrize("server", [row[1] for row in LOGGING], ids=[row[0] for row in LOGGING])
def test_in_2026_the_review_of_the_logs_is_asked_beside(server: Evidence) -> None:
    then, now = verdict("U-72", server), verdict("U-66", server, "kisa-2026")

    assert {"good": "review"}.get(then.verdict, then.verdict) == now.verdict
    assert "review" in {check.verdict for check in now.checks}


def test_what_must_be_kept_is_a_parameter() -> None:
    auth = r("authpriv.* /var/log/secure")

    assert ["good"] == [c.verdict for c in checks("unix.system-logging", auth, kept=(), shown=())]
    assert ["vulnerable"] == [c.verdict for c in checks("unix.system-logging", auth, required=["kern.warn"])]
    with pytest.raises(BenchmarkError, match="no selector"):
        checks("unix.system-logging", auth, required=["everything"])


@pytest.mark.parametrize(
    ("selector", "facility", "bits"),
    [
        ("*.info", "mail", 0b0111_1111),
        ("mail.=debug", "mail", 0b1000_0000),
        ("*.*;mail.none", "mail", 0),
        ("mail.none;*.*", "mail", 0xFF),
        ("*.info;mail.!err", "mail", 0b0111_0000),
        ("*.*;mail.!=info", "mail", 0b1011_1111),
        ("auth,authpriv.crit", "authpriv", 0b0000_0111),
        ("SECURITY.Panic", "auth", 1),
        ("mark.*", "mail", 0),
    ],
)
def test_a_selector_is_read_from_left_to_right(selector: str, facility: str, bits: int) -> None:
    assert bits == (selectors.selected(selector) or {}).get(facility, 0)


@pytest.mark.parametrize("text", ["", "mail", "mail.loud", "a b.c", "$x.y"])
def test_what_is_no_selector_selects_nothing_known(text: str) -> None:
    assert not selectors.selected(text)


def test_includes_in_a_circle_or_too_deep_end() -> None:
    circle = r("$IncludeConfig /etc/rsyslog.conf\n*.* /var/log/all")
    chain = {f"/etc/rsyslog.d/{n}.conf": f"$IncludeConfig /etc/rsyslog.d/{n + 1}.conf" for n in range(300)}
    deep = evidence(texts={CONF: "$IncludeConfig /etc/rsyslog.d/0.conf", **chain})

    assert ["/var/log/all"] == [route.target for route in syslog.routes(circle, CONF)]
    with pytest.raises(Unread, match="too deep"):
        syslog.routes(deep, CONF)


TOP = (0o755, 0, "/var/log/")
FILES = [
    ("all as they should be", [TOP], "good", "/var/log 0755"),
    ("another owner", [TOP, (0o640, 1000, "/var/log/app.log")], "vulnerable", "app.log 0640 1000:1000"),
    ("too open", [TOP, (0o664, 0, "/var/log/wtmp")], "vulnerable", "wtmp"),
    ("numbers do not decide", [TOP, (0o606, 0, "/var/log/x")], "vulnerable", "/var/log/x"),
    ("never came by", [], "error", "/var/log was not walked"),
    ("a hostile name", [TOP, (0o666, 0, "/var/log/a\nhit\tlog_file")], "vulnerable", "\\nhit\\t"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "hits", "expected", "mention"), FILES, ids=[row[0] for row in FILES])
def test_log_files_belong_to_root_and_are_644_or_tighter(
    why: str, hits: list[tuple[int, int, str]], expected: str, mention: str
) -> None:
    got = verdict("U-67", evidence(walks={"log_file": ("ok", len(hits), hits)}), "kisa-2026")

    assert expected == got.verdict, why
    assert mention in said(got)


@pytest.mark.parametrize("status", ["timeout", "denied", "failed", "absent"])
def test_log_files_that_were_not_all_seen_are_never_good(status: str) -> None:
    got = verdict("U-67", evidence(walks={"log_file": (status, 1, [TOP])}), "kisa-2026")

    assert "error" == got.verdict
    assert status in said(got)


def test_log_files_beyond_the_list_cannot_be_good() -> None:
    assert "error" == verdict("U-67", evidence(walks={"log_file": ("cut", 9, [TOP])}), "kisa-2026").verdict


def test_a_tailoring_names_services_that_own_their_logs() -> None:
    server = evidence(
        passwd="root:0:/root:/bin/sh syslog:104:/:/bin/false",
        walks={"log_file": ("ok", 2, [TOP, (0o640, 104, "/var/log/syslog")])},
    )
    strange = evidence(walks={"log_file": ("ok", 2, [TOP, (0o640, 104, "/var/log/syslog")])})

    assert ["good"] == [c.verdict for c in checks("unix.log-files", server, owners=["root", "syslog"])]
    assert ["vulnerable"] == [c.verdict for c in checks("unix.log-files", strange, owners=["root", "syslog"])]
    assert ["good"] == [
        c.verdict
        for c in checks(
            "unix.log-files",
            evidence(walks={"log_file": ("ok", 2, [TOP, (0o664, 0, "/var/log/wtmp")])}),
            mode="0664",
        )
    ]
    with pytest.raises(BenchmarkError, match="cannot be judged"):
        checks("unix.log-files", server, mode="0640")
