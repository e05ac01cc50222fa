"""Which network services are in use: units, inetd, xinetd, listening ports."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views import xinetd
from cce.evidence.views.once import once
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cce.evidence.model import Evidence


@dataclass(frozen=True, slots=True)
class Service:
    """How one network service can be offered: by its units, by inetd or xinetd, on its ports.

    ``programs`` is a pattern for the daemons by which it is known under any other name.
    """

    units: tuple[str, ...] = ()
    inetd: tuple[str, ...] = ()
    tcp: tuple[int, ...] = ()
    udp: tuple[int, ...] = ()
    programs: str = ""


#: The services that items ask about. Ports are for daemons whose unit nobody knows.
SERVICES: Final = {
    "telnet": Service(("telnet.socket",), ("telnet",), (23,), programs=r"u?telnetd"),
    "finger": Service(("finger.socket", "cfingerd.service"), ("finger", "cfinger"), (79,),
        programs=r"[cx]?fingerd",
    ),
    "ftp": Service(
        (
            "vsftpd.service", "vsftpd.socket", "vsftpd.target", "vsftpd@*",
            "proftpd.service", "proftpd.socket", "pure-ftpd.service",
        ),
        ("ftp", "ftps", "vsftpd", "proftpd", "pure-ftpd", "wu-ftpd", "gssftp"),
        (21,),
        programs=r"vsftpd|proftpd|pure-ftpd[a-z-]*|(?:wu-|b)?ftpd",
    ),
    "r-services": Service(
        ("rlogin.socket", "rsh.socket", "rexec.socket"),
        ("login", "shell", "exec", "rlogin", "rsh", "rexec", "klogin", "kshell", "eklogin"),
        (512, 513),  # not 514: rsyslog takes messages there by TCP as often as rsh its commands
        programs="rshd|rlogind|rexecd",
    ),
    "simple": Service(
        (),
        ("echo", "discard", "daytime", "chargen"),
        (7, 9, 13, 19),
        (7, 9, 13, 19),
    ),
    "nfs": Service(
        (
            "nfs-server.service",
            "nfs-kernel-server.service",
            "nfs.service",
            "nfs-mountd.service",
            "nfs-ganesha.service",
        ),
        (),
        (2049,),
        (2049,),
        programs=r"ganesha\.nfsd",
    ),
    "samba": Service(("smbd.service", "smb.service"), (), (139, 445), programs=r"smbd"),
    "statd": Service(("rpc-statd.service",), ("statd", "rpc.statd")),
    "automount": Service(("autofs.service",), programs=r"automount"),
    "rpc": Service(
        ("rpc-rquotad.service", "rstatd.service", "rusersd.service", "rpc-statd.service"),
        tuple(
            prefix + name
            for name in (
                "cmsd", "ttdbserverd", "ttdbserver", "sadmind", "rusersd", "walld", "rwalld", "sprayd",
                "rstatd", "nisd", "rexd", "pcnfsd", "statd", "ypupdated", "rquotad",
                "kcms_server", "cachefsd",
            )
            for prefix in ("", "rpc.")
        ),
        programs=r"rpc\.(?:rstatd|rusersd|rwalld|sprayd|cmsd|ttdbserverd|sadmind)",
    ),
    "rpcbind": Service(("rpcbind.service", "rpcbind.socket"), (), (111,), (111,)),
    "nis": Service(
        ("ypserv.service", "ypbind.service", "ypxfrd.service", "yppasswdd.service", "nis.service"),
        ("rpc.yppasswdd", "rpc.ypupdated", "ypupdated"),
        programs=r"ypserv|ypbind|rpc\.(?:ypxfrd|yppasswdd)",
    ),
    "tftp": Service(
        ("tftp.socket", "tftp.service", "tftpd-hpa.service", "atftpd.service"), ("tftp",), (), (69,),
        programs=r"a?tftpd",
    ),
    "talk": Service(("talk.socket", "ntalk.socket"), ("talk", "ntalk"), (), (517, 518),
        programs=r"n?talkd",
    ),
    "snmp": Service(("snmpd.service",), ("snmp",), (), (161,), programs=r"snmpd"),
    "mail": Service(
        (
            "sendmail.service",
            "postfix.service",
            "postfix@-.service",
            "exim4.service",
            "exim.service",
            "opensmtpd.service",
        ),
        ("smtp", "smtps", "submission", "submissions", "ssmtp"),
        (25, 465, 587),
    ),
}  # fmt: skip


def uses(evidence: Evidence, name: str) -> list[Fact]:
    """What shows that the service is in use; empty when it is not.

    Raises
    ------
    Unread
        When nothing shows it, and a unit or a file that could show it was not read.
    """
    return list(_uses(evidence, name))


@once
def _uses(evidence: Evidence, name: str) -> tuple[Fact, ...]:
    service = SERVICES[name]
    found: list[Fact] = []
    unread = None
    looks: tuple[Callable[[], Iterator[Fact]], ...] = (
        lambda: unit_uses(evidence, service.units),
        lambda: program_uses(evidence, service.programs),
        lambda: inetd_uses(evidence, name),
        lambda: listening(evidence, "tcp", service.tcp),
        lambda: listening(evidence, "udp", service.udp),
    )
    for look in looks:
        try:
            found += look()
        except Unread as error:
            unread = unread or error
    if unread is not None and not found:
        raise unread
    return tuple(found)


INETD_UNITS: Final = ("inetd.service", "openbsd-inetd.service", "inetutils-inetd.service")


def unit_uses(evidence: Evidence, names: tuple[str, ...]) -> Iterator[Fact]:
    """The units among ``names`` that run or are started at boot; ``vsftpd@*`` means every instance."""
    for given in names:
        names_ = [given]
        if given.endswith("*"):
            names_ = sorted(name for name in evidence.units if name.startswith(given[:-1]))
        yield from _used(evidence, names_)


def _used(evidence: Evidence, names: Iterable[str]) -> Iterator[Fact]:
    for name in names:
        unit = evidence.unit(name)
        if unit is not None and unit.in_use:
            yield unit.fact


def program_uses(evidence: Evidence, pattern: str) -> Iterator[Fact]:
    """The units of other names that start a program like ``pattern`` and run or are started at boot."""
    known = ((name, unit) for name, unit in evidence.units.items() if pattern and unit.programs)
    for name, unit in known:
        started = [p for p in unit.programs if re.fullmatch(pattern, p)]
        if started and unit.in_use:
            yield Fact(f"unit {name}", f"{unit.state}, {unit.active}, starts {', '.join(started)}")


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


#: The local address of a socket that other hosts reach by IPv6.
_IPV6: Final = re.compile(
    r".*?\s(?:\*|\[(?!::1\]|fe[89ab]|::ffff:)[0-9a-f:.]+\])(?:%\S+)?:\d+(?=\s)", re.IGNORECASE
)


def listening_on_ipv6(evidence: Evidence) -> list[Fact]:
    """The listening sockets that other hosts reach by IPv6: not those of loopback and of a link alone.

    ``*:22`` is one for both families; old versions of ``ss``, which never write ``0.0.0.0``, mean IPv4 by it.

    Raises
    ------
    Unread
        When ``ss`` did not say what listens.
    """
    output = evidence.command("ss -lntu")
    lines = output.lines if output else ()
    old = not any("0.0.0.0" in line.text or "[::" in line.text for line in lines)  # noqa: S104 - not bound to
    found = (line.text for line in lines if _IPV6.match(f"{line.text} "))
    return [Fact("ss -lntu", text) for text in found if not (old and " *:" in text)]


def inetd_uses(evidence: Evidence, name: str) -> Iterator[Fact]:
    """The lines of inetd and xinetd that offer the service, if the daemon behind them is in use.

    A line offers it by its name, its port or the program that it starts. The daemon's unit is asked for only
    when a line offers the service.
    """
    service = SERVICES[name]
    offered = [
        line
        for line in evidence.lines("/etc/inetd.conf") or ()
        if not line.text.startswith("#") and _offers(service, line.text)
    ]
    if offered and (units := list(unit_uses(evidence, INETD_UNITS))):
        yield from (line.fact for line in offered)
        yield from units
    for offer in xinetd.offers(evidence):
        if _names(service, offer.name, offer.protocol) or _starts(service, offer.server):
            units = list(unit_uses(evidence, ("xinetd.service",)))
            yield from [offer.line.fact, *units] if units else []


def _offers(service: Service, text: str) -> bool:
    """Whether a line of inetd.conf does: an address may stand before it, an RPC version behind it."""
    words = text.split()
    if not words:
        return False
    protocol = words[2] if len(words) > 2 else ""  # noqa: PLR2004 - service, kind of socket, protocol
    known = _names(service, words[0].rpartition(":")[2].partition("/")[0], protocol)
    return known or any(_starts(service, word) for word in words[5:7])  # the server, and behind tcpd its own


def _names(service: Service, name: str, protocol: str) -> bool:
    if name in service.inetd:
        return True
    ports = service.udp if protocol.startswith("udp") else service.tcp
    return name.isascii() and name.isdigit() and len(name) <= 5 and int(name) in ports  # noqa: PLR2004 - a port


def _starts(service: Service, program: str) -> bool:
    bare = program.rpartition("/")[2].removeprefix("in.")
    return bool(service.programs) and re.fullmatch(service.programs, bare) is not None
