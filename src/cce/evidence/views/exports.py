"""What NFS shares with whom: ``/etc/exports`` and ``/etc/exports.d``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, Line
    from cce.verdict import Fact

FILE: Final = "/etc/exports"
_WORD: Final = re.compile(r'"(?:[^"\\]|\\.)*"?[^\s"]*|\S+')
_CLIENT: Final = re.compile(r"([^()]*)(?:\(([^)]*)\)?)?.*", re.DOTALL)
#: Names that mean every host, and half of all addresses.
_EVERYBODY: Final = re.compile(
    r"[*?]*|[*?]+(?:\.[*?]+)+|(?:0\.0\.0\.0|::|0)/0(?:\.0\.0\.0)?"
    r"|(?:0\.0\.0\.0|128\.0\.0\.0|::|8000::)/(?:1|128\.0\.0\.0)"
)


@dataclass(frozen=True, slots=True)
class Share:
    """One directory and one client of it; ``client`` is empty where the line names none."""

    path: str
    client: str
    options: frozenset[str]
    line: Line

    @property
    def everybody(self) -> bool:
        """Whether any host may mount it."""
        secured = any(o.startswith("sec=") and "krb5" in o and "sys" not in o for o in self.options)
        return _EVERYBODY.fullmatch(self.client) is not None and not secured

    @property
    def anonymous_ids(self) -> tuple[str, ...]:
        """``anonuid=…`` and ``anongid=…``: as whom the requests of unknown users are served."""
        return tuple(sorted(o for o in self.options if o.startswith(("anonuid=", "anongid="))))

    @property
    def fact(self) -> Fact:
        """The line as read."""
        return self.line.fact


def shares(evidence: Evidence) -> tuple[Share, ...]:
    """Every share, in the order of the files."""
    found: list[Share] = []
    for path in (FILE, *(evidence.directory("/etc/exports.d") or ())):
        if path == FILE or (path.endswith(".exports") and "/." not in path):
            for line in evidence.lines(path) or ():
                found += _line(line)
    return tuple(found)


def _line(line: Line) -> Iterator[Share]:
    words = _WORD.findall(re.sub(r"(^|\s)#.*", "", line.text))
    if not words:
        return
    defaults: list[str] = []
    clients = words[1:]
    if clients and clients[0].startswith("-"):
        defaults = clients[0][1:].split(",")
        clients = clients[1:]
    for client in clients or [""]:
        match = _CLIENT.fullmatch(client)
        if match is not None:
            options = _in_effect([*defaults, *(match[2] or "").split(",")])
            yield Share(words[0].strip('"'), match[1], options, line)


#: Options that undo each other, by the name that they are kept under here.
_PAIRS: Final = {"root_squash": "no_root_squash", "no_all_squash": "all_squash", "secure": "insecure"}


def _in_effect(options: list[str]) -> frozenset[str]:
    """The options without those that a later one undoes."""
    found: dict[str, str] = {}
    for option in options:
        name = option.strip().partition("=")[0]
        found[_PAIRS.get(name, name)] = option.strip()
    return frozenset(found.values()) - {""}
