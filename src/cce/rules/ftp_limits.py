"""FTP: from where it can be reached."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cce.evidence.model import Unread
from cce.evidence.views import ftp, proftpd, services, wrappers
from cce.rules.common import ServiceParams
from cce.rules.ftp import each_server, each_vsftpd
from cce.rules.network import front_ends, rule_sets
from cce.rules.registry import good, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.verdict import Check


@rule("unix.ftp-access-limits", ServiceParams)
def ftp_access_limits(evidence: Evidence, params: ServiceParams) -> Iterator[Check]:
    """Only certain hosts can reach an FTP server in use: by its own settings, libwrap or a packet filter."""
    servers = {
        "vsftpd": lambda e: each_vsftpd(e, lambda conf: _limits_conf(e, conf)),
        "proftpd": _limits_proftpd,
        "pure-ftpd": lambda e: _limited(e, "pure-ftpd", 21, _superserver(e)),
        "other": lambda e: _limited(e, "ftpd", 21, _superserver(e)),
    }
    yield from each_server(evidence, params, servers)


def _limits_conf(evidence: Evidence, conf: ftp.Vsftpd) -> Iterator[Check]:
    port = conf.get("listen_port")
    own: tuple[Fact, ...] = ()
    asks = conf.get("tcp_wrappers")
    if asks is not None and ftp.is_yes(asks.value) and wrappers.asked_by_daemons(evidence):
        own = _wrapped(evidence, "vsftpd", asks.fact)
    yield from _limited(
        evidence, "vsftpd", (port.number or 21) if port else 21, own or _superserver(evidence)
    )


def _wrapped(evidence: Evidence, daemon: str, *asked: Fact) -> tuple[Fact, ...]:
    files = wrappers.wrappers(evidence, daemon)
    if not files.refuses or files.allows_all:
        return ()
    return (*asked, *(line.fact for line in (*files.refuses, *files.allows)))


def _superserver(evidence: Evidence) -> tuple[Fact, ...]:
    """What limits an FTP server that inetd or xinetd starts: tcpd with the two files, or ``only_from``."""
    for fact in services.inetd_uses(evidence, "ftp"):
        path = fact.source.rpartition(":")[0]
        words = fact.value.split()
        if path == "/etc/inetd.conf" and len(words) > 6 and words[5].endswith("/tcpd"):  # noqa: PLR2004 - inetd's
            return _wrapped(evidence, words[6].rpartition("/")[2], fact)
        if path.startswith("/etc/xinetd.d/"):
            for line in evidence.lines(path) or ():
                hosts = re.fullmatch(r"\s*only_from\s*\+?=\s*(.+)", line.text)
                if hosts and not {"0.0.0.0", "0.0.0.0/0", "::/0"} & set(hosts[1].split()):  # noqa: S104 - a pattern
                    return (line.fact,)
    return ()


def _limits_proftpd(evidence: Evidence) -> Iterator[Check]:
    for server in proftpd.servers(evidence):
        port = server.get("port")
        number = int(port.value) if port and re.fullmatch(r"[0-9]{1,5}", port.value) else 21
        wraps = server.is_on("wrapengine")
        unread = Unread(wraps.line.where, "the tables of mod_wrap2 were not collected") if wraps else None
        own = _login_limits(server) or _superserver(evidence)
        yield from _limited(evidence, server.name, number, own, unread)


def _login_limits(server: proftpd.Server) -> tuple[Fact, ...]:
    who, block = proftpd.login(server.blocks("limit"))
    facts = [block.fact] if block else []
    for anonymous in server.blocks("anonymous"):
        inner, own = proftpd.login(anonymous.named("limit"))
        if own is not None:
            who, facts = (inner if inner == proftpd.ANYBODY else who), [*facts, own.fact]
    return () if who == proftpd.ANYBODY else tuple(facts)


def _limited(
    evidence: Evidence, name: str, port: int, own: tuple[Fact, ...], unread: Unread | None = None
) -> Iterator[Check]:
    """The check of one server: limited by ``own`` settings, or by a packet filter.

    ``unread`` is what else might limit it.
    """
    if own:
        ko = f"{name}: FTP 접속 허용 호스트가 제한되어 있음"
        yield good(ko, f"{name} lets in certain hosts alone.", *own)
        return
    facts = []
    for rules in rule_sets(evidence):
        step = rules.reach(port)
        if step is None:
            ko = f"{name}: {rules.source}에서 FTP 포트({port}) 접속이 제한되어 있음"
            lines = [Fact(line.where, line.text.strip()) for line in rules.limited[:20]]
            facts = lines or [Fact(rules.source, "refused")]
            yield good(ko, f"{rules.source} limits who reaches port {port} of {name}.", *facts)
            return
        text = step.line.text.strip()
        facts.append(Fact(step.line.where, text) if text else Fact(rules.source, "refuses nothing"))
    if unread is not None:
        raise unread
    if front := next(front_ends(evidence), None):
        raise Unread(front.source, "which ports the firewall lets in was not listed")
    ko = f"{name}: FTP 접속을 허용할 IP·호스트 제한이 설정되어 있지 않음"
    facts = facts or [Fact(name, "no limit by host, no packet filter")]
    yield vulnerable(ko, f"Nothing limits which hosts may reach {name}.", *facts)
