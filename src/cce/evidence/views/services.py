"""Which network services are in use: units, inetd, xinetd, listening ports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, Line

INETD_UNITS: Final = ("inetd.service", "openbsd-inetd.service", "inetutils-inetd.service")


def unit_uses(evidence: Evidence, names: tuple[str, ...]) -> Iterator[Fact]:
    """The units among ``names`` that run or are started at boot."""
    for name in names:
        unit = evidence.unit(name)
        if unit is not None and unit.in_use:
            yield Fact(f"unit {name}", f"{unit.state}, {unit.active}")


def listening(evidence: Evidence, protocol: str, ports: tuple[int, ...]) -> Iterator[Fact]:
    """The listening sockets on ``ports``. Nothing where ``ss`` did not run: units and files say it too."""
    try:
        output = evidence.command("ss -lntu")
    except Unread:
        return
    for line in output.lines if output else ():
        fields = line.text.split()
        local = next((f for f in fields[1:] if re.fullmatch(r".*:\d+", f)), "")
        if fields and fields[0] == protocol and local.rpartition(":")[2] in {str(p) for p in ports}:
            yield Fact("ss -lntu", line.text)


def inetd_uses(evidence: Evidence, services: tuple[str, ...]) -> Iterator[Fact]:
    """The lines of inetd and xinetd that offer one of ``services``, if the daemon behind them is in use.

    The daemon's unit is asked for only when a line offers the service.
    """
    offered = [
        line
        for line in evidence.lines("/etc/inetd.conf") or ()
        if not line.text.startswith("#") and line.text.split()[:1] in [[s] for s in services]
    ]
    if offered and (units := list(unit_uses(evidence, INETD_UNITS))):
        yield from (Fact(line.where, line.text) for line in offered)
        yield from units
    for path in evidence.directory("/etc/xinetd.d") or ():
        for name, line in xinetd_services(evidence.lines(path) or ()):
            if name in services:
                units = list(unit_uses(evidence, ("xinetd.service",)))
                yield from [Fact(line.where, line.text), *units] if units else []


def xinetd_services(lines: tuple[Line, ...]) -> Iterator[tuple[str, Line]]:
    """The services that an xinetd file switches on, each with the line that says so.

    A service is on unless ``disable = yes`` stands in its block.
    """
    name, deciding = "", None
    for line in lines:
        text = line.text.strip()
        if header := re.match(r"service\s+(\S+)", text):
            name, deciding = header[1], line
        elif match := re.match(r"disable\s*=\s*(\S+)", text, re.IGNORECASE):
            deciding = None if match[1].lower() in {"yes", "true", "on", "1"} else line
        elif text.startswith("}"):
            if name and deciding is not None:
                yield name, deciding
            name, deciding = "", None
