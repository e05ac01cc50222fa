"""Who may ask Net-SNMP's agent for what. Communities come as facts about them, never as themselves."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views.includes import followed, matching
from cce.evidence.views.once import once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, Line
    from cce.verdict import Fact

CONFIG: Final = "/etc/snmp/snmpd.conf"
_FILES: Final = (
    CONFIG,
    "/etc/snmp/snmpd.local.conf",
    "/usr/share/snmp/snmpd.conf",
    "/usr/share/snmp/snmpd.local.conf",
)
#: Where the agent keeps the users that it has made, with their keys, which the probe leaves there.
_PERSISTENT: Final = ("/var/lib/snmp/snmpd.conf", "/var/lib/net-snmp/snmpd.conf")
_COMMUNITY: Final = re.compile(r"<community:(?:(public|private)|length=(\d{1,6})((?:,\w+)*))>")
_EVERYWHERE: Final = re.compile(r"default|0(?:\.0\.0\.0)?|::|(?:0(?:\.0\.0\.0)?|::)/(?:0|1|0\.0\.0\.0|::)")
_LOCAL: Final = re.compile(
    r"(?:(?:udp|tcp|dtlsudp|tlstcp|ssh)(?:v?6|ipv6)?:)?(?:127\.[\d.]+|localhost|\[::1\]|::1)(?::\d+)?|unix:.*|/.*",
    re.IGNORECASE,
)
_WITH_LEVEL: Final = frozenset({"rouser", "rwuser", "authuser"})


@dataclass(frozen=True, slots=True)
class Community:
    """A community (the password of SNMPv1 and v2c): what is known of it, and who may use it.

    ``default`` is its name where it is one of those that agents are shipped with, otherwise empty;
    ``source`` is empty for one that goes out with traps and lets nobody in.
    """

    default: str
    length: int
    classes: frozenset[str]  # letters, digits, special
    source: str
    line: Line

    @property
    def lets_in(self) -> bool:
        """Whether somebody may ask with it: not one of traps, nor of a source that is kept out."""
        return self.source != "" and not self.source.startswith("!")

    @property
    def everywhere(self) -> bool:
        """Whether it may be used from any address."""
        return _EVERYWHERE.fullmatch(self.source.lower()) is not None

    @property
    def fact(self) -> Fact:
        """The line without the community itself."""
        return self.line.fact


@dataclass(frozen=True, slots=True)
class User:
    """A user of SNMPv3; ``proves``: he must authenticate himself."""

    name: str
    proves: bool
    line: Line

    @property
    def fact(self) -> Fact:
        """The line without passphrases."""
        return self.line.fact


@dataclass(frozen=True, slots=True)
class Agent:
    """The configuration in effect; ``addresses`` holds the lines that limit where it listens."""

    communities: tuple[Community, ...]
    users: tuple[User, ...]
    addresses: tuple[Line, ...]

    @property
    def local(self) -> bool:
        """Whether it listens on the loopback interface alone."""
        asked = [a.strip() for line in self.addresses for w in line.text.split()[1:] for a in w.split(",")]
        return bool(asked) and all(_LOCAL.fullmatch(address) for address in asked)


@once
def agent(evidence: Evidence) -> Agent:
    """The agent's configuration: every file that it reads, all of which count.

    Raises
    ------
    Unread
        When a file was not read, or there is none.
    """
    if all(evidence.lines(path) is None for path in _FILES):
        raise Unread(CONFIG, "absent, although snmpd is in use")
    lines = [
        line
        for path in (*_FILES, *_PERSISTENT)
        for line in followed(evidence, path, lambda line: _included(evidence, line))
    ]
    return Agent(
        tuple(c for line in lines for c in _communities(line)),
        tuple(u for line in lines for u in _users(line)),
        tuple(line for line in lines if _words(line)[0].lower() == "agentaddress"),
    )


def _words(line: Line) -> list[str]:
    return line.text.split()


def _included(evidence: Evidence, line: Line) -> list[str]:
    name, *rest = _words(line)
    if rest and name.lower() == "includefile":
        return [posixpath.join(posixpath.dirname(line.source), rest[0])]
    if rest and name.lower() == "includedir":
        return matching(evidence, f"{rest[0]}/*.conf")
    return []


def _communities(line: Line) -> Iterator[Community]:
    """The community of a line. The probe counts the words as snmpd does, so it has its place."""
    name, *words = _words(line)
    name = name.lower()
    source = ""
    if re.fullmatch(r"r[ow]community6?", name):
        at, source = 0, words[1] if len(words) > 1 else "default"
    elif re.fullmatch(r"com2sec(?:6|unix)?", name):
        at, source = max(len(words) - 1, 2), words[-2] if len(words) > 1 else ""
        source = "localhost" if name.endswith("unix") else source
    elif name == "authcommunity":
        at, source = 1, words[2] if len(words) > 2 else "default"  # noqa: PLR2004 - types, community, source
    elif name in {"trapcommunity", "trapsess"}:
        at = 0
    elif re.fullmatch(r"trap2?sink|informsink", name):
        at = 1
    else:
        return
    if at < len(words):  # otherwise the line is not complete and snmpd refuses it
        yield _community(line, words[at], source)


def _community(line: Line, word: str, source: str) -> Community:
    match = _COMMUNITY.fullmatch(word)
    if match is None:
        raise Unread(line.where, "shortened")
    length = len(match[1]) if match[1] else int(match[2])
    classes = {"letters"} if match[1] else {c for c in match[3].split(",") if c}
    return Community(match[1] or "", length, frozenset(classes), source, line)


def _users(line: Line) -> Iterator[User]:
    name, *words = _words(line)
    name = name.lower()
    if name in {"usmuser", "createuser"}:
        yield User(words[0] if words else "", proves=True, line=line)
        return
    if name == "access":
        if len(words) > 3 and words[2].lower() == "usm":  # noqa: PLR2004 - group, context, model, level
            yield User(words[0], _proves(words[3]), line)
        return
    if name not in _WITH_LEVEL:
        return
    words = words[1:] if name == "authuser" else words
    words = words[2:] if words[:1] == ["-s"] else words
    if words:
        yield User(words[0], _proves(words[1] if len(words) > 1 else "auth"), line)


def _proves(level: str) -> bool:
    return not level.lower().startswith("n")
