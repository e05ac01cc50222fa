"""FTP servers: which one is in use, and what its configuration says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cce.evidence.views import services
from cce.evidence.views.settings import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, Line
    from cce.verdict import Fact

PROFTPD: Final = ("/etc/proftpd/proftpd.conf", "/etc/proftpd.conf")
VSFTPD: Final = ("/etc/vsftpd.conf", "/etc/vsftpd/vsftpd.conf")
_PURE: Final = "/etc/pure-ftpd/pure-ftpd.conf"
_KINDS: Final = ("vsftpd", "proftpd", "pure-ftpd")


def servers(evidence: Evidence) -> tuple[str, ...]:
    """The FTP servers in use: ``vsftpd``, ``proftpd``, ``pure-ftpd``, ``other``; none when FTP is not.

    Which one an inetd line or a port means is read from the program's name; a bare port that no unit
    explains is ``other``.
    """
    use = services.uses(evidence, "ftp")
    offers = [fact for fact in use if not re.match(r"unit \S*inetd|ss ", fact.source)]
    kinds = {_kind(evidence, fact) for fact in offers}
    return tuple(sorted(kinds)) or (("other",) if use else ())


def _kind(evidence: Evidence, fact: Fact) -> str:
    said = f"{fact.source} {fact.value}"
    path = fact.source.rpartition(":")[0]
    if path.startswith("/etc/xinetd.d/"):
        said += "".join(line.text for line in evidence.lines(path) or () if "server" in line.text)
    return next((kind for kind in _KINDS if kind in said), "other")


def vsftpd(evidence: Evidence) -> dict[str, Setting] | None:
    """The settings of vsftpd, where the last of a name counts; ``None`` without a configuration."""
    for path in VSFTPD:
        lines = evidence.lines(path)
        if lines is not None:
            pairs = (line.text.partition("=") for line in lines)
            return {
                name.strip(): Setting(name.strip(), value.strip(), line)
                for (name, _, value), line in zip(pairs, lines, strict=True)
            }
    return None


def pure(evidence: Evidence, name: str) -> Setting | None:
    """A setting of pure-ftpd: Debian's file of that name, or the line of its configuration."""
    found = None
    for line in evidence.lines(f"/etc/pure-ftpd/conf/{name}") or ():
        found = Setting(name, line.text.strip(), line)
    if found is not None:
        return found
    for line in evidence.lines(_PURE) or ():
        key, _, value = line.text.strip().partition(" ")
        if key.lower() == name.lower():
            found = Setting(name, value.strip(), line)
    return found


def proftpd(evidence: Evidence) -> Iterator[Line]:
    """The lines of proftpd's configuration that rules need, with those of the files that it includes."""
    for path in PROFTPD:
        yield from evidence.lines(path) or ()
    for kind, path in sorted(evidence.statuses):
        if kind == "text" and path.startswith("/etc/proftpd/") and path not in PROFTPD:
            yield from evidence.lines(path) or ()


def is_yes(value: str) -> bool:
    """A yes as the three servers read it."""
    return value.strip().lower() in {"yes", "true", "on", "1"}
