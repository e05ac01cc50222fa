"""BIND's configuration as named itself reads it: includes in place, views, what is in effect for a zone."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views import services
from cce.evidence.views.address_lists import LOOPBACK, AddressLists
from cce.evidence.views.includes import matching
from cce.evidence.views.named_syntax import Statement, parse
from cce.evidence.views.once import once

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cce.evidence.model import Evidence, Package
    from cce.verdict import Fact

CHROOT: Final = "/var/named/chroot"
_DEBIAN, _OTHERS = "/etc/bind/named.conf", "/etc/named.conf"
_CHROOT_UNIT: Final = "named-chroot.service"
_UNITS: Final = ("named.service", "bind9.service", _CHROOT_UNIT)
_PACKAGES: Final = ("bind9", "bind", "bind9.16", "bind9.18")
#: From this version on nobody gets a zone unless the configuration allows it (9.19 was its development).
_CLOSED_SINCE: Final = (9, 20)
_KINDS: Final = {"master": "primary", "primary": "primary", "slave": "secondary", "secondary": "secondary"}
_MOST_FILES: Final = 1000
_MAX_DEPTH: Final = 16
#: The name that stands for zones which named adds while it runs (rndc addzone, catalog zones).
RUNTIME_ZONES: Final = "(zones added at run time)"


@dataclass(frozen=True, slots=True)
class Access:
    """What decides about one right to a zone.

    ``statement`` is ``None`` where named's default decides; ``everybody``: it lets strangers in;
    ``reached``: strangers are answered at all.
    """

    statement: Statement | None
    everybody: bool
    reached: bool

    @property
    def open(self) -> bool:
        """Whether a stranger has the right."""
        return self.everybody and self.reached


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone that named serves from data of its own; ``kind`` is ``primary`` or ``secondary``."""

    name: str
    kind: str
    view: str
    transfer: Access
    update: Access


def uses(evidence: Evidence) -> list[Fact]:
    """What shows that named is in use; empty when no DNS service is.

    Raises
    ------
    Unread
        When a unit was not read, or another DNS server is in use, whose configuration nobody reads.
    """
    found = units(evidence)
    if not found and (others := answered(evidence)):
        raise Unread("port 53", f"answered by another DNS server than BIND: {others[0].value}")
    return found


def units(evidence: Evidence) -> list[Fact]:
    """The units of named that run or are started at boot."""
    return [*services.unit_uses(evidence, _UNITS), *services.program_uses(evidence, "named")]


def answered(evidence: Evidence) -> list[Fact]:
    """The listening sockets of DNS that more than the server itself reaches."""
    found = (f for protocol in ("udp", "tcp") for f in services.listening(evidence, protocol, (53,)))
    return [f for f in found if not re.search(r"\s(?:127\.[\d.]+|\[::1\])(?:%\S+)?:53\s", f"{f.value} ")]


def package(evidence: Evidence) -> Package | None:
    """The installed package of BIND; ``None`` where it was not installed as one."""
    found = (evidence.package(name) for name in _PACKAGES)
    return next((p for p in found if p is not None), None)


@once
def zones(evidence: Evidence) -> tuple[Zone, ...]:
    """The zones of the configuration in effect, in its order.

    Raises
    ------
    Unread
        When the configuration or a file that it includes was not read, or named could not read it either.
    """
    return tuple(_configuration(evidence).zones())


@once
def version(evidence: Evidence) -> Statement | None:
    """The statement with what named answers when it is asked for its version; ``None``: with its version.

    Raises
    ------
    Unread
        Like :func:`zones`; also where a zone of the server's own answers, whose data is not collected.
    """
    read = _configuration(evidence)
    views = [s for s in read.statements if s.name == "view"]
    for zone in (s for around in (read.statements, *(v.block or () for v in views)) for s in around):
        if zone.name == "zone" and zone.argument.rstrip(".").lower() in {"version.bind", "bind"}:
            raise Unread(zone.line.where, f"the zone {zone.argument} answers, whose data is not collected")
    return _nearest([read.options], "version")


@once
def _configuration(evidence: Evidence) -> _Configuration:
    return _Configuration(evidence)


class _Configuration:
    """The statements of named.conf with those of its includes in place."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.root, path = _location(evidence)
        self.files = 0
        self.directory = "/"
        self.statements = list(self.read(path, 0))
        self.options = _block(self.statements, "options")
        self.lists = AddressLists(s for s in self.statements if s.name == "acl")

    def read(self, path: str, depth: int) -> Iterator[Statement]:
        """The statements of one file; a file of the chroot that was not there is the one outside."""
        self.files += 1
        if depth > _MAX_DEPTH or self.files > _MOST_FILES:
            raise Unread(path, "included too deep")
        lines = self.evidence.lines(self.root + path) if self.root else None
        if lines is None:
            lines = self.evidence.lines(path)
        if lines is None:
            raise Unread(path, "absent, although named is to read it")
        yield from self.expanded(parse(path, lines), depth)

    def expanded(self, statements: Iterable[Statement], depth: int) -> Iterator[Statement]:
        for statement in statements:
            name, argument = statement.name, statement.argument
            if name == "include" and argument:
                path = posixpath.join(self.directory, argument)
                for included in self.matching(path):
                    yield from self.read(included, depth + 1)
                continue
            if name == "directory":
                self.directory = posixpath.join("/", argument)
            if statement.block is not None:
                inner = tuple(self.expanded(statement.block, depth))
                yield Statement(statement.words, inner, statement.line)
            else:
                yield statement

    def matching(self, path: str) -> list[str]:
        found = [p.removeprefix(self.root) for p in matching(self.evidence, self.root + path)]
        return found or matching(self.evidence, path)

    def zones(self) -> Iterator[Zone]:
        views = [(s.argument, list(s.block or ())) for s in self.statements if s.name == "view"]
        for view, around in [("", []), *views]:
            for statement in around if view else self.statements:
                if statement.name == "zone" and statement.block is not None:
                    yield from self.zone(statement, view, around)
            scopes = [around, self.options]
            if _at_run_time(scopes) and (view or not views):
                yield self.made(RUNTIME_ZONES, "primary", view, scopes)

    def zone(self, statement: Statement, view: str, around: list[Statement]) -> Iterator[Zone]:
        own = list(statement.block or ())
        kind = next((s.argument.lower() for s in own if s.name == "type"), "")
        if not kind and not any(s.name == "in-view" for s in own):
            raise Unread(statement.line.where, f"the zone {statement.argument} has no type (a template)")
        if kind == "mirror" and any(s.name == "allow-transfer" for s in own):
            yield self.made(statement.argument, "secondary", view, [own])
        elif kind in _KINDS:
            yield self.made(statement.argument, _KINDS[kind], view, [own, around, self.options])

    def made(self, name: str, kind: str, view: str, scopes: list[list[Statement]]) -> Zone:
        transfer = self.access(_nearest(scopes, "allow-transfer"))
        if transfer.statement is None and self.open_by_default:
            transfer = Access(None, everybody=True, reached=self.reached(4) or self.reached(6))
        # A policy lets in by key alone; without any statement nobody may update.
        update = _nearest(scopes[:1], "update-policy") or _nearest(scopes, "allow-update")
        return Zone(name, kind, view, transfer, self.access(update))

    def access(self, statement: Statement | None) -> Access:
        open_to: list[int] = []  # the families of addresses
        if statement is not None and statement.name != "update-policy":
            open_to = [f for f in (4, 6) if self.lists.everybody(statement.block or (), f)]
        return Access(statement, bool(open_to), any(map(self.reached, open_to)))

    @cached_property
    def open_by_default(self) -> bool:
        return default_transfer(self.evidence) == "any"

    def reached(self, family: int) -> bool:
        """Whether named answers strangers of the family (4 or 6): it listens, and does not ignore them."""
        listens = [s for s in self.options if s.name == ("listen-on" if family == 4 else "listen-on-v6")]  # noqa: PLR2004
        if listens and all(e.words and e.words[-1] in LOOPBACK for s in listens for e in s.block or ()):
            return False
        ignored = next((s for s in self.options if s.name == "blackhole"), None)
        return ignored is None or not self.lists.everybody(ignored.block or (), family)


def default_transfer(evidence: Evidence) -> str:
    """Who gets a zone where nothing says so, by the version; the older default where it is unknown."""
    try:
        installed = package(evidence)
    except Unread:
        return "any"
    version = re.match(r"(?:\d{1,9}:)?(\d{1,9})\.(\d{1,9})", installed.version) if installed else None
    closed = version is not None and (int(version[1]), int(version[2])) >= _CLOSED_SINCE
    return "none" if closed else "any"


def _location(evidence: Evidence) -> tuple[str, str]:
    """The directory that named is shut into, or nothing, and its configuration there."""
    if any(services.unit_uses(evidence, (_CHROOT_UNIT,))) and evidence.lines(CHROOT + _OTHERS) is not None:
        return CHROOT, _OTHERS
    for path in (_DEBIAN, _OTHERS):
        if evidence.lines(path) is not None:
            return "", path
    raise Unread(_OTHERS, "absent, although named is in use")


def _block(statements: Iterable[Statement], name: str) -> list[Statement]:
    return [inner for s in statements if s.name == name for inner in s.block or ()]


def _nearest(scopes: Iterable[list[Statement]], name: str) -> Statement | None:
    return next((s for scope in scopes for s in scope if s.name == name), None)


def _at_run_time(scopes: list[list[Statement]]) -> bool:
    added = _nearest(scopes, "allow-new-zones")
    allowed = added is not None and added.argument.lower() in {"yes", "true", "1"}
    return allowed or _nearest(scopes, "catalog-zones") is not None
