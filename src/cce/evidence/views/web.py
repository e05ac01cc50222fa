"""Which web servers are in use: units, and who listens on ports 80 and 443."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from cce.evidence.model import Unread
from cce.evidence.views import services
from cce.evidence.views.once import once
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence

_PORTS: Final = (80, 443)
_APACHE_UNITS: Final = ("apache2.service", "httpd.service")
_UNITS: Final = {"apache": _APACHE_UNITS, "nginx": ("nginx.service",)}
#: Programs that units of other names start.
_PROGRAMS: Final = {
    "apache": "apachectl|apache2ctl|apache2|httpd",
    "nginx": "nginx",
    "lighttpd": "lighttpd",
    "caddy": "caddy",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A web server in use; ``other`` is a program whose configuration nobody reads here."""

    kind: Literal["apache", "nginx", "other"]
    program: str
    facts: tuple[Fact, ...]

    @property
    def old_names(self) -> bool:
        """Whether Apache runs under its name ``httpd``."""
        said = [f"{fact.source} {fact.value}" for fact in self.facts]
        return any("httpd" in text for text in said) and not any("apache2" in text for text in said)


@once
def servers(evidence: Evidence, ignored: tuple[str, ...] = ()) -> tuple[Server, ...]:
    """The web servers in use.

    Parameters
    ----------
    ignored
        Programs that may listen on the ports and are no web servers.

    Raises
    ------
    Unread
        When nothing shows one, and something that could show it was not read.
    """
    facts: dict[str, list[Fact]] = {}
    unread = None
    for kind, units in _UNITS.items():
        try:
            facts.setdefault(kind, []).extend(services.unit_uses(evidence, units))
        except Unread as error:
            unread = unread or error
    for kind, programs in _PROGRAMS.items():
        facts.setdefault(kind, []).extend(services.program_uses(evidence, programs))
    for program, fact in _listeners(evidence):
        if program not in ignored:
            facts.setdefault(_kind(program), []).append(fact)
    known = any(facts.get(kind) for kind in _UNITS)
    if not known and "" not in facts and not _said(evidence):
        facts[""] = [f for port in _PORTS for f in services.listening(evidence, "tcp", (port,))]
    if known:
        facts.pop("", None)  # a listener without a name is theirs
    found = tuple(_server(kind, said) for kind, said in sorted(facts.items()) if said)
    if unread is not None and not found:
        raise unread
    return found


def _server(kind: str, facts: list[Fact]) -> Server:
    said = tuple(facts)
    if kind == "apache":
        return Server("apache", "Apache", said)
    if kind == "nginx":
        return Server("nginx", "nginx", said)
    return Server("other", kind or "unknown", said)


def _kind(program: str) -> str:
    """``apache``, ``nginx``, or the program's own name."""
    if program == "apache2" or re.fullmatch(r"httpd(-(prefork|worker|event))?", program):
        return "apache"
    return program


def _said(evidence: Evidence) -> bool:
    """Whether ``ss -lntp`` says who listens."""
    try:
        output = evidence.command("ss -lntp")
    except Unread:
        return False
    return output is not None


def _listeners(evidence: Evidence) -> Iterator[tuple[str, Fact]]:
    """The programs that listen on the ports; an empty name where ``ss`` does not say it."""
    if not _said(evidence):
        return
    output = evidence.command("ss -lntp")
    for line in output.lines if output else ():
        if not line.text.startswith("LISTEN"):
            continue
        names = dict.fromkeys(re.findall(r'\("([^"]*)",pid=', line.text)) or {"": None}
        for name in names:
            yield name, Fact("ss -lntp", line.text)
