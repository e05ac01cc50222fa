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
    """How one network service can be offered: by its units, by inetd or xinetd, on its ports."""

    units: tuple[str, ...] = ()
    inetd: tuple[str, ...] = ()
    tcp: tuple[int, ...] = ()
    udp: tuple[int, ...] = ()


#: The services that items ask about. Ports are for daemons whose unit nobody knows.
SERVICES: Final = {
    "telnet": Service(("telnet.socket",), ("telnet",), (23,)),
    "finger": Service(("finger.socket", "cfingerd.service"), ("finger", "cfinger"), (79,)),
    "ftp": Service(
        (
            "vsftpd.service", "vsftpd.socket", "vsftpd.target", "vsftpd@*",
            "proftpd.service", "proftpd.socket", "pure-ftpd.service",
        ),
        ("ftp", "ftps", "vsftpd", "proftpd", "pure-ftpd", "wu-ftpd", "gssftp"),
        (21,),
    ),
    "r-services": Service(
        ("rlogin.socket", "rsh.socket", "rexec.socket"),
        ("login", "shell", "exec", "rlogin", "rsh", "rexec", "klogin", "kshell", "eklogin"),
        (512, 513),  # not 514: rsyslog takes messages there by TCP as often as rsh its commands
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
    ),
    "samba": Service(("smbd.service", "smb.service"), (), (139, 445)),
    "statd": Service(("rpc-statd.service",), ("statd", "rpc.statd")),
    "automount": Service(("autofs.service",)),
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
    ),
    "rpcbind": Service(("rpcbind.service", "rpcbind.socket"), (), (111,), (111,)),
    "nis": Service(
        ("ypserv.service", "ypbind.service", "ypxfrd.service", "yppasswdd.service", "nis.service"),
        ("rpc.yppasswdd", "rpc.ypupdated", "ypupdated"),
    ),
    "tftp": Service(
        ("tftp.socket", "tftp.service", "tftpd-hpa.service", "atftpd.service"), ("tftp",), (), (69,)
    ),
    "talk": Service(("talk.socket", "ntalk.socket"), ("talk", "ntalk"), (), (517, 518)),
    "snmp": Service(("snmpd.service",), ("snmp",), (), (161,)),
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
        lambda: inetd_uses(evidence, service.inetd),
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


def inetd_uses(evidence: Evidence, services: tuple[str, ...]) -> Iterator[Fact]:
    """The lines of inetd and xinetd that offer one of ``services``, if the daemon behind them is in use.

    The daemon's unit is asked for only when a line offers the service.
    """
    offered = [
        line
        for line in evidence.lines("/etc/inetd.conf") or ()
        if not line.text.startswith("#") and _offered(line.text) in services
    ]
    if offered and (units := list(unit_uses(evidence, INETD_UNITS))):
        yield from (line.fact for line in offered)
        yield from units
    for offer in xinetd.offers(evidence):
        if offer.name in services:
            units = list(unit_uses(evidence, ("xinetd.service",)))
            yield from [offer.line.fact, *units] if units else []


def _offered(text: str) -> str:
    """The service of a line of inetd.conf: an address may stand before it, an RPC version behind it."""
    return text.split(maxsplit=1)[0].rpartition(":")[2].partition("/")[0] if text.split() else ""
