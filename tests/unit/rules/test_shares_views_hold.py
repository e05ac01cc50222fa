"""Whatever stands in the files of FTP servers, Samba, NFS and banners, a view raises nothing but Unread."""

# ruff: noqa: E501 - fragments by the parser they are for

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cce.benchmarks import load
from cce.evidence.model import Unread
from cce.evidence.views import banners, exports, firewall, ftp, proftpd, samba
from cce.judge import judge
from cce.verdict import Verdict
from evidence_samples import evidence, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from cce.evidence.model import Evidence

PRO, SMB = "/etc/proftpd/proftpd.conf", "/etc/samba/smb.conf"
WORDS = st.sampled_from(
    [
        "<", ">", "</", "<Global>", "</Global>", "<Limit LOGIN>", "</Limit>", "<Anonymous", "<IfModule !mod_tls.c>", "</IfModule>",
        "<VirtualHost", "Include", PRO, "/etc/proftpd/*", "/etc/proftpd/conf.d/", "ServerIdent", "on", "off", '"', "TLSRequired",
        "TLSEngine", "auth+data", "Port", "0", "Order", "allow,deny", "Allow", "from", "all", "DenyAll", "10.111.0.", "RootLogin",
        "ftpd_banner=", "banner_file=", "ssl_enable=YES", "listen_port=", "anonymous_enable=", "tcp_wrappers=YES", "FortunesFile",
        "TLS", "[", "]", "[global]", "[pub]", "guest ok = yes", "path=", "copy =", "include =", SMB, "config file =", "registry",
        "%m", "valid users =", ";", "=", "\\", "guest_ok=y", "usershare allow guests = yes", "/srv", "*(rw", "(", ")", "anonuid=",
        "no_root_squash", "-", ",", "dport", "--dport", "21:", "99999999999999999999", "²", "-j", "DROP", "ACCEPT", "drop", "{",
        "-P INPUT DROP", "-A INPUT", "경고", "\\l", "\\4{", "\x00", "\udcff", "9" * 40,
    ]
)  # fmt: skip
LINE = st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=8).map(" ".join)
CONTENT = st.lists(LINE, max_size=10).map("\n".join)
PATHS = (
    PRO, "/etc/proftpd/conf.d/a.conf", "/etc/default/proftpd", "/etc/vsftpd.conf", "/etc/vsftpd/b.conf", "/etc/pure-ftpd/conf/TLS",
    "/etc/pure-ftpd/conf/FortunesFile", "/etc/pure-ftpd/pure-ftpd.conf", SMB, "/var/lib/samba/usershares/a", "/etc/exports",
    "/etc/motd", "/etc/issue", "/etc/issue.net", "/etc/motd.d/a", "/etc/ssh/sshd_config", "/etc/hosts.allow", "/etc/hosts.deny",
)  # fmt: skip
COMMANDS = ("sshd -T", "nft list ruleset", "iptables -S", "ss -lntu")
UNITS = dict.fromkeys(
    (
        "vsftpd.service", "vsftpd@b.service", "proftpd.service", "pure-ftpd.service", "smbd.service",
        "nfs-server.service", "ssh.service", "telnet.socket",
    ),
    "enabled active",
)  # fmt: skip
#: The items of this area.
ITEMS = ("U-35", "U-40", "U-53", "U-54", "U-56", "U-57", "U-62")

VIEWS: dict[str, Callable[[Evidence], object]] = {
    "vsftpd": lambda e: [ftp.Vsftpd(e, path) for path in ftp.vsftpd(e)],
    "pure-ftpd": lambda e: ftp.pure(e, "TLS"),
    "proftpd": lambda e: [proftpd.login(server.blocks("limit")) for server in proftpd.servers(e)],
    "samba": lambda e: (
        samba.uses(e),
        samba.guests(samba.read(e)),
        samba.user_shares(e, samba.read(e)),
    ),
    "exports": exports.shares,
    "banners": lambda e: (banners.message(e, "/etc/motd"), banners.generated(e, "/etc/motd")),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@given(contents=st.dictionaries(st.sampled_from(PATHS), CONTENT))
@settings(max_examples=60, deadline=None)
def test_a_view_raises_nothing_but_unread(
    view: Callable[[Evidence], object], contents: dict[str, str]
) -> None:
    with contextlib.suppress(Unread):
        view(evidence(texts=contents, units=UNITS))


@given(content=CONTENT, port=st.integers(0, 70000))
@settings(max_examples=100, deadline=None)
def test_whether_a_port_is_reached_is_said_of_any_rule_set(content: str, port: int) -> None:
    for read in (firewall.from_nft, firewall.from_iptables):
        step = read("x", text("x", content)).reach(port)

        assert step is None or step.kind in {"open", "everything", "unfiltered"}


@given(
    contents=st.dictionaries(st.sampled_from(PATHS), CONTENT, min_size=3),
    outputs=st.dictionaries(st.sampled_from(COMMANDS), CONTENT),
    unread=st.dictionaries(
        st.tuples(st.just("text"), st.sampled_from(PATHS)), st.sampled_from(["denied", "cut", "special"])
    ),
)
@settings(max_examples=60, deadline=None)
def test_every_item_gets_a_verdict_with_a_reason_in_both_languages(
    contents: dict[str, str], outputs: dict[str, str], unread: dict[tuple[str, str], str]
) -> None:
    server = evidence(texts=contents, commands=outputs, unread=unread, units=UNITS)

    got = judge(server, load("kisa-2026").select(ITEMS))

    assert len(ITEMS) == len(got)
    assert all(check.reason.ko and check.reason.en for v in got for check in v.checks)
    assert all(v.verdict in Verdict and v.verdict is not Verdict.REVIEW for v in got)


def test_without_any_evidence_no_item_is_good() -> None:
    nothing = evidence()
    object.__setattr__(nothing, "statuses", {})
    object.__setattr__(nothing, "units", {})

    assert {Verdict.ERROR} == {v.verdict for v in judge(nothing, load("kisa-2026").select(ITEMS))}


def test_includes_that_multiply_come_to_an_end() -> None:
    """Sixteen files that each include the next one twice would be 65,536 files."""
    files = {f"/etc/proftpd/{n}.conf": f"Include /etc/proftpd/{n + 1}.conf\n" * 4 for n in range(14)}
    files[PRO] = "Include /etc/proftpd/0.conf"
    with pytest.raises(Unread, match="too many lines"):
        proftpd.servers(evidence(texts={**files, "/etc/proftpd/14.conf": ""}))
    files = {f"/etc/samba/{n}": f"include = /etc/samba/{n + 1}\n" * 4 for n in range(14)}
    files[SMB] = "include = /etc/samba/0"
    with pytest.raises(Unread, match="too many lines"):
        samba.read(evidence(texts={**files, "/etc/samba/14": ""}))
