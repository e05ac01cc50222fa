"""Limits on who may connect: packet filter or TCP wrappers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views import firewall, services, wrappers
from cce.rules.common import guarded, listed
from cce.rules.registry import Params, good, review, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cce.evidence.model import Evidence, Line, Output
    from cce.evidence.views.firewall import RuleSet
    from cce.verdict import Check

#: Saved rule sets, what loads them, and how they are read.
_SAVED: Final = (
    ("/etc/nftables.conf", "nftables.service", firewall.from_nft),
    ("/etc/iptables/rules.v4", "netfilter-persistent.service", firewall.from_iptables),
    ("/etc/sysconfig/iptables", "iptables.service", firewall.from_iptables),
)
_LIVE: Final = (("nft list ruleset", firewall.from_nft), ("iptables -S", firewall.from_iptables))
#: nft lists both families of addresses, in tables of their own or in one; iptables only IPv4.
_IPV6: Final = (
    ("nft list ruleset", lambda name, lines: firewall.from_nft(name, lines, ("ip6", "inet"))),
    ("ip6tables -S", firewall.from_iptables),
)
_FACTS: Final = 20


class AccessLimits(Params):
    """Whether ports open to any address may stay so without a person's judgement."""

    open_ports: bool = False


@rule("unix.host-access-limits", AccessLimits)
def host_access_limits(evidence: Evidence, params: AccessLimits) -> Iterator[Check]:
    """Something limits which hosts may connect to which ports.

    A filter that refuses the rest and lets ports in only from certain addresses is good. If it lets a port
    in from anywhere, the ports are limited and the hosts are not: whether that is adequate, perhaps with a
    security group in front, is for a person; so is a filter of IPv4 where IPv6 is not limited and something
    listens on it. Without any limit the server is vulnerable; if some filter's
    state was not read and no other limits anything, nothing is known.
    """
    found: list[Check] = []
    unread: list[Unread] = []
    for look in (_filters, _front_ends, _wrappers):
        try:
            for check in look(evidence, params):
                found.append(check)  # noqa: PERF402 - what came before an Unread must stay
        except Unread as error:
            unread.append(error)
    yield from found
    if found:
        return
    if unread:
        raise unread[0]
    ko = "접속을 허용할 IP 주소 및 포트 제한이 설정되어 있지 않음"
    en = "Nothing limits who may connect: no effective packet filter, no TCP wrappers."
    yield vulnerable(ko, en, *_nothing(evidence))


def _root_directory(evidence: Evidence) -> bool:
    """Whether no command ran on purpose, so that files and enabled units must answer."""
    try:
        evidence.command("nft list ruleset")
    except Unread as unread:
        return unread.why == "skipped"
    return False


def rule_sets(evidence: Evidence) -> Iterator[RuleSet]:
    """The packet filters in effect: what the kernel has, or in a root directory what boot loads.

    Raises
    ------
    Unread
        After what could be read, when something could not.
    """
    yield from _saved_rules(evidence) if _root_directory(evidence) else _live_rules(evidence)


def _live_rules(evidence: Evidence) -> Iterator[RuleSet]:
    unread = None
    for name, read in _LIVE:
        try:
            output = evidence.command(name)
        except Unread as error:
            unread = unread or error
            continue
        if output is not None:
            yield read(name, output.lines)
    if unread is not None:
        raise unread


def _saved_rules(evidence: Evidence) -> Iterator[RuleSet]:
    for path, unit, read in _SAVED:
        lines = evidence.lines(path)
        if lines is None or not any(services.unit_uses(evidence, (unit,))):
            continue
        if include := next((line for line in lines if re.match(r"\s*include\b", line.text)), None):
            raise Unread(include.where, "the included rule set was not collected")
        yield read(path, lines)


def _filters(evidence: Evidence, params: AccessLimits) -> Iterator[Check]:
    limited, unread = False, None
    try:
        for rules in rule_sets(evidence):
            for check in _limits(rules, params):
                limited = True
                yield check
    except Unread as error:
        unread = error
    if limited and not _root_directory(evidence):
        yield from guarded((_ipv6,), lambda look: look(evidence))
    if unread is not None:
        raise unread


def _ipv6(evidence: Evidence) -> Iterator[Check]:
    """Beside a filter: IPv6, where other hosts can connect by it and nothing limits that."""
    try:
        listening = services.listening_on_ipv6(evidence)
    except Unread:
        return  # IPv4 is limited; that anything listens on IPv6 is not known
    if not listening:
        return
    unread, seen = None, []
    for name, read in _IPV6:
        try:
            output = evidence.command(name)
        except Unread as error:
            unread = unread or error
            continue
        if output is not None and read(name, output.lines).limits:
            return
        seen.append(Fact(name, "limits nothing of IPv6" if output is not None else "absent"))
    if unread is not None:
        raise unread
    ko = "IPv4와 달리 IPv6 접속은 패킷 필터로 제한되지 않음: IPv6 사용 여부와 제한 필요성 확인 필요"
    en = "IPv4 is limited, IPv6 is not, and services listen on it; a person must see whether IPv6 is in use."
    yield review(ko, en, *seen, *listening[:_FACTS])


def _limits(rules: RuleSet, params: AccessLimits) -> Iterator[Check]:
    if not rules.limits:
        return
    facts = _facts((*rules.limited, *rules.open)) or (Fact(rules.source, "refuses all that comes in"),)
    if rules.open and not params.open_ports:
        ports = listed(line.text.strip() for line in rules.open)
        ko = f"{rules.source}: 기본 차단 정책 적용됨, 모든 IP에 허용된 규칙의 적정성 확인 필요: {ports.ko}"
        en = f"{rules.source} refuses the rest, but lets these in from anywhere: {ports.en}."
        yield review(ko, en, *facts)
        return
    ko = f"{rules.source}: 기본 차단 정책 및 접속 IP·포트 제한이 적용되어 있음"
    yield good(ko, f"{rules.source} refuses what it does not let in, and names who may come in.", *facts)


def _facts(lines: Iterable[Line]) -> tuple[Fact, ...]:
    return tuple(Fact(line.where, line.text.strip()) for line in lines)[:_FACTS]


def front_ends(evidence: Evidence) -> Iterator[Fact]:
    """Firewalld and ufw in use, where the rules that they make were not listed."""
    yield from _enabled_front_ends(evidence) if _root_directory(evidence) else _running_front_ends(evidence)


def _front_ends(evidence: Evidence, _: AccessLimits) -> Iterator[Check]:
    """Both refuse what they do not let in, unless told otherwise; what they let in is for a person to see."""
    for fact in front_ends(evidence):
        ko = f"{fact.source}: 방화벽이 활성화되어 있으며 허용 규칙의 적정성 확인 필요"
        yield review(ko, f"{fact.source}: a firewall is on; a person must see what it lets in.", fact)


def _enabled_front_ends(evidence: Evidence) -> Iterator[Fact]:
    if any(services.unit_uses(evidence, ("firewalld.service",))):
        conf = evidence.lines("/etc/firewalld/firewalld.conf") or ()
        zone = next((line for line in conf if line.text.startswith("DefaultZone=")), None)
        if zone is None:
            yield Fact("unit firewalld.service", "enabled")
        elif not zone.text.strip().endswith("=trusted"):
            yield zone.fact
    if any(services.unit_uses(evidence, ("ufw.service",))):
        conf = evidence.lines("/etc/ufw/ufw.conf") or ()
        yield from (line.fact for line in conf if line.text.strip().lower() == "enabled=yes")


def _running_front_ends(evidence: Evidence) -> Iterator[Fact]:
    """What the front ends say of themselves, if the kernel's rules could not be listed whole."""
    if _output(evidence, "nft list ruleset") is not None:
        return
    for name, on in (
        ("ufw status", r"Status: active"),
        ("firewall-cmd --list-all-zones", r"(?!trusted)\S+ \(.*active.*\)"),
    ):
        output = _output(evidence, name)
        for line in output.lines if output else ():
            if re.fullmatch(on, line.text.strip()):
                yield Fact(name, line.text.strip())


def _output(evidence: Evidence, name: str) -> Output | None:
    try:
        return evidence.command(name)
    except Unread:
        return None


def _wrappers(evidence: Evidence, _: AccessLimits) -> Iterator[Check]:
    files = wrappers.wrappers(evidence)
    if files.refuses and not files.allows_all and wrappers.asked_by_daemons(evidence):
        ko = "TCP Wrapper로 접속 허용 호스트가 제한되어 있음"
        en = "TCP wrappers refuse every host that hosts.allow does not name."
        yield good(ko, en, *_facts((*files.refuses, *files.allows)))


def _nothing(evidence: Evidence) -> Iterator[Fact]:
    """What was looked at and limits nothing."""
    files = wrappers.wrappers(evidence)
    note = "" if wrappers.asked_by_daemons(evidence) else " (this system's sshd ignores TCP wrappers)"
    for line in (*files.refuses, *files.allows_all):
        yield Fact(line.where, f"{line.text}{note}")
    if not _root_directory(evidence):
        yield from (
            Fact(name, "refuses nothing" if _output(evidence, name) else "absent") for name, _ in _LIVE
        )
        return
    for path, unit, _ in _SAVED:
        if evidence.lines(path) is not None:
            used = any(services.unit_uses(evidence, (unit,)))
            yield Fact(path, "refuses nothing" if used else f"not loaded: {unit} is not enabled")
