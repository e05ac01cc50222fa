"""BIND: U-33 and U-34 of 2021, U-49 to U-51 of 2026. Texts are as the probe reduces them."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cce.evidence.views import named
from evidence_samples import checks, evidence, said, verdict

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

UNITS = {"named.service": "enabled active"}
CONF = "/etc/bind/named.conf"
RHEL = "/etc/named.conf"
OLD, NEW = {"bind9": "1:9.18.49-1~deb12u1"}, {"bind9": "1:9.20.23-1"}
ZONE = 'zone "a.example" { type primary; };'
LIMITED = "allow-transfer { 10.111.0.2; };"
OPEN = "allow-transfer { any; };"


def bind(*statements: str, path: str = CONF, **kinds: object) -> Evidence:
    """A server with named and this configuration."""
    texts = {path: "\n".join(statements), **kinds.pop("texts", {})}  # type: ignore[dict-item]
    return evidence(**{"units": UNITS, "packages": OLD, "texts": texts, **kinds})  # type: ignore[arg-type]


def zone(inner: str, kind: str = "primary") -> str:
    return f'zone "a.example" {{ type {kind}; {inner} }};'


TRANSFER = [
    ("limited in options", bind(f"options {{ {LIMITED} }};", ZONE), "good", f"{CONF}:1 allow-transfer {{ 10.111.0.2; }};"),
    ("limited in the zone", bind(zone(LIMITED)), "good", f"{CONF}:1"),
    ("none", bind("options { allow-transfer { none; }; };", ZONE), "good", "none"),
    ("everybody, in options", bind(f"options {{ {OPEN} }};", ZONE), "vulnerable", "any"),
    ("everybody, in the zone, against options", bind(f"options {{ {LIMITED} }};", zone(OPEN)), "vulnerable", f"{CONF}:2"),
    ("limited in the zone, against options", bind(f"options {{ {OPEN} }};", zone(LIMITED)), "good", f"{CONF}:2"),
    ("the view before options", bind(f"options {{ {OPEN} }};", f'view "v" {{ {LIMITED} {ZONE} }};'), "good", f"{CONF}:2"),
    ("an open view", bind(f"options {{ {LIMITED} }};", f'view "v" {{ {OPEN} {ZONE} }};'), "vulnerable", "a.example (view v)"),
    ("one of two zones", bind(zone(LIMITED), 'zone "b.example" { type master; };'), "vulnerable", "b.example"),
    ("unset before 9.20", bind(ZONE), "vulnerable", "default any of bind9 1:9.18.49"),
    ("unset since 9.20", bind(ZONE, packages=NEW), "good", "default none of bind9 1:9.20.23"),
    ("unset in the development version 9.19", bind(ZONE, packages={"bind": "9.19.21-1"}), "vulnerable", "default any"),
    ("unset, version unknown", bind(ZONE, packages={}), "vulnerable", "unknown version"),
    ("unset, packages not read", bind(ZONE, packages=NEW, unread={("packages", "packages"): "skipped"}), "vulnerable", "unknown version"),
    ("any in 9.20 all the same", bind(f"options {{ {OPEN} }};", ZONE, packages=NEW), "vulnerable", "any"),
    ("a secondary zone", bind(zone("", "slave")), "vulnerable", ""),
    ("a mirror gives nothing away unless told", bind(f"options {{ {OPEN} }};", zone("", "mirror")), "good", "no primary"),
    ("a mirror that is told", bind(zone(OPEN, "mirror")), "vulnerable", "any"),
    ("hints and forwarding only", bind('zone "." { type hint; };', 'zone "f.example" { type forward; };'), "good", "no primary or secondary zone"),
    ("the distribution's local zones are zones", bind('zone "localhost" { type master; };'), "vulnerable", "localhost"),
    ("zones added at run time", bind("options { allow-new-zones yes; };"), "vulnerable", "run time"),
    ("a zone of another view", bind(f'view "v" {{ zone "a.example" {{ in-view "w"; }}; {LIMITED} }};', "options { };"), "good", "no primary"),
    ("to the holders of a key", bind(zone("allow-transfer { key xfer; };")), "good", "key xfer"),
    ("over TLS, to certain hosts", bind(zone("allow-transfer port 853 transport tls { 10.111.0.2; };")), "good", "transport tls"),
    ("over TLS, to everybody", bind(zone("allow-transfer port 853 transport tls { any; };")), "vulnerable", "transport tls"),
    ("a named list", bind('acl "friends" { 10.111.0.0/16; !10.111.3.1; };', zone("allow-transfer { Friends; };")), "good", "Friends"),
    ("a named list of everybody", bind('acl "all" { ::/0; };', zone("allow-transfer { all; };")), "vulnerable", "all"),
    ("a zone by a template", bind('zone "a.example" { template t; };'), "error", "has no type"),
    ("a list that nobody defines", bind(zone("allow-transfer { friends; };")), "error", "acl friends"),
    ("a list of itself", bind("acl a { a; };", zone("allow-transfer { a; };")), "error", "nested too deep"),
    ("all of IPv4", bind(zone("allow-transfer { 0/0; };")), "vulnerable", "0/0"),
    ("both halves of IPv4", bind(zone("allow-transfer { 0.0.0.0/1; 128.0.0.0/1; };")), "vulnerable", "/1"),
    ("not none", bind(zone("allow-transfer { !none; };")), "vulnerable", "!none"),
    ("certain hosts, and nobody else", bind(zone("allow-transfer { 10.111.0.2; !any; };")), "good", "!any"),
    ("nobody, so what stands behind does not count", bind(zone("allow-transfer { none; any; };")), "good", "none"),
    ("everybody but some", bind(zone("allow-transfer { !10.111.0.0/16; any; };")), "vulnerable", "!10"),
    ("all but friends are refused", bind("acl f { 10.111.0.2; };", zone("allow-transfer { !{ !f; any; }; any; };")), "good", "!f"),
    ("what a list inside refuses is no match", bind("acl f { !any; };", zone("allow-transfer { f; any; };")), "vulnerable", "f"),
    ("itself and its networks", bind(zone("allow-transfer { localhost; localnets; };")), "good", "localnets"),
    ("strangers are ignored", bind("options { blackhole { !10.111.0.0/16; any; }; };", ZONE), "good", "zones a.example"),
    ("IPv4 strangers are ignored, IPv6's are not", bind("options { blackhole { 0.0.0.0/0; }; };", ZONE), "vulnerable", ""),
    ("listens on loopback alone", bind("options { listen-on port 53 { 127.0.0.1; }; listen-on-v6 port 53 { ::1; }; };", ZONE, path=RHEL), "good", ""),
    ("listens to IPv6 too", bind("options { listen-on port 53 { 127.0.0.1; }; };", ZONE), "vulnerable", ""),
    ("listens on all its addresses", bind("options { listen-on { localhost; }; listen-on-v6 { none; }; };", ZONE), "vulnerable", ""),
    ("included", bind('include "/etc/bind/a";', 'include "/etc/bind/b";', texts={"/etc/bind/a": f"options {{ {LIMITED} }};", "/etc/bind/b": ZONE}), "good", "/etc/bind/a:1"),
    ("included in the zone", bind('zone "a.example" { type primary; include "/etc/bind/inc"; };', texts={"/etc/bind/inc": LIMITED}), "good", "/etc/bind/inc:1"),
    ("included by its directory", bind('options { directory "/var/named"; };', 'include "z";', path=RHEL, texts={"/var/named/z": zone(LIMITED)}), "good", "/var/named/z:1"),
    ("included by a pattern", bind('include "/etc/bind/z/*.conf";', texts={"/etc/bind/z/a.conf": zone(LIMITED), "/etc/bind/z/b.conf": 'zone "b.example" { type master; };'}), "vulnerable", "b.example"),
    ("an include that was not read", bind('include "/etc/bind/a";', ZONE, unread={("text", "/etc/bind/a"): "denied"}), "error", "/etc/bind/a denied"),
    ("an include that is not there", bind('include "/etc/bind/a";', ZONE), "error", "/etc/bind/a absent"),
    ("an include of itself", bind(f'include "{CONF}";', f'include "{CONF}";'), "error", "included too deep"),
    ("quotes and names in any case", bind('ZONE "a.example" IN { TYPE "primary"; Allow-Transfer { "any"; }; };'), "vulnerable", "{ any; }"),
    ("a word that is a statement's name", bind('zone "allow-transfer" { type primary; allow-transfer { none; }; };'), "good", "zones allow-transfer"),
    ("a long list over two lines", bind("acl f { 10.111.0.2; 10.111.0.3;", "10.111.0.4; };", zone("allow-transfer { f; };")), "good", "f"),
    ("a shortened word", bind(zone("allow-transfer { x<shortened> };")), "error", "shortened"),
    ("braces that do not match", bind("options { allow-transfer { none; };", ZONE), "error", "braces"),
    ("a brace too many", bind("};", ZONE), "error", "braces"),
    ("a statement without its end", bind(ZONE, "options"), "error", "braces"),
    ("many braces", bind("acl x " + "{ " * 200), "error", "nested too deep"),
    ("configuration denied", bind(ZONE, unread={("text", CONF): "denied"}), "error", "denied"),
    ("configuration elsewhere", evidence(units=UNITS), "error", "absent"),
    ("a chroot in use", bind(zone(OPEN), path=RHEL, units={"named-chroot.service": "enabled active"}, texts={"/var/named/chroot/etc/named.conf": 'include "/etc/z";', "/var/named/chroot/etc/z": zone(LIMITED)}), "good", "zones a.example"),
    ("a chroot, bound to the files outside", bind(path=RHEL, units={"named-chroot.service": "enabled unknown"}, texts={"/var/named/chroot/etc/named.conf": 'include "/etc/z";', "/etc/z": zone(OPEN)}), "vulnerable", "/etc/z:1"),
    ("a chroot that is not in use", bind(zone(LIMITED), path=RHEL, texts={"/var/named/chroot/etc/named.conf": zone(OPEN)}), "good", ""),
    ("disabled", bind(zone(OPEN), units={"named.service": "disabled inactive"}), "good", "not in use"),
    ("a unit that was not read", evidence(units={"named.service": "unknown unknown"}), "error", "named.service"),
    ("resolved's own stub", evidence(commands={"ss -lntu": "udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:*\ntcp LISTEN 0 9 [::1]:53 [::]:*"}), "good", "not in use"),
    ("another DNS server", evidence(commands={"ss -lntu": "udp UNCONN 0 0 10.111.0.9:53 0.0.0.0:*"}), "error", "another DNS server"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), TRANSFER, ids=[r[0] for r in TRANSFER])
@pytest.mark.parametrize("item", ["kisa-2021 U-34", "kisa-2026 U-50"])
def test_a_zone_is_judged_by_the_transfer_in_effect(
    why: str, server: Evidence, expected: str, mention: str, item: str
) -> None:
    benchmark, number = item.split()
    got = verdict(number, server, benchmark)

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


def test_local_zones_can_be_left_out() -> None:
    names = (
        "localhost",
        "LOCALHOST.localdomain",
        "127.in-addr.arpa.",
        "255.in-addr.arpa",
        "1." + "0." * 31 + "ip6.arpa",
    )
    server = bind(*(f'zone "{name}" {{ type master; }};' for name in names))

    assert ["vulnerable"] == [c.verdict for c in checks("unix.dns-zone-transfer", server)]
    assert ["good"] == [c.verdict for c in checks("unix.dns-zone-transfer", server, local_zones="ignore")]


def test_zones_that_one_statement_decides_for_are_one_check() -> None:
    server = bind(
        f"options {{ {LIMITED} }};",
        *(f'zone "z{n}.example" {{ type primary; }};' for n in range(300)),
        zone(OPEN),
    )
    got = checks("unix.dns-zone-transfer", server)

    assert ["good", "vulnerable"] == [c.verdict for c in got]
    assert "z4.example (5 of 300 shown)" in got[0].reason.en


UPDATE = [
    ("unset", bind(ZONE), "good", "default none"),
    ("none", bind(zone("allow-update { none; };")), "good", "none"),
    ("certain hosts", bind(zone("allow-update { 10.111.0.2; };")), "good", "10.111.0.2"),
    ("holders of a key", bind(zone("allow-update { key ddns; };")), "good", "key ddns"),
    ("everybody", bind(zone("allow-update { any; };")), "vulnerable", f"{CONF}:1 allow-update {{ any; }};"),
    ("everybody, by options", bind("options { allow-update { any; }; };", ZONE), "vulnerable", f"{CONF}:1"),
    ("everybody, by the view", bind(f'view "v" {{ allow-update {{ any; }}; {ZONE} }};'), "vulnerable", "any"),
    ("the zone against options", bind("options { allow-update { any; }; };", zone("allow-update { none; };")), "good", "none"),
    ("a policy", bind(zone("update-policy { grant ddns zonesub ANY; };")), "good", "update-policy"),
    ("the local policy", bind(zone("update-policy local;")), "good", "update-policy local;"),
    ("a policy against options", bind("options { allow-update { any; }; };", zone("update-policy local;")), "good", "local"),
    ("a policy where named takes none", bind("options { update-policy local; };", zone("allow-update { any; };")), "vulnerable", "any"),
    ("a secondary zone is not updated", bind(zone("allow-update { any; };", "secondary")), "good", "no primary zone"),
    ("listens on loopback alone", bind("options { listen-on { 127.0.0.1; }; listen-on-v6 { none; }; };", zone("allow-update { any; };")), "good", "any"),
    ("one of two zones", bind(zone("allow-update { any; };"), 'zone "b.example" { type master; allow-update { none; }; };'), "vulnerable", "any"),
    ("RHEL's local zones", bind('zone "localhost" IN { type primary; allow-update { none; }; };', path=RHEL), "good", "none"),
    ("an include that was not read", bind('include "/etc/bind/a";', unread={("text", "/etc/bind/a"): "cut"}), "error", "cut"),
    ("not in use", evidence(), "good", "not in use"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), UPDATE, ids=[r[0] for r in UPDATE])
def test_a_zone_is_judged_by_who_may_update_it(
    why: str, server: Evidence, expected: str, mention: str
) -> None:
    got = verdict("U-51", server, "kisa-2026")

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)


SS = {"ss -lntu": "udp UNCONN 0 0 10.111.0.9:53 0.0.0.0:*"}
VERSION = [
    ("not in use", evidence(packages=OLD), "good", "not in use"),
    ("a package", bind(ZONE), "review", "bind9 1:9.18.49-1~deb12u1"),
    ("RHEL's package", bind(ZONE, packages={"bind9.18": "32:9.18.29-1.el9"}, path=RHEL), "review", "32:9.18.29-1.el9"),
    ("built by hand", bind(ZONE, packages={}), "review", "named.service"),
    ("another server", evidence(commands=SS, packages=OLD), "review", "10.111.0.9:53"),
    ("packages not read", bind(ZONE, unread={("packages", "packages"): "skipped"}), "error", "packages skipped"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), VERSION, ids=[r[0] for r in VERSION])
@pytest.mark.parametrize("item", ["kisa-2021 U-33", "kisa-2026 U-49"])
def test_a_person_judges_the_version_of_a_server_in_use(
    why: str, server: Evidence, expected: str, mention: str, item: str
) -> None:
    benchmark, number = item.split()
    got = verdict(number, server, benchmark)

    assert expected == got.verdict, why
    assert mention in said(got)


def test_lists_that_name_each_other_many_times_are_read_once() -> None:
    acls = [f"acl a{n} {{ a{n + 1}; a{n + 1}; a{n + 1}; }};" for n in range(20)]
    server = bind(*acls, "acl a20 { 10.111.0.2; };", zone("allow-transfer { a0; };"))

    assert [False] == [z.transfer.open for z in named.zones(server)]
