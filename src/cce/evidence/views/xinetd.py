"""xinetd's configuration: which services it offers, with the defaults of ``xinetd.conf`` (xinetd.conf(5))."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views.once import once

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cce.evidence.model import Evidence, Line

CONFIG: Final = "/etc/xinetd.conf"
DIRECTORY: Final = "/etc/xinetd.d"
_SERVICE: Final = re.compile(r"service\s+(\S+)")
_SETTING: Final = re.compile(r"(\w+)\s*([+-]?=)\s*(.*)")
_INCLUDE: Final = re.compile(r"includedir\s+(\S+)")
_YES: Final = frozenset({"yes", "true", "on", "1"})


@dataclass(frozen=True, slots=True)
class Offer:
    """A service that is switched on, and the line that says so; ``name`` may be its port."""

    name: str
    line: Line
    protocol: str = ""
    server: str = ""


@dataclass(slots=True)
class _Block:
    """A ``service`` or the ``defaults``, as far as it is read; ``identity`` is its id in lists."""

    name: str
    deciding: Line
    identity: str
    on: bool = True
    said: dict[str, str] = field(default_factory=dict)  # protocol, port, server, server_args


@dataclass(slots=True)
class _Read:
    """What stands in the files read so far: services in order, and the two lists of the defaults."""

    services: list[_Block] = field(default_factory=list)
    disabled: set[str] = field(default_factory=set)
    enabled: set[str] | None = None
    directories: list[str] = field(default_factory=list)


def offers(evidence: Evidence) -> Iterator[Offer]:
    """The services that xinetd starts on demand; a file that was not read does not hide the others.

    A service is on unless ``disable = yes`` stands in its block, its id among ``disabled``, or not among
    ``enabled`` where there is such a list.

    Raises
    ------
    Unread
        After the last one, when a file was not read or stands in a directory that was not collected.
    """
    found, unread = _all(evidence)
    yield from found
    if unread is not None:
        raise unread


@once
def _all(evidence: Evidence) -> tuple[tuple[Offer, ...], Unread | None]:
    read, unread = _Read(), None
    conf = evidence.lines(CONFIG)
    _read(read, conf or ())
    if files := [line for line in conf or () if re.match(r"include\s", line.text.strip())]:
        unread = Unread(files[0].where, f"{files[0].text.strip()}: not collected")
    for directory in read.directories if conf is not None else [DIRECTORY]:
        try:
            paths = _in(evidence, directory)
        except Unread as error:
            unread = unread or error
            continue
        for path in paths:
            try:
                _read(read, evidence.lines(path) or ())
            except Unread as error:
                unread = unread or error
    return tuple(o for s in read.services if _is_on(s, read) for o in _of(s)), unread


def _of(block: _Block) -> Iterator[Offer]:
    """The service by its name, and by the port that it is given."""
    said = block.said
    protocol = said.get("protocol") or ("udp" if said.get("socket_type") == "dgram" else "tcp")
    server = said.get("server", "")
    if server.endswith("/tcpd"):
        server = (said.get("server_args", "").split() or [""])[0]
    yield Offer(block.name, block.deciding, protocol, server)
    if "port" in said and said["port"] != block.name:
        yield Offer(said["port"], block.deciding, protocol)


def _in(evidence: Evidence, directory: str) -> tuple[str, ...]:
    if directory != DIRECTORY:
        raise Unread(directory, "not collected")
    return evidence.directory(directory) or ()


def _is_on(service: _Block, read: _Read) -> bool:
    listed = read.enabled is None or service.identity in read.enabled
    return service.on and listed and service.identity not in read.disabled


def _read(read: _Read, lines: Iterable[Line]) -> None:
    block: _Block | None = None
    for line in lines:
        text = line.text.strip()
        if header := _SERVICE.match(text):
            block = _Block(header[1], line, header[1])
        elif text.startswith("defaults"):
            block = _Block("", line, "")
        elif include := _INCLUDE.match(text):
            read.directories.append(include[1].rstrip("/"))
        elif text.startswith("}"):
            read.services += [block] if block and block.name else []
            block = None
        elif block and (setting := _SETTING.match(text)):
            _set(read, block, line, setting)


def _set(read: _Read, block: _Block, line: Line, setting: re.Match[str]) -> None:
    name, operator, value = setting[1].lower(), setting[2], setting[3].strip()
    if not block.name and name in {"disabled", "enabled"}:
        before = read.disabled if name == "disabled" else read.enabled or set()
        setattr(read, name, set(_changed(before, operator, value.split())))
    elif name == "disable":
        block.on, block.deciding = value.lower() not in _YES, line
    elif name == "id":
        block.identity = value
    else:
        block.said[name] = value


def _changed(before: set[str], operator: str, words: list[str]) -> Iterator[str]:
    if operator == "-=":
        yield from before.difference(words)
        return
    yield from before if operator == "+=" else ()
    yield from words
