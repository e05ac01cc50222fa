"""Time: U-65 of 2026."""

# ruff: noqa: E501 - one case a line, read as a table

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evidence_samples import evidence, said, verdict

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

CHRONY = "/etc/chrony/chrony.conf"
RHEL = "/etc/chrony.conf"
NTPSEC = "/etc/ntpsec/ntp.conf"
TIMESYNCD = "/etc/systemd/timesyncd.conf"
HEADER = "MS Name/IP address         Stratum Poll Reach LastRx Last sample\n===\n"
AMAZON = "^* 169.254.169.123               3   4   377    12  -3114ns[-5091ns] +/-  470us"
NTPQ = "     remote           refid      st t when poll reach   delay   offset  jitter\n====\n"
POOL = " 2.debian.pool.n .POOL.          16 p    -   64    0    0.000    0.000   0.000\n"
CHRONYC = "chronyc -n sources"
TIMEDATECTL = "timedatectl show -p NTPSynchronized"


def server(
    unit: str, state: str = "enabled unknown", texts: dict[str, str] | None = None, **commands: str
) -> Evidence:
    names = {"chronyc": CHRONYC, "ntpq": "ntpq -pn", "timedatectl": TIMEDATECTL}
    return evidence(
        units={f"{unit}.service": state}, texts=texts, commands={names[k]: v for k, v in commands.items()}
    )


def chrony(conf: str) -> Evidence:
    return server("chrony", texts={CHRONY: conf})


ON = "enabled active"
CASES = [
    # in a root directory the configuration decides
    ("chrony's pool", chrony("pool 2.debian.pool.ntp.org iburst"), "good", f"{CHRONY}:1"),
    ("Amazon's source", server("chronyd", texts={RHEL: "server 169.254.169.123 prefer iburst"}), "good", "169.254.169.123"),
    ("chrony without a source", chrony("makestep 1 3"), "vulnerable", "no server, pool or peer"),
    ("a commented source", chrony("# server ntp.example"), "vulnerable", "no server, pool or peer"),
    ("a source that is only watched", chrony("server ntp.example noselect"), "vulnerable", ""),
    ("a reference clock", chrony("refclock PHC /dev/ptp0 poll 2"), "good", "PHC"),
    ("in any case", chrony("Server ntp.example"), "good", "ntp.example"),
    ("a source in sourcedir", evidence(units={"chrony.service": "enabled unknown"}, texts={CHRONY: "sourcedir /run/chrony-dhcp /etc/chrony/sources.d", "/etc/chrony/sources.d/a.sources": "server ntp.example"}), "good", "a.sources:1"),
    ("a file that sourcedir does not read", evidence(units={"chrony.service": "enabled unknown"}, texts={CHRONY: "sourcedir /etc/chrony/sources.d", "/etc/chrony/sources.d/a.conf": "server ntp.example"}), "vulnerable", ""),
    ("a source in confdir", evidence(units={"chrony.service": "enabled unknown"}, texts={CHRONY: "confdir /etc/chrony/conf.d", "/etc/chrony/conf.d/a.conf": "pool ntp.example"}), "good", "a.conf:1"),
    ("an included source", evidence(units={"chronyd.service": "enabled unknown"}, texts={RHEL: "include /etc/chrony.d/*.conf", "/etc/chrony.d/pool.conf": "pool ntp.example"}), "good", "pool.conf:1"),
    ("included in a circle", chrony(f"include {CHRONY}"), "vulnerable", ""),
    ("an include that was not read", evidence(units={"chrony.service": "enabled unknown"}, texts={CHRONY: "include /srv/c"}, unread={("text", "/srv/c"): "denied"}), "error", "denied"),
    ("chrony without its configuration", server("chrony"), "error", "absent"),
    ("configuration denied", evidence(units={"chrony.service": "enabled unknown"}, unread={("text", CHRONY): "denied"}), "error", "denied"),
    ("a shortened line", chrony("<shortened>"), "error", "shortened"),
    ("ntpsec", server("ntpsec", texts={NTPSEC: "pool 0.debian.pool.ntp.org iburst"}), "good", f"{NTPSEC}:1"),
    ("ntpd of RHEL 7", server("ntpd", texts={"/etc/ntp.conf": "server 10.111.0.9"}), "good", "/etc/ntp.conf:1"),
    ("ntpd and its own clock", server("ntpd", texts={"/etc/ntp.conf": "server 127.127.1.0"}), "vulnerable", ""),
    ("an include of ntpd", server("ntp", texts={"/etc/ntp.conf": "includefile /etc/ntp/servers", "/etc/ntp/servers": "server 10.111.0.9"}), "good", "servers:1"),
    ("openntpd", server("openntpd", texts={"/etc/openntpd/ntpd.conf": "servers pool.ntp.org"}), "good", "servers pool"),
    ("openntpd without a source", server("openntpd", texts={"/etc/openntpd/ntpd.conf": "listen on *"}), "vulnerable", ""),
    ("timesyncd as shipped", server("systemd-timesyncd"), "good", "FallbackNTP unset"),
    ("timesyncd with a server", server("systemd-timesyncd", texts={TIMESYNCD: "[Time]\nNTP=10.111.0.9"}), "good", f"{TIMESYNCD}:2"),
    ("timesyncd, another section", server("systemd-timesyncd", texts={TIMESYNCD: "[Tme]\nNTP=10.111.0.9"}), "good", "FallbackNTP unset"),
    ("timesyncd without any", server("systemd-timesyncd", texts={TIMESYNCD: "[Time]\nNTP=\nFallbackNTP="}), "vulnerable", ""),
    ("timesyncd, a drop-in takes it away", server("systemd-timesyncd", texts={TIMESYNCD: "[Time]\nNTP=10.111.0.9\nFallbackNTP=", "/etc/systemd/timesyncd.conf.d/a.conf": "[Time]\nNTP ="}), "vulnerable", ""),
    ("timesyncd, a drop-in of /etc masks one", server("systemd-timesyncd", texts={TIMESYNCD: "[Time]\nFallbackNTP=", "/usr/lib/systemd/timesyncd.conf.d/a.conf": "[Time]\nNTP=10.111.0.9", "/etc/systemd/timesyncd.conf.d/a.conf": "[Time]"}), "vulnerable", ""),
    ("timesyncd, a drop-in that is none", server("systemd-timesyncd", texts={TIMESYNCD: "[Time]\nFallbackNTP=", "/etc/systemd/timesyncd.conf.d/a.bak": "[Time]\nNTP=10.111.0.9"}), "vulnerable", ""),
    ("timesyncd denied", evidence(units={"systemd-timesyncd.service": "enabled unknown"}, unread={("text", TIMESYNCD): "denied"}), "error", "denied"),
    # which daemon runs
    ("nothing", evidence(), "vulnerable", "not installed"),
    ("disabled", server("chrony", "disabled unknown", {CHRONY: "pool ntp.example"}), "vulnerable", "disabled"),
    ("masked", server("systemd-timesyncd", "masked inactive"), "vulnerable", "masked"),
    ("enabled but stopped", server("chrony", "enabled inactive", {CHRONY: "pool ntp.example"}), "vulnerable", "enabled, inactive"),
    ("one that is stopped beside one that runs", evidence(units={"systemd-timesyncd.service": "enabled inactive", "chrony.service": ON}, texts={CHRONY: "pool ntp.example"}), "good", "chrony.service"),
    ("two, one without a source", evidence(units={"systemd-timesyncd.service": ON, "chrony.service": ON}, texts={CHRONY: "", TIMESYNCD: "[Time]\nNTP=10.111.0.9"}), "good", "10.111.0.9"),
    ("two, one not read", evidence(units={"systemd-timesyncd.service": ON, "chrony.service": ON}), "good", "timesyncd"),
    ("a unit that was not read", evidence(units={"chrony.service": "unknown unknown"}), "error", "chrony.service"),
    # what the daemon says goes before its files
    ("chrony follows a source", server("chronyd", ON, chronyc=HEADER + AMAZON), "good", "169.254.169.123"),
    ("chrony follows a clock", server("chronyd", ON, chronyc=HEADER + "#* PHC0 0 3 377 7 +1ns[+2ns] +/- 1us"), "good", "PHC0"),
    ("chrony follows none", server("chronyd", ON, {RHEL: "pool ntp.example"}, chronyc=HEADER + AMAZON.replace("*", "?")), "vulnerable", "^? 169"),
    ("chrony has none", server("chronyd", ON, {RHEL: "pool ntp.example"}, chronyc=""), "vulnerable", "no source"),
    ("chronyc is broken", evidence(units={"chronyd.service": ON}, texts={RHEL: "pool ntp.example"}, unread={("command", CHRONYC): "error"}), "good", "pool ntp.example"),
    ("chronyc of a daemon that does not run", server("systemd-timesyncd", ON, chronyc=HEADER), "good", "FallbackNTP"),
    ("ntpd follows a source", server("ntpsec", ON, ntpq=NTPQ + POOL + "*10.111.0.9  .GPS. 1 u 4 64 377 0.2 0.1 0.1"), "good", "*10.111.0.9"),
    ("ntpd follows a source of IPv6", server("ntpsec", ON, ntpq=NTPQ + "*fd00::9  .GPS. 1 u 4 64 377 0.2 0.1 0.1"), "good", "fd00"),
    ("ntpd follows none", server("ntpsec", ON, {NTPSEC: "pool ntp.example"}, ntpq=NTPQ + POOL + "+10.111.0.9 .GPS. 1 u 4 64 0 0 0 0"), "vulnerable", "+10.111.0.9"),
    ("ntpd follows itself", server("ntpd", ON, ntpq=NTPQ + "*127.127.1.0 .LOCL. 5 l 4 64 377 0 0 0"), "vulnerable", "LOCL"),
    ("timesyncd follows", server("systemd-timesyncd", ON, timedatectl="NTPSynchronized=yes"), "good", "=yes"),
    ("timesyncd follows none", server("systemd-timesyncd", ON, timedatectl="NTPSynchronized=no"), "vulnerable", "=no"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "server", "expected", "mention"), CASES, ids=[r[0] for r in CASES])
def test_a_daemon_runs_and_has_a_source(why: str, server: Evidence, expected: str, mention: str) -> None:
    got = verdict("U-65", server, "kisa-2026")

    assert expected == got.verdict, f"{why}: {got.reason.en}"
    assert mention in said(got)
