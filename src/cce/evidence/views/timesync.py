"""What keeps the clock right: chronyd, ntpd, OpenNTPD or systemd-timesyncd, and from where."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views.includes import followed, matching
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, Line, Unit


@dataclass(frozen=True, slots=True)
class Daemon:
    """A program that sets the clock; ``synchronised`` matches the line of ``command`` that says it does."""

    name: str
    units: tuple[str, ...]
    configs: tuple[str, ...]
    command: str = ""
    synchronised: str = ""


_TIMESYNCD: Final = "systemd-timesyncd"
DAEMONS: Final = (
    Daemon(
        "chronyd",
        ("chrony.service", "chronyd.service"),
        ("/etc/chrony/chrony.conf", "/etc/chrony.conf"),
        "chronyc -n sources",
        r"[\^=#]\*.*",
    ),
    Daemon(
        "ntpd",
        ("ntpsec.service", "ntp.service", "ntpd.service"),
        ("/etc/ntpsec/ntp.conf", "/etc/ntp.conf"),
        "ntpq -pn",
        r"(?!.127\.127\.1\.)[*o][0-9A-Fa-f.:]+\s.*",  # 127.127.1.x is the server's own clock
    ),
    Daemon("openntpd", ("openntpd.service",), ("/etc/openntpd/ntpd.conf", "/etc/ntpd.conf")),
    Daemon(
        _TIMESYNCD,
        ("systemd-timesyncd.service",),
        ("/etc/systemd/timesyncd.conf",),
        "timedatectl show -p NTPSynchronized",
        "NTPSynchronized=yes",
    ),
)
_DIRECTORIES: Final = tuple(
    f"{top}/systemd/timesyncd.conf.d" for top in ("/etc", "/run", "/usr/local/lib", "/usr/lib")
)
_SOURCES: Final = frozenset({"server", "servers", "pool", "peer", "refclock", "sensor"})
#: Not a source: one that is watched only, and the server's own clock.
_NO_SOURCE: Final = re.compile(r"\snoselect\b|^server\s+127\.127\.1\.|^refclock\s+local\b", re.IGNORECASE)


def units(evidence: Evidence) -> list[tuple[Daemon, Unit]]:
    """The daemons whose unit exists, each with the unit that says most: one that runs before another."""
    found = []
    for daemon in DAEMONS:
        known = [u for u in map(evidence.unit, daemon.units) if u is not None]
        if known:
            found.append((daemon, max(known, key=lambda u: (u.runs, u.in_use))))
    return found


def says_synchronised(evidence: Evidence, daemon: Daemon) -> tuple[bool, Fact] | None:
    """Whether the daemon follows a source now, in its own words; ``None`` where it does not say."""
    try:
        output = evidence.command(daemon.command) if daemon.command else None
    except Unread:
        return None
    if output is None:
        return None
    for line in output.lines:
        if re.fullmatch(daemon.synchronised, line.text.strip(), re.DOTALL):
            return True, Fact(daemon.command, line.text)
    said = output.lines[-1].text if output.lines else "no source"
    return False, Fact(daemon.command, said)


def sources(evidence: Evidence, daemon: Daemon) -> list[Fact]:
    """The sources that the daemon's configuration names.

    Raises
    ------
    Unread
        When the configuration or a file that it includes was not read, or there is none.
    """
    if daemon.name == _TIMESYNCD:
        return _timesyncd(evidence, daemon.configs[0])
    if all(evidence.lines(path) is None for path in daemon.configs):
        raise Unread(daemon.configs[0], f"absent, although {daemon.name} is in use")
    lines = (
        line
        for path in daemon.configs
        for line in followed(evidence, path, lambda line: _included(evidence, line))
    )
    return [
        line.fact
        for line in lines
        if line.text.split()[0].lower() in _SOURCES and not _NO_SOURCE.search(line.text)
    ]


_INCLUDES: Final = {"include": "", "includefile": "", "confdir": "/*.conf", "sourcedir": "/*.sources"}


def _included(evidence: Evidence, line: Line) -> Iterator[str]:
    name, *words = line.text.split()
    end = _INCLUDES.get(name.lower())
    if end is None:
        return
    for word in words if end else words[:1]:
        yield from matching(evidence, posixpath.join("/etc", word) + end)


def _timesyncd(evidence: Evidence, config: str) -> list[Fact]:
    """NTP=, or FallbackNTP= where that names none; unset it is what the distribution compiled in."""
    values: dict[str, list[Fact]] = {"ntp": [], "fallbackntp": [Fact(config, "FallbackNTP unset (built-in)")]}
    for path in (config, *_drop_ins(evidence)):
        section = ""
        for line in evidence.lines(path) or ():
            name, equals, value = line.text.partition("=")
            name = name.strip().lower()
            if line.text.startswith("["):
                section = line.text.strip().lower()
            elif equals and section == "[time]" and name in values:
                # A value is added to those before; an empty one forgets them.
                kept = [] if not value.strip() else [f for f in values[name] if "unset" not in f.value]
                values[name] = kept + ([line.fact] if value.strip() else [])
    return values["ntp"] or values["fallbackntp"]


def _drop_ins(evidence: Evidence) -> list[str]:
    """The drop-ins by their names; of one name the first directory counts, so /etc masks the others."""
    by_name: dict[str, str] = {}
    for directory in _DIRECTORIES:
        for path in evidence.directory(directory) or ():
            if path.endswith(".conf"):
                by_name.setdefault(posixpath.basename(path), path)
    return [by_name[name] for name in sorted(by_name)]
