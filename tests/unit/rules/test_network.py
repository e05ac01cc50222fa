"""Who may connect: U-17 and U-18."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evidence_samples import checks, evidence, said, verdict

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

SSH = "ip saddr 10.111.0.0/16 tcp dport 22 accept"
ESTABLISHED = "ct state established,related accept\niif lo accept"


def nft(rules: str, policy: str = "drop") -> str:
    """A rule set as nft lists it."""
    return (
        "table inet filter {\nchain input {\n"
        f"type filter hook input priority filter; policy {policy};\n{ESTABLISHED}\n{rules}\n}}\n"
        "chain output {\ntype filter hook output priority filter; policy accept;\n}\n}"
    )


def live(nft_list: str = "", iptables: str = "-P INPUT ACCEPT") -> Evidence:
    """A running server and the rules of its kernel."""
    return evidence(commands={"nft list ruleset": nft_list, "iptables -S": iptables})


def offline(texts: dict[str, str], unit: str = "", state: str = "enabled unknown", **meta: str) -> Evidence:
    """A root directory: no command ran."""
    return evidence(texts=texts, units={unit: state} if unit else {}, meta={"os.id": "debian", **meta})


WRAPPED = {"/etc/hosts.deny": "ALL: ALL", "/etc/hosts.allow": "sshd: 10.111.0.0/255.255.0.0"}
NFTABLES = {"/etc/nftables.conf": nft(SSH)}
LIMITS = [
    ("nft: drop and named sources", live(nft(SSH)), "good", "10.111.0.0/16"),
    ("nft: ssh from anywhere", live(nft("tcp dport 22 accept")), "review", "tcp dport 22 accept"),
    ("nft: a NEW connection is no answer", live(nft("ct state new,established tcp dport 22 accept")), "review", "22"),
    ("nft: 0.0.0.0/0 limits nothing", live(nft("ip saddr 0.0.0.0/0 tcp dport 22 accept")), "review", "22"),
    ("nft: all accepted after all", live(nft("accept")), "vulnerable", "refuses nothing"),
    ("nft: policy accept", live(nft(SSH, "accept")), "vulnerable", "refuses nothing"),
    ("nft: policy accept, a last reject", live(nft(f"{SSH}\ncounter packets 3 bytes 180 reject with icmpx admin-prohibited", "accept")), "good", ""),
    ("nft: a drop for one address is no policy", live(nft("ip saddr 198.51.100.7 drop", "accept")), "vulnerable", ""),
    ("nft: only output is limited", live("table inet f {\nchain output {\ntype filter hook output priority 0; policy drop;\n}\n}"), "vulnerable", ""),
    ("nft: on one line", live("table inet f {\nchain input { type filter hook input priority 0; policy drop; }\n}"), "good", "refuses all"),
    ("nft: a jump", live(nft("jump users") + "\ntable inet filter {\nchain users {\ntcp dport 22 accept\n}\n}"), "review", "22"),
    ("nft: a drop behind a condition", live(nft("ip saddr 198.51.100.7 jump bad", "accept") + "\ntable inet filter {\nchain bad {\ndrop\n}\n}"), "vulnerable", ""),
    ("nft: jumps in a circle", live(nft("jump input")), "good", ""),
    ("iptables: drop and named sources", live(iptables="-P INPUT DROP\n-A INPUT -i lo -j ACCEPT\n-A INPUT -s 10.111.0.0/16 -p tcp -m tcp --dport 22 -j ACCEPT"), "good", "iptables -S:3"),
    ("iptables: all but one source", live(iptables="-P INPUT DROP\n-A INPUT ! -s 10.111.0.1/32 -p tcp --dport 22 -j ACCEPT"), "review", "! -s"),
    ("iptables: a commented last reject", live(iptables='-P INPUT ACCEPT\n-A INPUT -p tcp --dport 443 -j ACCEPT\n-A INPUT -m comment --comment "the rest" -j REJECT --reject-with icmp-port-unreachable'), "review", "443"),
    ("iptables: nothing", live(), "vulnerable", "iptables -S refuses nothing"),
    ("neither program is there", evidence(unread={("command", n): "absent" for n in ("nft list ruleset", "iptables -S")}), "vulnerable", "absent"),
    ("no right to list", evidence(unread={("command", "nft list ruleset"): "error"}, commands={"iptables -S": "-P INPUT ACCEPT"}), "error", "nft list ruleset"),
    ("one is unreadable, the other limits", evidence(unread={("command", "nft list ruleset"): "error"}, commands={"iptables -S": "-P INPUT DROP"}), "good", "iptables"),
    ("cut, but ufw is on", evidence(unread={("command", "nft list ruleset"): "cut"}, commands={"iptables -S": "", "ufw status": "Status: active"}), "review", "ufw status"),
    ("ufw is off", evidence(unread={("command", "nft list ruleset"): "cut"}, commands={"iptables -S": "", "ufw status": "Status: inactive"}), "error", "cut"),
    ("offline: loaded at boot", offline(NFTABLES, "nftables.service"), "good", "/etc/nftables.conf"),
    ("offline: nothing loads it", offline(NFTABLES, "nftables.service", "disabled unknown"), "vulnerable", "not enabled"),
    ("offline: masked", offline(NFTABLES, "nftables.service", "masked unknown"), "vulnerable", "not enabled"),
    ("offline: an include", offline({"/etc/nftables.conf": f'include "/etc/nft.d/*"\n{nft(SSH)}'}, "nftables.service"), "error", "nftables.conf:1"),
    ("offline: saved iptables", offline({"/etc/iptables/rules.v4": "*nat\n:INPUT DROP [0:0]\n*filter\n:INPUT DROP [0:0]\n-A INPUT -s 10.111.0.1 -j ACCEPT\nCOMMIT"}, "netfilter-persistent.service"), "good", ""),
    ("offline: only nat drops", offline({"/etc/iptables/rules.v4": "*nat\n:INPUT DROP [0:0]\n*filter\n:INPUT ACCEPT [0:0]"}, "netfilter-persistent.service"), "vulnerable", ""),
    ("offline: firewalld", offline({"/etc/firewalld/firewalld.conf": "DefaultZone=public"}, "firewalld.service"), "review", "public"),
    ("offline: firewalld trusts all", offline({"/etc/firewalld/firewalld.conf": "DefaultZone=trusted"}, "firewalld.service"), "vulnerable", ""),
    ("offline: ufw", offline({"/etc/ufw/ufw.conf": "ENABLED=yes"}, "ufw.service"), "review", "ufw.conf"),
    ("wrappers on Debian", offline(WRAPPED), "good", "/etc/hosts.deny:1"),
    ("wrappers let all in", offline({**WRAPPED, "/etc/hosts.allow": "ALL: ALL"}), "vulnerable", "/etc/hosts.allow:1"),
    ("a commented refusal", offline({**WRAPPED, "/etc/hosts.deny": "#ALL: ALL"}), "vulnerable", ""),
    ("a refusal of another service", offline({"/etc/hosts.deny": "vsftpd: ALL"}), "vulnerable", ""),
    ("RHEL 9's sshd ignores wrappers", offline(WRAPPED, **{"os.id": "rhel", "os.version_id": "9.4"}), "vulnerable", "ignores TCP wrappers"),
    ("CentOS 7's does not", offline(WRAPPED, **{"os.id": "centos", "os.version_id": "7"}), "good", ""),
    ("wrappers unread, nothing else", evidence(commands={"nft list ruleset": "", "iptables -S": ""}, unread={("text", "/etc/hosts.deny"): "denied"}), "error", "hosts.deny"),
]  # fmt: skip


V4, V6 = "-P INPUT DROP", "-P INPUT ACCEPT"
DUAL = "tcp LISTEN 0 128 *:22 *:*\nudp UNCONN 0 0 0.0.0.0:68 0.0.0.0:*"
OLD_SS = "tcp LISTEN 0 128 *:22 *:*"
LOOPBACK = "tcp LISTEN 0 128 [::1]:631 [::]:*\nudp UNCONN 0 0 [fe80::1]%eth0:546 [::]:*\ntcp LISTEN 0 9 [::ffff:10.111.0.9]:80 *:*"
TABLE6 = "table ip6 f {\nchain input { type filter hook input priority 0; policy drop; }\n}"


def both(listens: str, v6: str | None = None, nft_list: str = "", why: str = "ok") -> Evidence:
    """A running server whose iptables refuses what comes in by IPv4."""
    commands = {"nft list ruleset": nft_list, "iptables -S": V4, "ss -lntu": listens}
    more = {} if v6 is None else {"ip6tables -S": v6}
    return evidence(commands=commands | more, unread={("command", "nft list ruleset"): why})


LIMITS += [
    ("IPv6: not limited", both("tcp LISTEN 0 128 [::]:22 [::]:*", V6), "review", "ip6tables -S limits nothing"),
    ("IPv6: what listens is said", both(DUAL, V6), "review", "*:22"),
    ("IPv6: an address of its own", both("tcp LISTEN 0 128 [2001:db8::9]:443 [::]:*", V6), "review", "2001:db8"),
    ("IPv6: everything let in after all", both(DUAL, "-P INPUT DROP\n-A INPUT -j ACCEPT"), "review", "ip6tables"),
    ("IPv6: limited too", both(DUAL, "-P INPUT DROP"), "good", "iptables"),
    ("IPv6: limited by nft", both(DUAL, V6, TABLE6), "good", ""),
    ("IPv6: limited by nft, in a table of both", both(DUAL, V6, nft(SSH)), "good", ""),
    ("IPv6: nft of IPv4 alone", evidence(commands={"nft list ruleset": nft(SSH).replace("inet", "ip"), "ss -lntu": DUAL}, unread={("command", n): "absent" for n in ("iptables -S", "ip6tables -S")}), "review", "nft list ruleset limits nothing of IPv6"),
    ("IPv6: nothing listens", both("tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*", V6), "good", ""),
    ("IPv6: on loopback, one link, or mapped", both(LOOPBACK, V6), "good", ""),
    ("IPv6: an old ss means IPv4", both(OLD_SS, V6), "good", ""),
    ("IPv6: not read", both(DUAL, None), "error", "ip6tables -S"),
    ("IPv6: nft, which may limit it, was not read", both(DUAL, V6, why="error"), "error", "nft list ruleset"),
    ("IPv6: nothing listens, as ss would say", evidence(commands={"nft list ruleset": "", "iptables -S": V4}), "good", ""),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), LIMITS, ids=[r[0] for r in LIMITS])
def test_some_effective_filter_limits_who_may_connect(
    why: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict("U-18", server)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


def test_ports_open_to_all_can_be_accepted_by_tailoring() -> None:
    got = checks("unix.host-access-limits", live(nft("tcp dport 443 accept")), open_ports=True)

    assert ["good"] == [check.verdict for check in got]


RLOGIN = {"/etc/xinetd.d/rlogin": "service login\n{\n disable = no\n}"}
ON = {"xinetd.service": "enabled active"}
RHOSTS = "/home/minji/.rhosts"
PASSWD = "root:0:/root:/bin/bash minji:1000:/home/minji:/bin/bash"
TRUST = [
    ("unused, whatever the files", evidence(files={RHOSTS: (0o666, 1000)}, passwd=PASSWD), "good", "not in use"),
    ("used without files", evidence(texts=RLOGIN, units=ON), "good", "absent"),
    ("used, with a private file", evidence(texts=RLOGIN, units=ON, files={RHOSTS: (0o600, 1000)}, passwd=PASSWD), "good", RHOSTS),
    ("used, too open", evidence(texts=RLOGIN, units=ON, files={RHOSTS: (0o640, 1000)}, passwd=PASSWD), "vulnerable", RHOSTS),
    ("used, another's", evidence(texts=RLOGIN, units=ON, files={RHOSTS: (0o600, 1001)}, passwd=PASSWD), "vulnerable", "jiho"),
    ("used, trusts everybody", evidence(texts={**RLOGIN, RHOSTS: "+"}, units=ON, files={RHOSTS: (0o600, 1000)}, passwd=PASSWD), "vulnerable", f"{RHOSTS}:1 +"),
    ("hosts.equiv is root's", evidence(texts=RLOGIN, units=ON, files={"/etc/hosts.equiv": (0o600, 1000)}), "vulnerable", "hosts.equiv"),
    ("a socket unit", evidence(units={"rsh.socket": "enabled active"}, files={RHOSTS: (0o666, 1000)}, passwd=PASSWD), "vulnerable", "rsh.socket"),
    ("a listening port", evidence(commands={"ss -lntu": "tcp LISTEN 0 5 *:514 *:*"}, files={RHOSTS: (0o666, 1000)}, passwd=PASSWD), "vulnerable", "514"),
    ("udp 514 is syslog", evidence(commands={"ss -lntu": "udp UNCONN 0 0 0.0.0.0:514 0.0.0.0:*"}, files={RHOSTS: (0o666, 1000)}, passwd=PASSWD), "good", ""),
    ("services unread, files flawless", evidence(unread={("text", "/etc/inetd.conf"): "denied"}), "good", ""),
    ("services unread, files flawed", evidence(unread={("text", "/etc/inetd.conf"): "denied"}, files={RHOSTS: (0o666, 1000)}, passwd=PASSWD), "error", "inetd.conf"),
    ("used, one home unread", evidence(texts=RLOGIN, units=ON, unread={("file", RHOSTS): "denied"}, passwd=PASSWD), "error", RHOSTS),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), TRUST, ids=[r[0] for r in TRUST])
def test_trusted_hosts_count_where_the_r_services_are_in_use(
    why: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict("U-17", server)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)
