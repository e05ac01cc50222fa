"""Whatever stands in the configurations of BIND, Net-SNMP and the time daemons, only Unread is raised."""

# ruff: noqa: E501 - fragments by the parser they are for

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cce.benchmarks import load
from cce.evidence.model import Unread
from cce.evidence.views import named, snmp, timesync
from cce.judge import judge
from cce.verdict import Verdict
from evidence_samples import evidence

if TYPE_CHECKING:
    from collections.abc import Callable

    from cce.evidence.model import Evidence

NAMED, SNMPD, CHRONY = "/etc/bind/named.conf", "/etc/snmp/snmpd.conf", "/etc/chrony/chrony.conf"
WORDS = st.sampled_from(
    [
        "options {", "view v {", 'zone "a.example" {', "acl a {", "type primary;", "type slave;", "allow-transfer", "allow-update",
        "update-policy local;", "blackhole", "listen-on", "allow-new-zones yes;", "catalog-zones", "directory", "version", 'zone "version.bind" {', "include", "};", "{", "}",
        ";", "!", "any;", "none;", "a;", "key k;", "0/0;", "::/0;", "127.0.0.1;", "1.2.3.4/999;", '"', '"/etc/bind/a"', "\\", "<redacted>",
        "rocommunity", "com2sec", "com2sec -Cn", "authcommunity", "trapsess", "trap2sink", "<community:public>",
        "<community:length=12,letters,digits>", "<community:length=,>", "<community:length=" + "9" * 40 + ">", "default", "rouser",
        "authuser read -s", "access g c usm noauth", "agentaddress", "127.0.0.1,[::1]", "includeDir /etc/snmp", "includeFile snmpd.conf",
        "usmUser", "server", "pool", "refclock", "noselect", "confdir /etc/chrony", "sourcedir", "include /etc/chrony/*.conf", "[Time]",
        "NTP=", "FallbackNTP=", "^*", "^?", "*10.111.0.9", "NTPSynchronized=yes", "=", "\x00", "\udcff", "한글", "<shortened>",
    ]
)  # fmt: skip
LINE = st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=8).map(" ".join)
CONTENT = st.lists(LINE, max_size=8).map("\n".join)
PATHS = (
    NAMED, "/etc/bind/a", "/etc/named.conf", "/var/named/chroot/etc/named.conf", SNMPD, "/etc/snmp/snmpd.local.conf",
    "/var/lib/snmp/snmpd.conf", CHRONY, "/etc/chrony/a.conf", "/etc/ntp.conf", "/etc/systemd/timesyncd.conf",
    "/etc/systemd/timesyncd.conf.d/a.conf", "/etc/openntpd/ntpd.conf",
)  # fmt: skip
COMMANDS = ("chronyc -n sources", "ntpq -pn", "timedatectl show -p NTPSynchronized", "ss -lntu")
STATES = st.sampled_from(["enabled active", "enabled unknown", "disabled inactive", "unknown unknown"])
UNITS = st.dictionaries(
    st.sampled_from(
        ["named.service", "named-chroot.service", "snmpd.service", "chrony.service", "ntpd.service", "systemd-timesyncd.service", "openntpd.service"]
    ),
    STATES,
)  # fmt: skip
VIEWS: dict[str, Callable[[Evidence], object]] = {
    "named": lambda e: (named.zones(e), named.uses(e), named.default_transfer(e), named.version(e)),
    "snmp": lambda e: (snmp.agent(e), snmp.agent(e).local),
    "timesync": lambda e: [
        (timesync.says_synchronised(e, daemon), timesync.sources(e, daemon)) for daemon in timesync.DAEMONS
    ],
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@given(
    contents=st.dictionaries(st.sampled_from(PATHS), CONTENT),
    outputs=st.dictionaries(st.sampled_from(COMMANDS), CONTENT),
    units=UNITS,
)
@settings(max_examples=150, deadline=None)
def test_a_view_raises_nothing_but_unread(
    view: Callable[[Evidence], object],
    contents: dict[str, str],
    outputs: dict[str, str],
    units: dict[str, str],
) -> None:
    with contextlib.suppress(Unread):
        view(evidence(texts=contents, commands=outputs, units=units))


ITEMS = ("U-49", "U-50", "U-51", "U-58", "U-59", "U-60", "U-61", "U-65")
EVERYTHING_ON = dict.fromkeys(("named.service", "snmpd.service", "chrony.service"), "enabled active")


@given(
    contents=st.dictionaries(st.sampled_from(PATHS), CONTENT, min_size=3),
    unread=st.dictionaries(
        st.tuples(st.just("text"), st.sampled_from(PATHS)),
        st.sampled_from(["denied", "cut", "special", "error"]),
    ),
)
@settings(max_examples=100, deadline=None)
def test_every_item_gets_a_verdict_with_a_reason_in_both_languages(
    contents: dict[str, str], unread: dict[tuple[str, str], str]
) -> None:
    server = evidence(texts=contents, units=EVERYTHING_ON, unread=unread)
    got = judge(server, load("kisa-2026").select(ITEMS))

    assert len(ITEMS) == len(got)
    assert all(check.reason.ko and check.reason.en for v in got for check in v.checks)
    # Only the version of DNS is for a person.
    assert {"U-49"} >= {v.item for v in got if v.verdict == Verdict.REVIEW}


def test_without_any_evidence_no_item_is_good() -> None:
    nothing = evidence()
    object.__setattr__(nothing, "statuses", {})
    object.__setattr__(nothing, "units", {})

    assert {Verdict.ERROR} == {v.verdict for v in judge(nothing, load("kisa-2026").select(ITEMS))}


@pytest.mark.parametrize("path", [NAMED, SNMPD, CHRONY])
@pytest.mark.parametrize("why", ["denied", "cut", "special", "error"])
def test_what_was_not_read_is_never_good(path: str, why: str) -> None:
    server = evidence(units=EVERYTHING_ON, unread={("text", path): why})
    got = {v.item: v.verdict for v in judge(server, load("kisa-2026").select(ITEMS))}
    of = {NAMED: ("U-50", "U-51"), SNMPD: ("U-59", "U-60", "U-61"), CHRONY: ("U-65",)}[path]

    assert {Verdict.ERROR} == {got[item] for item in of}
