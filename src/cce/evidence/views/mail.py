"""Mail servers (MTA): which of them are in use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, get_args

from cce.evidence.model import Unread
from cce.evidence.views import services

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cce.evidence.model import Evidence, Package
    from cce.verdict import Fact

Mta = Literal["sendmail", "postfix", "exim", "other"]
#: ``other`` is a program that nobody here knows: of a unit, a line of inetd, or a port without either.
MTAS: Final[tuple[Mta, ...]] = get_args(Mta)

_PACKAGES: Final[dict[Mta, tuple[str, ...]]] = {
    "sendmail": ("sendmail-bin", "sendmail"),
    "postfix": ("postfix",),
    "exim": ("exim4-daemon-light", "exim4-daemon-heavy", "exim4", "exim"),
    "other": (),
}


def uses(evidence: Evidence, mta: Mta) -> list[Fact]:
    """What shows that the MTA is in use; empty when it is not.

    A listening SMTP port belongs to the MTA whose unit is in use. Where none is, ``other`` listens.

    Raises
    ------
    Unread
        When nothing shows it, and a unit or a file that could show it was not read.
    """
    found: list[Fact] = []
    unread = None
    looks: tuple[Callable[[], Iterator[Fact]], ...] = (
        lambda: services.unit_uses(evidence, _units(mta)),
        lambda: _by_inetd(evidence, mta),
    )
    for look in looks:
        try:
            found += look()
        except Unread as error:
            unread = unread or error
    if not found and unread is not None:
        raise unread
    if mta == "other" and not found and not _explained(evidence):
        return list(services.listening(evidence, "tcp", services.SERVICES["mail"].tcp))
    return found


def _of(said: str) -> Mta:
    """The MTA that a unit or a program is of, by its name."""
    return next((mta for mta in MTAS if re.search(rf"\b{mta}", said)), "other")


def _units(mta: Mta) -> tuple[str, ...]:
    return tuple(name for name in services.SERVICES["mail"].units if _of(name) == mta)


def _by_inetd(evidence: Evidence, mta: Mta) -> Iterator[Fact]:
    for fact in services.inetd_uses(evidence, "mail"):
        if not fact.source.startswith("unit ") and _started(evidence, fact) == mta:
            yield fact


def _started(evidence: Evidence, fact: Fact) -> Mta:
    """The MTA that a line of inetd or a file of xinetd starts."""
    said = fact.value
    path = fact.source.rpartition(":")[0]
    if path.startswith("/etc/xinetd.d/"):
        said += " ".join(line.text for line in evidence.lines(path) or () if "server" in line.text)
    return _of(said)


def _explained(evidence: Evidence) -> bool:
    known: tuple[Mta, ...] = ("sendmail", "postfix", "exim")
    return any(uses(evidence, mta) for mta in known)


def packages(evidence: Evidence, mta: Mta) -> list[Package]:
    """The installed packages of the MTA."""
    found = (evidence.package(name) for name in _PACKAGES[mta])
    return [package for package in found if package is not None]
