"""FTP servers in use: U-20 and U-62 to U-64."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evidence_samples import evidence, said, verdict

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

VSFTPD = {"vsftpd.service": "enabled active"}
PROFTPD = {"proftpd.service": "enabled active"}
PURE = {"pure-ftpd.service": "enabled active"}
CONF = "/etc/vsftpd.conf"
PAM = {
    "/etc/pam.d/vsftpd": "auth required pam_listfile.so item=user sense=deny file=/etc/ftpusers onerr=succeed"
}
XINETD_VSFTPD = {
    "/etc/xinetd.d/ftp": "service ftp\n{\n server = /usr/sbin/vsftpd\n disable = no\n}",
    CONF: "anonymous_enable=YES",
}
INETD = {"/etc/inetd.conf": "ftp stream tcp nowait root /usr/sbin/tcpd /usr/sbin/in.ftpd"}


def v(conf: str) -> Evidence:
    """A server with vsftpd."""
    return evidence(units=VSFTPD, texts={CONF: conf})


ANONYMOUS = [
    ("off", v("anonymous_enable=NO"), "good", f"{CONF}:1"),
    ("on", v("anonymous_enable=YES"), "vulnerable", f"{CONF}:1"),
    ("the last counts", v("anonymous_enable=NO\nanonymous_enable=YES"), "vulnerable", ":2"),
    ("commented", v("#anonymous_enable=NO"), "vulnerable", "unset (default YES)"),
    ("not in use", evidence(texts={CONF: "anonymous_enable=YES"}, units={"vsftpd.service": "disabled inactive"}), "good", "not in use"),
    ("configuration denied", evidence(units=VSFTPD, unread={("text", CONF): "denied"}), "error", CONF),
    ("configuration elsewhere", evidence(units=VSFTPD), "error", CONF),
    ("vsftpd by xinetd", evidence(texts=XINETD_VSFTPD, units={"xinetd.service": "enabled active"}), "vulnerable", CONF),
    ("proftpd", evidence(units=PROFTPD, texts={"/etc/proftpd/proftpd.conf": "ServerName x"}), "good", "no <Anonymous>"),
    ("proftpd, an anonymous block that lets nobody in", evidence(units=PROFTPD, texts={"/etc/proftpd.conf": "<Anonymous ~ftp>\n<Limit LOGIN>\nDenyAll\n</Limit>\n</Anonymous>"}), "good", "Anonymous"),
    ("proftpd, RHEL's, which an option would switch on", evidence(units=PROFTPD, texts={"/etc/proftpd.conf": "<IfDefine ANONYMOUS_FTP>\nInclude /etc/proftpd/anonftp.conf\n</IfDefine>", "/etc/proftpd/anonftp.conf": "<Anonymous ~ftp>\n</Anonymous>"}), "good", "no <Anonymous>"),
    ("proftpd, RHEL's, switched on", evidence(units=PROFTPD, texts={"/etc/proftpd.conf": "<IfDefine ANONYMOUS_FTP>\nInclude /etc/proftpd/anonftp.conf\n</IfDefine>", "/etc/proftpd/anonftp.conf": "<Anonymous ~ftp>\n</Anonymous>", "/etc/sysconfig/proftpd": 'PROFTPD_OPTIONS="-DANONYMOUS_FTP"'}), "vulnerable", "anonftp.conf:1"),
    ("proftpd without a configuration", evidence(units=PROFTPD), "error", "proftpd.conf"),
    ("an instance of vsftpd", evidence(units={"vsftpd@b.service": "enabled active"}, texts={"/etc/vsftpd/b.conf": "anonymous_enable=YES", "/etc/vsftpd/vsftpd.conf": "anonymous_enable=NO"}), "vulnerable", "b.conf:1"),
    ("every configuration of vsftpd by its target", evidence(units={"vsftpd.target": "enabled active"}, texts={"/etc/vsftpd/b.conf": "anonymous_enable=NO", "/etc/vsftpd/vsftpd.conf": "anonymous_enable=YES"}), "vulnerable", "vsftpd.conf:1"),
    ("pure-ftpd, Debian reads no other file", evidence(units=PURE, texts={"/etc/pure-ftpd/conf/MinUID": "1", "/etc/pure-ftpd/pure-ftpd.conf": "NoAnonymous yes"}), "vulnerable", "unset"),
    ("proftpd, included", evidence(units=PROFTPD, texts={"/etc/proftpd/proftpd.conf": "Include /etc/proftpd/conf.d/", "/etc/proftpd/conf.d/a.conf": "<Anonymous ~ftp>"}), "vulnerable", "a.conf:1"),
    ("pure-ftpd, Debian", evidence(units=PURE, texts={"/etc/pure-ftpd/conf/NoAnonymous": "yes"}), "good", "yes"),
    ("pure-ftpd, default", evidence(units=PURE), "vulnerable", "unset"),
    ("pure-ftpd, RHEL", evidence(units=PURE, texts={"/etc/pure-ftpd/pure-ftpd.conf": "NoAnonymous no"}), "vulnerable", ":1"),
    ("another, with an account", evidence(texts=INETD, units={"openbsd-inetd.service": "enabled active"}, passwd="root:0:/root:/bin/sh ftp:900:/srv/ftp:/bin/false"), "vulnerable", "ftp uid=900"),
    ("another, without", evidence(texts=INETD, units={"openbsd-inetd.service": "enabled active"}), "good", "no account"),
    ("a port only", evidence(commands={"ss -lntu": "tcp LISTEN 0 5 *:21 *:*"}, passwd="ftp:900:/srv/ftp:/bin/sh"), "vulnerable", ""),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), ANONYMOUS, ids=[r[0] for r in ANONYMOUS])
def test_anonymous_login_is_judged_by_the_server_in_use(
    why: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict("U-20", server)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


LOCAL = "local_enable=YES\npam_service_name=vsftpd\n"
LISTED = f"{LOCAL}userlist_enable=YES\n"
ROOT = [
    ("in ftpusers, asked by PAM", evidence(units=VSFTPD, texts={CONF: LOCAL, **PAM, "/etc/ftpusers": "root\nbin"}), "good", "/etc/ftpusers:1"),
    ("asked by PAM under Debian's default name", evidence(units=VSFTPD, texts={CONF: "local_enable=YES", **PAM, "/etc/ftpusers": "root"}, meta={"os.id": "ubuntu", "os.id_like": "debian"}), "good", "/etc/ftpusers:1"),
    ("asked by PAM under vsftpd's default name", evidence(units=VSFTPD, texts={CONF: "local_enable=YES", "/etc/pam.d/ftp": PAM["/etc/pam.d/vsftpd"], "/etc/ftpusers": "root"}), "good", "/etc/ftpusers:1"),
    ("asked by PAM under another name", evidence(units=VSFTPD, texts={CONF: "local_enable=YES", **PAM, "/etc/ftpusers": "root"}), "vulnerable", "/etc/pam.d/ftp no list"),
    ("of two configurations one lets root in", evidence(units={**VSFTPD, "vsftpd@b.service": "enabled active"}, texts={CONF: "local_enable=NO", "/etc/vsftpd/b.conf": "local_enable=YES"}), "vulnerable", ""),
    ("a comment in ftpusers", evidence(units=VSFTPD, texts={CONF: LOCAL, **PAM, "/etc/ftpusers": "#root\nbin"}), "vulnerable", "no list"),
    ("ftpusers that nobody asks", evidence(units=VSFTPD, texts={CONF: LOCAL, "/etc/ftpusers": "root"}), "vulnerable", ""),
    ("no local users", evidence(units=VSFTPD, texts={CONF: "anonymous_enable=NO"}), "good", "local_enable unset"),
    ("user_list denies", evidence(units=VSFTPD, texts={CONF: LISTED, "/etc/vsftpd.user_list": "root"}), "good", "user_list:1"),
    ("user_list allows", evidence(units=VSFTPD, texts={CONF: f"{LISTED}userlist_deny=NO", "/etc/vsftpd.user_list": "root"}), "vulnerable", ""),
    ("user_list allows others", evidence(units=VSFTPD, texts={CONF: f"{LISTED}userlist_deny=NO", "/etc/vsftpd.user_list": "minji"}), "good", "no root"),
    ("a list that was not collected", evidence(units=VSFTPD, texts={CONF: f"{LISTED}userlist_file=/srv/list"}, unread={("text", "/srv/list"): "not collected"}), "error", "/srv/list"),
    ("proftpd's default", evidence(units=PROFTPD, texts={"/etc/proftpd/proftpd.conf": "UseFtpUsers on"}), "good", "default off"),
    ("proftpd, RootLogin", evidence(units=PROFTPD, texts={"/etc/proftpd/proftpd.conf": "RootLogin on"}), "vulnerable", ":1"),
    ("proftpd, RootLogin but ftpusers", evidence(units=PROFTPD, texts={"/etc/proftpd/proftpd.conf": "RootLogin on", "/etc/ftpusers": "root"}), "good", "ftpusers:1"),
    ("proftpd, ftpusers not asked", evidence(units=PROFTPD, texts={"/etc/proftpd/proftpd.conf": "RootLogin on\nUseFtpUsers off", "/etc/ftpusers": "root"}), "vulnerable", ""),
    ("pure-ftpd", evidence(units=PURE, texts={"/etc/pure-ftpd/conf/MinUID": "1000"}), "good", "1000"),
    ("pure-ftpd, 0", evidence(units=PURE, texts={"/etc/pure-ftpd/conf/MinUID": "0"}), "vulnerable", ""),
    ("inetd's ftpd", evidence(texts={**INETD, "/etc/ftpusers": "root"}, units={"inetd.service": "enabled active"}), "good", "ftpusers:1"),
    ("not in use", evidence(), "good", "not in use"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), ROOT, ids=[r[0] for r in ROOT])
def test_root_is_kept_out_by_what_the_server_in_use_asks(
    why: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict("U-64", server)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


@pytest.mark.parametrize(
    ("passwd", "expected"),
    [
        ("root:0:/root:/bin/sh", "good"),
        ("ftp:900:/srv/ftp:/usr/sbin/nologin", "good"),
        ("ftp:900:/srv/ftp:/bin/false", "good"),
        ("ftp:900:/srv/ftp:/bin/bash", "vulnerable"),
        ("ftp:900:/srv/ftp:", "vulnerable"),
    ],
)
def test_the_account_ftp_needs_a_shell_that_ends_at_once(passwd: str, expected: str) -> None:
    assert expected == verdict("U-62", evidence(passwd=passwd)).verdict


@pytest.mark.parametrize(
    ("mode", "uid", "units", "expected"),
    [
        (0o640, 0, VSFTPD, "good"),
        (0o604, 0, VSFTPD, "vulnerable"),
        (0o640, 1000, VSFTPD, "vulnerable"),
        (0o666, 0, {}, "good"),
    ],
)
def test_ftpusers_is_judged_while_ftp_is_in_use(
    mode: int, uid: int, units: dict[str, str], expected: str
) -> None:
    assert expected == verdict("U-63", evidence(files={"/etc/ftpusers": (mode, uid)}, units=units)).verdict


def test_without_any_ftpusers_there_is_no_file_to_judge() -> None:
    assert "not_applicable" == verdict("U-63", evidence(units=VSFTPD)).verdict
