"""Net-SNMP's agent: U-67 of 2021, U-58 to U-61 of 2026. Texts are as the probe reduces them."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evidence_samples import checks, evidence, said, verdict

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

UNITS = {"snmpd.service": "enabled active"}
CONF = "/etc/snmp/snmpd.conf"
GOOD = "<community:length=12,letters,digits>"
SOURCE = "10.111.0.0/16"
READ = f"rocommunity {GOOD} {SOURCE}"
V3 = "rouser monitor priv"


def snmpd(*lines: str, **kinds: object) -> Evidence:
    """A server with snmpd and this configuration."""
    texts = {CONF: "\n".join(lines), **kinds.pop("texts", {})}  # type: ignore[dict-item]
    return evidence(**{"units": UNITS, "texts": texts, **kinds})  # type: ignore[arg-type]


def with_community(facts: str) -> Evidence:
    return snmpd(f"rocommunity <community:{facts}> {SOURCE}")


NOT_IN_USE = evidence(
    texts={CONF: "rocommunity <community:public>"}, units={"snmpd.service": "disabled inactive"}
)
DENIED = evidence(units=UNITS, unread={("text", CONF): "denied"})
#: why, server, U-67, U-60
COMMUNITY = [
    ("public", with_community("public"), "vulnerable", "vulnerable"),
    ("private", with_community("private"), "vulnerable", "vulnerable"),
    ("12 letters and digits", with_community("length=12,letters,digits"), "good", "good"),
    ("10 letters and digits", with_community("length=10,letters,digits"), "good", "good"),
    ("9 letters and digits", with_community("length=9,letters,digits"), "good", "vulnerable"),
    ("20 letters", with_community("length=20,letters"), "good", "vulnerable"),
    ("20 digits", with_community("length=20,digits"), "good", "vulnerable"),
    ("8 with special characters", with_community("length=8,letters,digits,special"), "good", "good"),
    ("7 with special characters", with_community("length=7,letters,digits,special"), "good", "vulnerable"),
    ("12 without digits", with_community("length=12,letters,special"), "good", "vulnerable"),
    ("empty", with_community("length=0"), "good", "vulnerable"),
    ("write access", snmpd("rwcommunity <community:private> 10.111.0.2"), "vulnerable", "vulnerable"),
    ("IPv6", snmpd("rocommunity6 <community:public>"), "vulnerable", "vulnerable"),
    ("com2sec", snmpd("com2sec ro default <community:public>"), "vulnerable", "vulnerable"),
    ("com2sec of a context", snmpd("com2sec -Cn ctx ro default <community:public>"), "vulnerable", "vulnerable"),
    ("com2sec6", snmpd("com2sec6 ro default <community:public>"), "vulnerable", "vulnerable"),
    ("com2sec by a socket", snmpd("com2secunix ro /run/x <community:public>"), "vulnerable", "vulnerable"),
    ("authcommunity", snmpd("authcommunity read <community:public>"), "vulnerable", "vulnerable"),
    ("traps", snmpd(READ, "trapcommunity <community:public>"), "vulnerable", "vulnerable"),
    ("a sink of traps", snmpd("trap2sink 10.111.0.9 <community:public>"), "vulnerable", "vulnerable"),
    ("a sink without a community", snmpd("trapsink 10.111.0.9"), "good", "good"),
    ("trapsess", snmpd("trapsess <community:public>"), "vulnerable", "vulnerable"),
    ("trapsess of version 3", snmpd("trapsess", V3), "good", "good"),
    ("one of two", snmpd(READ, "rocommunity <community:public> 10.111.0.2"), "vulnerable", "vulnerable"),
    ("in any case of the directive", snmpd("ROCommunity <community:public>"), "vulnerable", "vulnerable"),
    ("users only", snmpd(V3), "good", "good"),
    ("nothing", snmpd("agentaddress 161"), "good", "good"),
    ("an incomplete line", snmpd("rocommunity", "com2sec", "authcommunity"), "good", "good"),
    ("another directive", snmpd("group MyGroup v2c public", "sysName public"), "good", "good"),
    ("local file", snmpd(READ, texts={"/etc/snmp/snmpd.local.conf": "rocommunity <community:public>"}), "vulnerable", "vulnerable"),
    ("included directory", snmpd("includeDir /etc/snmp/snmpd.conf.d", texts={"/etc/snmp/snmpd.conf.d/a.conf": "rocommunity <community:public>", "/etc/snmp/snmpd.conf.d/b": "rocommunity x"}), "vulnerable", "vulnerable"),
    ("a directory that nothing includes", snmpd(READ, texts={"/etc/snmp/snmpd.conf.d/a.conf": "rocommunity <community:public>"}), "good", "good"),
    ("included file", snmpd("includeFile site.conf", texts={"/etc/snmp/site.conf": "rocommunity <community:public>"}), "vulnerable", "vulnerable"),
    ("included in a circle", snmpd("includeFile snmpd.conf", READ), "good", "good"),
    ("included, not read", snmpd("includeFile /srv/snmp", READ, unread={("text", "/srv/snmp"): "denied"}), "error", "error"),
    ("what the probe never prints", snmpd("rocommunity secret"), "error", "error"),
    ("a shortened line", snmpd("<shortened>"), "error", "error"),
    ("denied", DENIED, "error", "error"),
    ("configuration elsewhere", evidence(units=UNITS), "error", "error"),
    ("not in use", NOT_IN_USE, "good", "good"),
    ("a port only", evidence(commands={"ss -lntu": "udp UNCONN 0 0 0.0.0.0:161 *:*"}, texts={CONF: "rocommunity <community:public>"}), "vulnerable", "vulnerable"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "then", "now"), COMMUNITY, ids=[r[0] for r in COMMUNITY])
def test_a_community_is_no_default_and_in_2026_it_is_complex(
    why: str, server: Evidence, then: str, now: str
) -> None:
    assert then == verdict("U-67", server).verdict, why
    assert now == verdict("U-60", server, "kisa-2026").verdict, why


def test_the_reason_names_the_line_and_what_is_known_of_the_community() -> None:
    got = verdict("U-60", with_community("length=9,letters,digits"), "kisa-2026")

    assert f"The community of {CONF}:1 is too simple: length 9, digits, letters." == got.reason.en
    assert f"{CONF}:1 rocommunity <community:length=9,letters,digits> {SOURCE}" == said(got)


VERSION = [
    ("users only", snmpd(V3), "good", f"{CONF}:1 {V3}"),
    ("a user with his keys", snmpd("agentaddress 161", texts={"/var/lib/snmp/snmpd.conf": "usmUser"}), "good", "/var/lib/snmp/snmpd.conf:1"),
    ("RHEL's users", snmpd("createUser monitor", texts={"/var/lib/net-snmp/snmpd.conf": "usmUser"}), "good", "net-snmp"),
    ("a community", snmpd(READ), "vulnerable", READ),
    ("both", snmpd(V3, READ), "vulnerable", READ),
    ("traps of version 2c", snmpd(V3, f"trap2sink 10.111.0.9 {GOOD}"), "vulnerable", "trap2sink"),
    ("nobody", snmpd("agentaddress 161"), "good", "no community, no user"),
    ("users not read", snmpd(V3, unread={("text", "/var/lib/snmp/snmpd.conf"): "denied"}), "error", "denied"),
    ("denied", DENIED, "error", "denied"),
    ("not in use", NOT_IN_USE, "good", "not in use"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), VERSION, ids=[r[0] for r in VERSION])
def test_version_3_means_no_community(why: str, server: Evidence, expected: str, mention: str) -> None:
    got = verdict("U-59", server, "kisa-2026")

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


def com2sec(source: str) -> Evidence:
    return snmpd(f"com2sec ro {source} {GOOD}")


ACCESS = [
    ("certain addresses", snmpd(READ), "good", SOURCE),
    ("a host by name", snmpd(f"rocommunity {GOOD} nms.example"), "good", "nms.example"),
    ("a name that the probe hides", snmpd(f"rocommunity {GOOD} <name>"), "good", "<name>"),
    ("no source", snmpd(f"rocommunity {GOOD}"), "vulnerable", "rocommunity"),
    ("default", snmpd(f"rocommunity {GOOD} default"), "vulnerable", "default"),
    ("a view is no limit of addresses", snmpd(f"rocommunity {GOOD} default -V systemonly"), "vulnerable", "systemonly"),
    ("com2sec, certain addresses", com2sec("10.111.0.0/255.255.0.0"), "good", "10.111"),
    ("com2sec, default", com2sec("default"), "vulnerable", "default"),
    ("com2sec, 0.0.0.0/0", com2sec("0.0.0.0/0"), "vulnerable", "0.0.0.0/0"),
    ("com2sec, 0.0.0.0/0.0.0.0", com2sec("0.0.0.0/0.0.0.0"), "vulnerable", "0/0.0"),
    ("com2sec, ::/0", com2sec("::/0"), "vulnerable", "::/0"),
    ("com2sec, half of all", com2sec("0.0.0.0/1"), "vulnerable", "/1"),
    ("com2sec, /10", com2sec("0.0.0.0/10"), "good", "/10"),
    ("kept out, then let in", snmpd(f"com2sec ro !10.111.3.0/24 {GOOD}", f"com2sec ro 10.111.0.0/16 {GOOD}"), "good", "10.111.0.0/16"),
    ("by a socket", snmpd(f"com2secunix ro /run/x {GOOD}"), "good", "/run/x"),
    ("authcommunity, no source", snmpd(f"authcommunity read {GOOD}"), "vulnerable", "authcommunity"),
    ("authcommunity, a source", snmpd(f"authcommunity read {GOOD} {SOURCE}"), "good", SOURCE),
    ("one of two", snmpd(READ, f"rwcommunity {GOOD}"), "vulnerable", "rwcommunity"),
    ("Debian's, on loopback", snmpd("agentaddress 127.0.0.1,[::1]", "rocommunity <community:public> default -V systemonly"), "good", "agentaddress"),
    ("on loopback, in full", snmpd("agentAddress udp:127.0.0.1:161,udp6:[::1]:161", "agentaddress unix:/run/snmpd", f"rocommunity {GOOD}"), "good", "udp:127"),
    ("on another address too", snmpd("agentaddress 127.0.0.1", "agentaddress udp:10.111.0.5:161", f"rocommunity {GOOD}"), "vulnerable", ""),
    ("on every address", snmpd("agentaddress udp:161", f"rocommunity {GOOD}"), "vulnerable", ""),
    ("users prove themselves", snmpd("rouser -s usm monitor priv", "rwuser admin", "authuser read -s usm x authpriv"), "good", "monitor"),
    ("a user who does not", snmpd("rouser monitor noauth"), "vulnerable", "noauth"),
    ("an authuser who does not", snmpd("authuser read -s usm x noAuthNoPriv"), "vulnerable", ""),
    ("a group of users who do not", snmpd('access MyGroup "" usm noauth exact all none none'), "vulnerable", "MyGroup"),
    ("a group of communities", snmpd(f"com2sec ro {SOURCE} {GOOD}", "access MyGroup ctx any noauth exact all none none"), "good", SOURCE),
    ("traps let nobody in", snmpd(V3, "trapcommunity <community:public>"), "good", V3),
    ("nobody", snmpd("agentaddress udp:161"), "good", "no community, no user"),
    ("denied", DENIED, "error", "denied"),
    ("not in use", NOT_IN_USE, "good", "not in use"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), ACCESS, ids=[r[0] for r in ACCESS])
def test_access_is_limited_by_address_or_proof(
    why: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict("U-61", server, "kisa-2026")

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


@pytest.mark.parametrize(("server", "expected"), [(snmpd(V3), "vulnerable"), (NOT_IN_USE, "good")])
def test_snmp_in_use_is_a_finding_whatever_its_version(server: Evidence, expected: str) -> None:
    assert expected == verdict("U-58", server, "kisa-2026").verdict


@pytest.mark.parametrize("rule", ["unix.snmp-community", "unix.snmp-version", "unix.snmp-access"])
def test_what_is_not_in_use_can_count_as_not_applicable(rule: str) -> None:
    assert ["not_applicable"] == [c.verdict for c in checks(rule, NOT_IN_USE, unused="not_applicable")]
