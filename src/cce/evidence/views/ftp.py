"""FTP servers: which one is in use, and what its configuration says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views import services
from cce.evidence.views.once import once
from cce.evidence.views.settings import Setting

if TYPE_CHECKING:
    from cce.evidence.model import Evidence
    from cce.verdict import Fact

VSFTPD: Final = ("/etc/vsftpd.conf", "/etc/vsftpd/vsftpd.conf")
_INSTANCES: Final = "/etc/vsftpd"
_PURE: Final = "/etc/pure-ftpd/pure-ftpd.conf"
_PURE_VALUES: Final = "/etc/pure-ftpd/conf"
_KINDS: Final = ("vsftpd", "proftpd", "pure-ftpd")


@once
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


class Vsftpd:
    """One configuration of vsftpd; of a repeated setting the last counts."""

    def __init__(self, evidence: Evidence, path: str) -> None:
        lines = evidence.lines(path)
        if lines is None:
            raise Unread(path, "absent, although vsftpd is in use")
        self.path = path
        self._settings = {
            name.strip(): Setting(name.strip(), value.strip(), line)
            for line in lines
            for name, _, value in (line.text.partition("="),)
        }

    def get(self, name: str) -> Setting | None:
        """The setting; ``None`` where it is not set."""
        return self._settings.get(name)

    def is_on(self, name: str, *, default: bool) -> bool:
        """Whether a switch is on; ``default`` is vsftpd's own."""
        value = self.get(name)
        return default if value is None else is_yes(value.value)


def vsftpd(evidence: Evidence) -> tuple[str, ...]:
    """The configurations of vsftpd in use: the main one, and those of instances (``vsftpd@name.service``).

    One that a unit of another name starts may have any; the name of the unit stands for it, to raise Unread.
    """
    instances = []
    whole = any(services.unit_uses(evidence, ("vsftpd.target",)))
    for path in evidence.directory(_INSTANCES) or ():
        name = path.rpartition("/")[2].removesuffix(".conf")
        if (
            path.endswith(".conf")
            and path not in VSFTPD
            and (whole or any(services.unit_uses(evidence, (f"vsftpd@{name}.service",))))
        ):
            instances.append(path)
    single = services.unit_uses(evidence, ("vsftpd.service", "vsftpd.socket"))
    if instances and not whole and not any(single):
        return tuple(instances)
    main = next((path for path in VSFTPD if evidence.lines(path) is not None), VSFTPD[0])
    others = (fact.source for fact in services.program_uses(evidence, "vsftpd"))
    return (main, *instances, *others)


def pure(evidence: Evidence, name: str) -> Setting | None:
    """A setting of pure-ftpd: Debian's file of that name, or elsewhere the last line of its configuration.

    Debian's wrapper reads its directory alone and takes the first line of a file.
    """
    if evidence.directory(_PURE_VALUES) is not None:
        lines = evidence.lines(f"{_PURE_VALUES}/{name}") or ()
        return next((Setting(name, line.text.strip(), line) for line in lines), None)
    found = None
    for line in evidence.lines(_PURE) or ():
        key, _, value = line.text.strip().partition(" ")
        if key.lower() == name.lower():
            found = Setting(name, value.strip(), line)
    return found


def is_yes(value: str) -> bool:
    """A yes as the three servers read it."""
    return value.strip().lower() in {"yes", "true", "on", "1"}
