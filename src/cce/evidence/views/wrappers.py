"""TCP wrappers: what hosts.allow and hosts.deny let in, and whether a daemon asks them at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cce.evidence.views.settings import whole_number

if TYPE_CHECKING:
    from cce.evidence.model import Evidence, Line

#: The last major version of these families whose daemons ask libwrap; later ones ignore both files.
_LAST = {"rhel": 7, "centos": 7, "ol": 7, "amzn": 2}


@dataclass(frozen=True, slots=True)
class Wrappers:
    """The lines about the daemon or ALL; ``refuses``: whoever hosts.allow does not name is refused."""

    refuses: tuple[Line, ...]
    allows: tuple[Line, ...]
    allows_all: tuple[Line, ...]


def asked_by_daemons(evidence: Evidence) -> bool:
    """Whether the distribution links sshd and vsftpd with libwrap: Debian's and Ubuntu's, RHEL's up to 7."""
    name, version = evidence.meta.get("os.id", ""), evidence.meta.get("os.version_id", "")
    family = {name, *evidence.meta.get("os.id_like", "").split()}
    if "debian" in family or name == "ubuntu":
        return True
    major = whole_number(version.partition(".")[0])
    return major is not None and name in _LAST and major <= _LAST[name]


def wrappers(evidence: Evidence, daemon: str = "sshd") -> Wrappers:
    """What the two files say to a daemon, which libwrap knows by the name of its program.

    Raises
    ------
    Unread
        When one of them was not read.
    """
    deny = [line for line, clients in _rules(evidence, "/etc/hosts.deny", daemon) if "ALL" in clients]
    allow = _rules(evidence, "/etc/hosts.allow", daemon)
    everybody = [line for line, clients in allow if "ALL" in clients and "EXCEPT" not in clients]
    named = [line for line, _ in allow if line not in everybody]
    return Wrappers(tuple(deny), tuple(named), tuple(everybody))


def _rules(evidence: Evidence, path: str, daemon: str) -> list[tuple[Line, list[str]]]:
    rules = []
    for line in evidence.lines(path) or ():
        daemons, _, rest = line.text.partition(":")
        clients = rest.partition(":")[0].replace(",", " ").upper().split()
        if not line.text.lstrip().startswith("#") and {"ALL", daemon.upper()} & set(
            daemons.replace(",", " ").upper().split()
        ):
            rules.append((line, clients))
    return rules
