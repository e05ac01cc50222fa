"""Services that must be off: U-19, U-21, U-23, U-24, U-26 to U-29, U-60, U-61, U-66."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cce.errors import BenchmarkError
from cce.rules import get_rule
from evidence_samples import checks, evidence, said, verdict

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

XINETD, INETD = {"xinetd.service": "enabled active"}, {"openbsd-inetd.service": "enabled active"}


def offered(service: str, disable: str = "no") -> dict[str, str]:
    """A file of xinetd."""
    return {f"/etc/xinetd.d/{service}": f"service {service}\n{{\n disable = {disable}\n}}"}


def socket(protocol: str, address: str) -> Evidence:
    """A server on which something listens there."""
    return evidence(commands={"ss -lntu": f"{protocol} LISTEN 0 5 {address} 0.0.0.0:*"})


def inetd(line: str) -> Evidence:
    """A server with that line in inetd.conf."""
    return evidence(texts={"/etc/inetd.conf": line}, units=INETD)


SERVICES = [
    ("nothing", "U-19", evidence(), "good", "not in use"),
    ("xinetd", "U-19", evidence(texts=offered("finger"), units=XINETD), "vulnerable", "/etc/xinetd.d/finger:3"),
    ("xinetd, disabled", "U-19", evidence(texts=offered("finger", "yes"), units=XINETD), "good", ""),
    ("xinetd is not started", "U-19", evidence(texts=offered("finger"), units={"xinetd.service": "disabled inactive"}), "good", ""),
    ("xinetd is masked but runs", "U-19", evidence(texts=offered("finger"), units={"xinetd.service": "masked active"}), "vulnerable", ""),
    ("inetd", "U-19", evidence(texts={"/etc/inetd.conf": "finger stream tcp nowait nobody /usr/sbin/tcpd in.fingerd"}, units=INETD), "vulnerable", "/etc/inetd.conf:1"),
    ("inetd on one address", "U-19", evidence(texts={"/etc/inetd.conf": "127.0.0.1:finger stream tcp nowait nobody x"}, units=INETD), "vulnerable", ":1"),
    ("inetd.conf comments", "U-19", evidence(texts={"/etc/inetd.conf": "#finger stream tcp nowait nobody x"}, units=INETD), "good", ""),
    ("a socket unit", "U-19", evidence(units={"finger.socket": "enabled active"}), "vulnerable", "unit finger.socket"),
    ("a masked socket unit", "U-19", evidence(units={"finger.socket": "masked inactive"}), "good", ""),
    ("a port that no unit explains", "U-19", socket("tcp", "*:79"), "vulnerable", "ss -lntu"),
    ("its number in another place", "U-19", socket("tcp", "10.111.0.79:8079"), "good", ""),
    ("inetd.conf denied", "U-19", evidence(unread={("text", "/etc/inetd.conf"): "denied"}), "error", "inetd.conf"),
    ("one shows it, another is unread", "U-19", evidence(units={"finger.socket": "enabled active"}, unread={("text", "/etc/inetd.conf"): "denied"}), "vulnerable", "finger.socket"),
    ("rlogin", "U-21", evidence(texts=offered("login"), units=XINETD), "vulnerable", "login"),
    ("rsh by its socket", "U-21", evidence(units={"rsh.socket": "disabled active"}), "vulnerable", "rsh.socket"),
    ("chargen over udp", "U-23", socket("udp", "0.0.0.0:19"), "vulnerable", ":19"),
    ("daytime", "U-23", evidence(texts=offered("daytime"), units=XINETD), "vulnerable", "daytime"),
    ("time is not of the list", "U-23", evidence(texts=offered("time"), units=XINETD), "good", ""),
    ("NFS may be needed", "U-24", evidence(units={"nfs-server.service": "enabled active"}), "review", "nfs-server"),
    ("the lock daemon of a client", "U-24", evidence(units={"rpc-statd.service": "static active"}), "review", "rpc-statd"),
    ("autofs", "U-26", evidence(units={"autofs.service": "enabled inactive"}), "vulnerable", "autofs"),
    ("rpcbind", "U-27", evidence(units={"rpcbind.socket": "enabled active"}), "vulnerable", "rpcbind"),
    ("an RPC service with its version", "U-27", evidence(texts={"/etc/inetd.conf": "rstatd/1-3 dgram rpc/udp wait root /usr/sbin/rpc.rstatd"}, units=INETD), "vulnerable", "rstatd"),
    ("ypbind", "U-28", evidence(units={"ypbind.service": "enabled inactive"}), "vulnerable", "ypbind"),
    ("tftp", "U-29", evidence(units={"tftp.socket": "enabled active"}), "vulnerable", "tftp"),
    ("tftp of dnsmasq", "U-29", socket("udp", "10.111.0.5:69"), "vulnerable", ":69"),
    ("ntalk", "U-29", evidence(texts={"/etc/inetd.conf": "ntalk dgram udp wait nobody x"}, units=INETD), "vulnerable", "ntalk"),
    ("FTP", "U-61", evidence(units={"vsftpd.service": "enabled active"}), "vulnerable", "vsftpd"),
    ("FTP off", "U-61", evidence(units={"vsftpd.service": "masked inactive"}), "good", ""),
    ("SNMP", "U-66", evidence(units={"snmpd.service": "enabled active"}), "vulnerable", "snmpd"),
    ("SNMP by hand", "U-66", socket("udp", "*:161"), "vulnerable", "161"),
    ("ssh only", "U-60", evidence(units={"ssh.service": "enabled active"}), "good", "ssh.service"),
    ("ssh and FTP", "U-60", evidence(units={"ssh.service": "enabled active", "vsftpd.service": "enabled active"}), "vulnerable", "vsftpd"),
    ("telnet only", "U-60", evidence(units={"telnet.socket": "enabled active"}), "vulnerable", "telnet"),
    ("inetd by the number of the port", "U-60", inetd("23 stream tcp nowait root /usr/sbin/tcpd /opt/x/remote"), "vulnerable", "inetd.conf:1"),
    ("the number of another protocol", "U-29", inetd("69 stream tcp nowait root /opt/x x"), "good", ""),
    ("inetd by the program", "U-60", inetd("2323 stream tcp6 nowait root /usr/sbin/in.telnetd in.telnetd"), "vulnerable", "inetd.conf:1"),
    ("inetd by the program behind tcpd", "U-21", inetd("514 stream tcp nowait root /usr/sbin/tcpd /usr/sbin/in.rshd"), "vulnerable", "in.rshd"),
    ("an RPC service by its number", "U-27", inetd("100002/1-2 dgram rpc/udp wait root /usr/sbin/rpc.rusersd rpc.rusersd"), "vulnerable", "rusersd"),
    ("xinetd by the port", "U-60", evidence(texts={"/etc/xinetd.d/x": "service mine\n{\n type = UNLISTED\n port = 23\n server = /opt/x\n}"}, units=XINETD), "vulnerable", "/etc/xinetd.d/x:1"),
    ("xinetd by the program", "U-61", evidence(texts={"/etc/xinetd.d/x": "service files\n{\n server = /usr/sbin/vsftpd\n}"}, units=XINETD), "vulnerable", "/etc/xinetd.d/x:1"),
    ("xinetd by the program behind tcpd", "U-61", evidence(texts={"/etc/xinetd.d/x": "service files\n{\n server = /usr/sbin/tcpd\n server_args = /usr/sbin/in.ftpd -l\n}"}, units=XINETD), "vulnerable", "/etc/xinetd.d/x:1"),
    ("xinetd includes a file", "U-61", evidence(texts={"/etc/xinetd.conf": "include /etc/more"}, units=XINETD), "error", "/etc/more"),
    ("a unit of another name", "U-61", evidence(units={"files.service": "enabled unknown vsftpd"}), "vulnerable", "starts vsftpd"),
    ("a unit of another name that is off", "U-61", evidence(units={"files.service": "disabled inactive vsftpd"}), "good", ""),
    ("the r-services by a unit of another name", "U-17", evidence(units={"x.service": "enabled active rshd"}, files={"/etc/hosts.equiv": (0o644, 0)}), "vulnerable", "hosts.equiv"),
    ("what rc.local starts", "U-60", evidence(units={"rc-local.service": "enabled active named telnetd"}), "vulnerable", "rc-local.service"),
    ("another DNS by a unit of one's own", "U-34", evidence(units={"x.service": "enabled active named"}), "error", "named.conf"),
    ("a web server of one's own unit", "U-36", evidence(units={"web.service": "enabled unknown httpd"}, texts={"/usr/local/apache2/conf/httpd.conf": "User root"}), "vulnerable", "User root"),
    ("a web server that is not known here", "U-35", evidence(units={"lighttpd.service": "enabled unknown lighttpd"}), "error", "lighttpd"),
    ("vsftpd by a unit of one's own, with any configuration", "U-20", evidence(units={"files.service": "enabled unknown vsftpd"}, texts={"/etc/vsftpd.conf": "anonymous_enable=NO"}), "error", "files.service"),
    ("no remote access", "U-60", evidence(), "good", "not in use"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "item", "server", "expected", "mention"), SERVICES, ids=[f"{r[1]} {r[0]}" for r in SERVICES]
)
def test_a_service_is_in_use_when_something_starts_it_or_listens(
    why: str, item: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict(item, server)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


@pytest.mark.parametrize(
    "item", ["U-19", "U-20", "U-21", "U-23", "U-24", "U-25", "U-26", "U-27", "U-28", "U-29", "U-61", "U-66"]
)
def test_a_unit_whose_state_is_unknown_is_never_good(item: str) -> None:
    server = evidence()
    object.__setattr__(server, "units", {})

    expected = "error" if item != "U-23" else "good"  # no unit offers these: inetd, xinetd and ports say it

    assert expected == verdict(item, server).verdict


def test_an_unused_service_is_good_by_the_guide_and_not_applicable_by_policy() -> None:
    got = checks("unix.services-off", evidence(), services=("finger",), unused="not_applicable")

    assert ["not_applicable"] == [check.verdict for check in got]


def test_a_service_that_nobody_knows_is_refused() -> None:
    with pytest.raises(BenchmarkError, match=r"gopher.*known: telnet"):
        get_rule("unix.services-off").params({"services": ["gopher"]})
