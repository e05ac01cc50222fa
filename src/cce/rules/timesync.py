"""Time: the server's clock follows another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.evidence.model import Unread
from cce.evidence.views import timesync
from cce.rules.common import unread_check
from cce.rules.registry import Params, good, rule, vulnerable
from cce.verdict import Fact, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, Unit
    from cce.evidence.views.timesync import Daemon
    from cce.verdict import Check


@rule("unix.time-synchronisation", Params)
def time_synchronisation(evidence: Evidence, _: Params) -> Iterator[Check]:
    """A daemon that sets the clock runs and has a source of time, and does not say that it follows none."""
    known = timesync.units(evidence)
    running = [(daemon, unit) for daemon, unit in known if unit.runs]
    if not running:
        facts = [unit.fact for _, unit in known] or [Fact("chronyd, ntpd, timesyncd", "not installed")]
        ko, en = "시각 동기화 서비스가 동작하지 않음", "No service that synchronises the time is in use."
        yield vulnerable(ko, en, *facts)
        return
    checks = [_check(evidence, daemon, unit) for daemon, unit in running]
    # One that does it is enough, whatever another one leaves undone.
    yield from [c for c in checks if c.verdict == Verdict.GOOD] or checks


def _check(evidence: Evidence, daemon: Daemon, unit: Unit) -> Check:
    said = timesync.says_synchronised(evidence, daemon) if unit.active == "active" else None
    if said is not None:
        synchronised, fact = said
        if synchronised:
            ko = f"{daemon.name}: 시각이 동기화되고 있음"
            return good(ko, f"{daemon.name} synchronises the time.", fact, unit.fact)
        ko = f"{daemon.name}: 동작 중이나 시각이 동기화되지 않음"
        return vulnerable(ko, f"{daemon.name} runs, but follows no source of time.", fact, unit.fact)
    try:
        sources = timesync.sources(evidence, daemon)
    except Unread as unread:
        return unread_check(unread)
    if sources:
        ko = f"{daemon.name}: 시각 동기화 서버가 설정되어 있음"
        return good(ko, f"{daemon.name} is in use and has a source of time.", *sources, unit.fact)
    ko = f"{daemon.name}: 시각 동기화 서버가 설정되어 있지 않음"
    fact = Fact(daemon.configs[0], "no server, pool or peer")
    return vulnerable(ko, f"{daemon.name} is in use without a source of time.", fact, unit.fact)
