"""Packet filters: what a rule set does with what comes in.

Rule sets of nft and of iptables (live or saved) come to the same picture: does the chain that
incoming packets enter refuse what no rule accepts, and which rules accept from anywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What says nothing about which packets a rule is for.
_ASIDE: Final = re.compile(
    r"\b(?:counter(?: packets \d+ bytes \d+)?|log(?: (?:prefix|level|flags|group) (?:\"[^\"]*\"|\S+))*"
    r"|comment \"[^\"]*\")|-m comment|--comment (?:\"[^\"]*\"|\S+)"
)
_REFUSES: Final = re.compile(r"drop|reject\b.*|(?:-A \S+ )?-j (?:DROP|REJECT\b.*)")
_JUMP: Final = re.compile(r"(?:\b(?:jump|goto)|\s-[jg])\s+(\S+)")
_BARE_JUMP: Final = re.compile(r"(?:jump|goto)\s+\S+|-A \S+ -[jg] \S+")
#: Accepting these opens no service: answers, the machine itself, ICMP, IGMP, answers of DHCP.
_HARMLESS: Final = re.compile(
    r"established|related|\biif(?:name)? \"?lo\"?(?=\s)|-i lo\b|icmp|\bigmp\b|dport (?:546|68)\b",
    re.IGNORECASE,
)
_SOURCE: Final = re.compile(r"(?:\s(?:-s|--source|--src-range)|\bip6? saddr)\s+(\S+)")
_NEGATED: Final = re.compile(r"!\s+(?:-s|--src-range)\s|\bsaddr\s+!=")
_ANYWHERE: Final = re.compile(r"(?:0\.0\.0\.0|::)/0")
_PART: Final = re.compile(
    r"dports?\b|-p (?!all)|\bip protocol\b|\bmeta l4proto\b|\biif(?:name)?\b|\s-i\s|--match-set\b"
)


@dataclass(slots=True)
class _Chain:
    """One chain; ``hook`` says whether incoming packets enter here."""

    hook: bool = False
    policy: str = "accept"
    rules: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    """A rule that accepts or refuses, and under which conditions; ``kind`` is where it was sorted."""

    kind: str  # limited, open, everything, refused
    conditions: str
    line: Line


@dataclass(slots=True)
class RuleSet:
    """What a packet filter does with incoming packets."""

    source: str
    refuses: bool = False  # what no rule accepts is dropped or rejected
    limited: list[Line] = field(default_factory=list)  # accepted from certain addresses
    open: list[Line] = field(default_factory=list)  # some port, protocol or interface from anywhere
    everything: list[Line] = field(default_factory=list)  # all from anywhere
    steps: list[Step] = field(default_factory=list)  # in the order of packets

    @property
    def limits(self) -> bool:
        """Whether it refuses what it does not let in, and does not let everything in."""
        return self.refuses and not self.everything

    def reach(self, port: int) -> Step | None:
        """The rule that lets everybody reach a TCP port; ``None`` where at most certain addresses can.

        Where no rule lets it in and none refuses it, the step is ``unfiltered``, with an empty line.
        """
        for step in self.steps:
            if step.kind == "everything" or (step.kind == "open" and _covers(step.conditions, port)):
                return step
            if (
                step.kind == "refused"
                and _covers(step.conditions, port)
                and not _PLAIN.sub("", step.conditions).strip()
            ):
                return None
        return None if self.refuses else Step("unfiltered", "", Line(self.source, 0, ""))


#: What a refusal may say and still be for everybody: a port of TCP, new connections, all but some addresses.
_PLAIN: Final = re.compile(
    r"-A \S+|-p tcp|-m (?:tcp|multiport|state|conntrack)|--dports? \S+|--(?:ct)?state NEW\b"
    r"|-[jg] \S+(?: --reject-with \S+)?|! -s \S+|(?:tcp )?dport (?:\{[^}]*\}|\S+)|meta l4proto tcp"
    r"|ip6? (?:protocol|nexthdr) tcp|ip6? saddr != \S+|ct state new|\b(?:jump|goto) \S+|\bdrop\b|\breject\b.*"
)
_PORTS: Final = re.compile(r"(?:--dports?|--destination-ports?|\bdport)\s+(!=\s+)?(\{[^}]*\}|\S+)")


def _covers(conditions: str, port: int) -> bool:
    """Whether a rule is for that TCP port, as far as it says: one that names no port is for every one."""
    if re.search(r"-p (?!tcp|all|6\b)|! --dports?|\budp\b", conditions):
        return False
    for negated, ports in _PORTS.findall(conditions):
        if any(_holds(part.strip(), port) for part in ports.strip("{} ").split(",")) == bool(negated):
            return False
    return True


def _holds(ports: str, port: int) -> bool:
    first, _, last = ports.replace(":", "-").partition("-")
    names = {"ftp": "21", "ssh": "22", "telnet": "23"}
    low, high = names.get(first, first), names.get(last, last) or names.get(first, first)
    return low.isdecimal() and high.isdecimal() and int(low[:5]) <= port <= int(high[:5])


def from_nft(source: str, lines: Iterable[Line], families: tuple[str, ...] | None = None) -> RuleSet:
    """Read ``nft list ruleset`` or ``/etc/nftables.conf``: every table, or those of the families alone."""
    chains: dict[str, _Chain] = {}
    table, chain = "", None
    for line in lines:
        text = line.text.strip()
        if match := re.match(r"table\s+([^{]+)", text):
            table = match[1].strip()
        elif match := re.match(r"chain\s+([^\s{]+)\s*\{?", text):
            chain = chains.setdefault(f"{table}/{match[1]}", _Chain())
            _nft_statement(chain, text[match.end() :].strip(" }"), line)
        elif text.startswith("}"):
            chain = None
        elif text.startswith("flush ruleset"):
            chains = {}
        elif chain is not None:
            _nft_statement(chain, text, line)
    if families is not None:
        chains = {name: chain for name, chain in chains.items() if name.split(" ")[0] in families}
    return _summed(source, chains)


def _nft_statement(chain: _Chain, text: str, line: Line) -> None:
    if not text.startswith(("type ", "policy ")):
        chain.rules += [line] if text else []
        return
    chain.hook = chain.hook or re.search(r"\bfilter hook input\b", text) is not None
    if policy := re.search(r"policy\s+(\w+)", text):
        chain.policy = policy[1]


def from_iptables(source: str, lines: Iterable[Line]) -> RuleSet:
    """Read ``iptables -S``, ``ip6tables -S`` or a saved ``rules.v4``; only the table ``filter`` counts."""
    chains: dict[str, _Chain] = {"INPUT": _Chain(hook=True)}
    table = "filter"
    for line in lines:
        text = line.text.strip()
        if text.startswith("*"):
            table = text[1:]
        elif table != "filter":
            continue
        elif match := re.match(r"(?:-P\s+|:)(\S+)\s+(\S+)", text):
            chains.setdefault(match[1], _Chain()).policy = "drop" if match[2] == "DROP" else "accept"
        elif match := re.match(r"-A\s+(\S+)\s+", text):
            chains.setdefault(match[1], _Chain()).rules.append(line)
    return _summed(source, chains)


def _summed(source: str, chains: dict[str, _Chain]) -> RuleSet:
    result = RuleSet(source)
    for name, chain in chains.items():
        if chain.hook:
            refused = _follow(result, chains, name, "", {name})
            result.refuses = result.refuses or refused or chain.policy == "drop"
    return result


def _follow(result: RuleSet, chains: dict[str, _Chain], name: str, context: str, above: set[str]) -> bool:
    """Sort the accepting rules of a chain and of those it jumps to; whether it refuses what is left.

    ``context`` holds the conditions under which packets came here.
    """
    table = name.rpartition("/")[0]
    for line in chains[name].rules:
        text = " ".join(_ASIDE.sub(" ", line.text).split())
        if _REFUSES.fullmatch(text):
            if context:
                result.steps.append(Step("refused", f"{context} ", line))
            return not context
        if re.search(r"\s-j (?:DROP|REJECT)\b|\b(?:drop|reject)\b", text):
            result.steps.append(Step("refused", f"{context} {text} ", line))
            continue
        jump = _JUMP.search(text)
        target = f"{table}/{jump[1]}" if jump and table else jump[1] if jump else ""
        if target in chains and target not in above:
            condition = context if _BARE_JUMP.fullmatch(text) else f"{context} {text}"
            if _follow(result, chains, target, condition, above | {target}):
                return True
        elif re.search(r"-j ACCEPT\b|\baccept\b", text):
            _sort(result, f"{context} {text} ", line)
    return False


def _sort(result: RuleSet, conditions: str, line: Line) -> None:
    if _HARMLESS.search(conditions) and not re.search(r"\bnew\b", conditions, re.IGNORECASE):
        return
    sources = _SOURCE.findall(conditions)
    if any(not _ANYWHERE.fullmatch(s) for s in sources) and not _NEGATED.search(conditions):
        kind = "limited"
    elif _PART.search(conditions):
        kind = "open"
    else:
        kind = "everything"
    lines = {"limited": result.limited, "open": result.open, "everything": result.everything}
    lines[kind].append(line)
    result.steps.append(Step(kind, conditions, line))
