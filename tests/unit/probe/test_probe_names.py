"""Configurations of BIND, Net-SNMP and the time daemons, reduced on the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cce.evidence.model import Unread
from hostile_root import FORGED, write

if TYPE_CHECKING:
    from pathlib import Path

    from hostile_root import Printed

Probe = "Callable[..., Printed]"
SHELLS = ("dash", "bash", "busybox sh")


def lines(printed: Printed, path: str) -> list[tuple[int, str]]:
    return [(line.number, line.text) for line in printed.evidence.lines(path) or ()]


NAMED_CONF = r"""
// a comment with "quotes" and /* no beginning
options { directory "/var/cache/bind"; # another
	allow-transfer { none; }; /* over
 zone "commented" { type master; };
lines */ listen-on-v6 { any; };recursion yes; secret "InOptions";
	forwarders { 10.111.0.3; };
};
key "xfer" { algorithm hmac-sha256;
  secret
  "SecretOnItsOwnLine=="
; };
key a { algorithm hmac-md5; secret "SecretOnOneLine=="; };
controls { inet 127.0.0.1 allow { any; } keys { "InControls"; }; };
include "/etc/bind/rndc.key"; include "zones.conf";
acl secret { key xfer; secret ShownByMistake; };
ZONE "a//b.example" IN{type/**/master;file "/etc/bind/#db";allow-transfer{10.111.0.2;key xfer;};};
view "v" { match-clients { any; }; zone "c" { type slave; masters { 10.111.0.2 key "InMasters"; }; }; };
zone "over
two \" lines" { type hint; };
"""


@pytest.mark.parametrize("shell", SHELLS)
def test_named_conf_comes_as_statements_that_rules_read(probe: Probe, tmp_path: Path, shell: str) -> None:
    write(tmp_path / "etc/bind/named.conf", NAMED_CONF)
    write(
        tmp_path / "etc/bind/rndc.key",
        'key "rndc-key" {\n algorithm hmac-sha256;\n secret "RndcSecret==";\n};\n',
    )
    write(tmp_path / "etc/zones.conf", 'zone "inc" { type master; };\ninclude "/etc/bind/named.conf";')
    printed = probe(tmp_path, shell=shell)

    assert [
        (3, "options {"),
        (3, 'directory "/var/cache/bind";'),
        (4, "allow-transfer { none; };"),
        (6, "listen-on-v6 { any; };"),
        (8, "};"),
        (15, 'include "/etc/bind/rndc.key";'),
        (15, 'include "zones.conf";'),
        (16, "acl secret { key xfer; secret <redacted>; };"),
        (17, 'ZONE "a//b.example" IN { type master; allow-transfer { 10.111.0.2; key xfer; }; };'),
        (18, 'view "v" {'),
        (18, 'zone "c" { type slave; };'),
        (18, "};"),
        (19, 'zone "over\ntwo \\" lines" { type hint; };'),
    ] == lines(printed, "/etc/bind/named.conf")
    assert [] == lines(printed, "/etc/bind/rndc.key")
    assert [(1, 'zone "inc" { type master; };'), (2, 'include "/etc/bind/named.conf";')] == lines(
        printed, "/etc/zones.conf"
    )
    for secret in (b"Secret", b"InOptions", b"InControls", b"InMasters", b"ShownByMistake"):
        assert secret not in printed.records


def test_long_statements_go_on_in_the_next_line_and_no_address_is_lost(probe: Probe, tmp_path: Path) -> None:
    addresses = [f"10.111.{n // 200}.{n % 200}" for n in range(400)]
    write(
        tmp_path / "etc/named.conf",
        f"acl friends {{ {'; '.join(addresses)}; }};\nacl more {{ 10.111.0.2; }};",
    )
    got = lines(probe(tmp_path), "/etc/named.conf")

    assert max(len(text) for _, text in got) < 500
    assert addresses == " ".join(text for _, text in got).replace(";", "").split()[3:403]
    assert (2, "acl more { 10.111.0.2; };") == got[-1]


@pytest.mark.parametrize(
    "content", ["{" * 20_000, '"' + "x" * 20_000, "a " * 10_000, "acl x { " + "y" * 9000 + "; };"]
)
def test_a_line_beyond_all_measure_is_said_to_be_shortened(
    probe: Probe, tmp_path: Path, content: str
) -> None:
    write(tmp_path / "etc/named.conf", f'{content}\nzone "a" {{ type hint; }};\n')
    write(tmp_path / "etc/snmp/snmpd.conf", f"rocommunity {content}\n")
    write(tmp_path / "etc/chrony.conf", f"server {content}\n")
    printed = probe(tmp_path)
    shown = "".join(text for _, text in lines(printed, "/etc/named.conf"))

    assert "<shortened>" in shown
    assert "yyyyy<shortened>" in shown or "<shortened>" == shown.partition("zone")[0]
    if len(content) > 16_384:
        assert ["<shortened>"] == [text for _, text in lines(printed, "/etc/snmp/snmpd.conf")]
        assert ["<shortened>"] == [text for _, text in lines(printed, "/etc/chrony.conf")]


def test_what_stands_in_a_name_is_no_record(probe: Probe, tmp_path: Path) -> None:
    forged = f'zone "{FORGED}text\t/etc/named.conf\tabsent\nend\t1\n" {{ type master; }};'
    write(tmp_path / "etc/named.conf", forged + 'include "a\tb";include "/etc/ctl\x01";')
    evidence = probe(tmp_path).evidence
    shown = "".join(line.text for line in evidence.lines("/etc/named.conf") or ())

    assert "forged" != evidence.probe_version
    assert "text\t/etc/named.conf\tabsent\nend\t1\n" in shown


@pytest.mark.parametrize("shell", SHELLS)
def test_the_chroot_has_files_of_its_own(probe: Probe, tmp_path: Path, shell: str) -> None:
    chroot = tmp_path / "var/named/chroot/etc"
    write(tmp_path / "etc/named.conf", 'include "/etc/zones";\n')
    write(tmp_path / "etc/zones", 'zone "outside" { type master; };\n')
    write(chroot / "named.conf", 'include "/etc/zones";\ninclude "/etc/nowhere";\n')
    write(chroot / "real", 'zone "inside" { type master; };\n')
    (chroot / "zones").symlink_to("/etc/real")
    printed = probe(tmp_path, shell=shell)

    assert [(1, 'zone "outside" { type master; };')] == lines(printed, "/etc/zones")
    assert [(1, 'zone "inside" { type master; };')] == lines(printed, "/var/named/chroot/etc/zones")
    assert printed.evidence.lines("/var/named/chroot/etc/nowhere") is None


SNMPD_CONF = r"""
# rocommunity Commented
rocommunity S3cretCommunity 10.111.0.0/16
  ROCommunity6 "Quoted Secret1!" default -V systemonly
rwcommunity 'private'
com2sec ro default PUBLIC
com2sec -Cn ctx "ro x" nms.example Anoth3rSecret extra
com2sec6 -Cnctx ro ::/0 esc\aped1
com2sec S3cretAlone
com2secunix ro /run/x Unix1Secret
authcommunity read,write Auth1Secret
rocommunity <community:length=20,letters,digits,special> default
rocommunity default S3cretAsSource
trapcommunity Trap1Secret
trapsink 10.111.0.9 Sink1Secret 162
trap2sink S3cretAsHost
trapsess -v 2c -c Sess1Secret 10.111.0.9
trapsess -v3 -u user -A AuthPassphrase -X PrivPassphrase -cJoined1 10.111.0.9
createUser monitor SHA AuthPassphrase AES PrivPassphrase
createUser -e 0x80001 admin SHA AuthPassphrase
rouser monitor priv -V systemonly
access g "" usm noauth exact all none none
proxy -v 2c -c ProxySecret 10.111.0.9 .1.3
smuxpeer .1.3 SmuxSecret
[snmp] defCommunity DefaultSecret
[snmpd] rocommunity Sectioned1
agentAddress udp:127.0.0.1:161
includeFile site.conf
includeDir /etc/snmp/snmpd.conf.d
rocommunity
"""
FACTS = "<community:length=15,letters,digits>"


@pytest.mark.parametrize("shell", SHELLS)
def test_communities_come_as_facts_and_passphrases_not_at_all(
    probe: Probe, tmp_path: Path, shell: str
) -> None:
    etc = tmp_path / "etc/snmp"
    write(etc / "snmpd.conf", SNMPD_CONF)
    write(etc / "site.conf", "rocommunity Site1Secret\n")
    write(etc / "snmpd.conf.d/a.conf", "rocommunity public\n")
    write(etc / "snmpd.conf.d/b.bak", "rocommunity public\n")
    write(tmp_path / "var/lib/snmp/snmpd.conf", 'usmUser 1 3 0x80 "monitor" "monitor" NULL .1 0xAuthKeyHex\n')
    printed = probe(tmp_path, shell=shell)

    assert [
        (3, f"rocommunity {FACTS} 10.111.0.0/16"),
        (4, "ROCommunity6 <community:length=15,letters,digits,special> default -V systemonly"),
        (5, "rwcommunity <community:private>"),
        (6, "com2sec ro default <community:public>"),
        (7, "com2sec -Cn ctx ro_x nms.example <community:length=13,letters,digits>"),
        (8, "com2sec6 -Cnctx ro ::/0 <community:length=8,letters,digits>"),
        (9, "com2sec"),
        (10, "com2secunix ro /run/x <community:length=11,letters,digits>".replace("/run/x", "<name>")),
        (11, "authcommunity read,write <community:length=11,letters,digits>"),
        (12, "rocommunity <community:length=44,letters,digits,special> default"),
        (13, "rocommunity <community:length=7,letters> <name>"),
        (14, "trapcommunity <community:length=11,letters,digits>"),
        (15, "trapsink 10.111.0.9 <community:length=11,letters,digits>"),
        (16, "trap2sink <name>"),
        (17, "trapsess <community:length=11,letters,digits>"),
        (18, "trapsess <community:length=7,letters,digits>"),
        (19, "createUser monitor"),
        (20, "createUser admin"),
        (21, "rouser monitor priv -V systemonly"),
        (22, 'access g "" usm noauth exact all none none'),
        (26, "rocommunity <community:length=10,letters,digits>"),
        (27, "agentAddress udp:127.0.0.1:161"),
        (28, "includeFile site.conf"),
        (29, "includeDir /etc/snmp/snmpd.conf.d"),
        (30, "rocommunity"),
    ] == lines(printed, "/etc/snmp/snmpd.conf")
    assert [(1, "rocommunity <community:length=11,letters,digits>")] == lines(printed, "/etc/snmp/site.conf")
    assert [(1, "rocommunity <community:public>")] == lines(printed, "/etc/snmp/snmpd.conf.d/a.conf")
    assert [(1, "usmUser")] == lines(printed, "/var/lib/snmp/snmpd.conf")
    with pytest.raises(Unread, match="not collected"):
        printed.evidence.lines("/etc/snmp/snmpd.conf.d/b.bak")
    for secret in (
        b"Secret",
        b"S3cret",
        b"Passphrase",
        b"esc\\aped",
        b"escaped",
        b"Joined1",
        b"KeyHex",
        b"Sectioned",
    ):
        assert secret not in printed.records


@pytest.mark.parametrize("shell", SHELLS)
def test_sources_of_time_are_found_wherever_they_are_configured(
    probe: Probe, tmp_path: Path, shell: str
) -> None:
    etc = tmp_path / "etc"
    write(
        etc / "chrony/chrony.conf",
        "! server no\nSourceDir /etc/chrony/sources.d /run/c\nconfdir /etc/chrony/conf.d\nkeyfile /k\n",
    )
    write(etc / "chrony/sources.d/a.sources", "server 169.254.169.123 prefer key 5\n")
    write(etc / "chrony/conf.d/b.conf", "include /etc/chrony/more/*.x\n")
    write(etc / "chrony/more/c.x", "pool ntp.example\n")
    write(
        etc / "ntpsec/ntp.conf",
        "crypto pw CryptoSecret\nserver 10.111.0.9 iburst\nincludefile /etc/ntp.more\n",
    )
    write(etc / "ntp.more", "peer 10.111.0.8\n")
    write(etc / "systemd/timesyncd.conf", "[Time]\n#NTP=no\nNTP = 10.111.0.9\n")
    write(
        tmp_path / "usr/lib/systemd/timesyncd.conf.d/d.conf", "[Time]\nFallbackNTP=\nPollIntervalMinSec=32\n"
    )
    printed = probe(tmp_path, shell=shell)

    assert {
        "/etc/chrony/chrony.conf": [
            (2, "SourceDir /etc/chrony/sources.d /run/c"),
            (3, "confdir /etc/chrony/conf.d"),
        ],
        "/etc/chrony/sources.d/a.sources": [(1, "server 169.254.169.123 prefer key 5")],
        "/etc/chrony/conf.d/b.conf": [(1, "include /etc/chrony/more/*.x")],
        "/etc/chrony/more/c.x": [(1, "pool ntp.example")],
        "/etc/ntpsec/ntp.conf": [(2, "server 10.111.0.9 iburst"), (3, "includefile /etc/ntp.more")],
        "/etc/ntp.more": [(1, "peer 10.111.0.8")],
        "/etc/systemd/timesyncd.conf": [(1, "[Time]"), (3, "NTP = 10.111.0.9")],
        "/usr/lib/systemd/timesyncd.conf.d/d.conf": [(1, "[Time]"), (2, "FallbackNTP=")],
        "/etc/ntp.conf": [],
    } == {path: lines(printed, path) for path in [
        "/etc/chrony/chrony.conf", "/etc/chrony/sources.d/a.sources", "/etc/chrony/conf.d/b.conf",
        "/etc/chrony/more/c.x", "/etc/ntpsec/ntp.conf", "/etc/ntp.more", "/etc/systemd/timesyncd.conf",
        "/usr/lib/systemd/timesyncd.conf.d/d.conf", "/etc/ntp.conf",
    ]}  # fmt: skip
    assert b"CryptoSecret" not in printed.records


def test_a_server_without_them_says_so_for_each(probe: Probe, tmp_path: Path) -> None:
    for name in ("etc", "run", "usr"):
        (tmp_path / name).mkdir()
    evidence = probe(tmp_path).evidence

    assert [None] * 4 == [
        evidence.lines(path)
        for path in (
            "/etc/bind/named.conf",
            "/etc/snmp/snmpd.conf",
            "/etc/chrony.conf",
            "/etc/systemd/timesyncd.conf",
        )
    ]
    assert evidence.directory("/run/systemd/timesyncd.conf.d") is None
    with pytest.raises(Unread, match="skipped"):
        evidence.command("chronyc -n sources")
