"""The regular review of logs: which there are, for the person who knows who reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import Field

from cce.evidence.views import journal, release
from cce.rules.common import collected, listed, require_collected
from cce.rules.registry import Params, review, rule
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from cce.evidence.model import Evidence, FileStat
    from cce.verdict import Check

#: Logs of messages and programs, and the records of logins; a distribution has some of them.
_LOGS: Final = tuple(
    f"/var/log/{name}"
    for name in (
        "syslog", "messages", "auth.log", "secure", "cron", "cron.log", "maillog", "mail.log", "mail",
        "kern.log", "sulog", "sudo.log", "wtmp", "btmp", "lastlog", "faillog", "audit/audit.log", "journal",
    )
)  # fmt: skip
_ROTATION: Final = (
    "/etc/logrotate.conf",
    *(f"/etc/logrotate.d/{name}" for name in ("rsyslog", "syslog", "syslog-ng", "wtmp", "btmp")),
)


class LogReview(Params):
    """After how many ``days`` without a new entry a log is pointed out."""

    days: int = Field(default=30, gt=0)


@rule("unix.log-review", LogReview)
def log_review(evidence: Evidence, params: LogReview) -> Iterator[Check]:
    """Always for a person: who reads the logs, how often, and what came of it, stands on no server."""
    require_collected(lambda: evidence.file(_LOGS[0]))
    logs: list[FileStat] = []
    facts = collected(*(_one(evidence, path, logs) for path in _LOGS), lambda: _retention(evidence))
    today = release.read_on(evidence)
    quiet = [log for log in logs if _age(log, today) > params.days]
    absent = [path for path in _LOGS if path not in {log.path for log in logs}]
    ko = f"로그의 검토 주기, 담당자와 최근 검토·보고 결과 확인 필요(로그 {len(logs)}건"
    en = f"A person must show who reviews the logs, how often, and the last report ({len(logs)} logs"
    if quiet:
        names = listed(log.path for log in quiet)
        ko += f", {params.days}일 넘게 기록이 없는 로그: {names.ko}"
        en += f"; without an entry for more than {params.days} days: {names.en}"
    yield review(f"{ko})", f"{en}).", *facts, Fact("absent", " ".join(absent) or "none"))


def _one(evidence: Evidence, path: str, logs: list[FileStat]) -> Callable[[], Iterator[Fact]]:
    def look() -> Iterator[Fact]:
        if (stat := evidence.file(path)) is not None:
            logs.append(stat)
            yield Fact(path, f"{stat.shown}, {stat.size} bytes, last entry {release.day(stat.changed)}")

    return look


def _age(log: FileStat, today: date | None) -> int:
    """Days since the last entry; 0 where it cannot be told: an empty log has none, a directory is no log."""
    last = release.day(log.changed)
    return 0 if today is None or last is None or log.kind != "f" or log.size == 0 else (today - last).days


def _retention(evidence: Evidence) -> Iterator[Fact]:
    """How long logs stay: logrotate's and the journal's settings."""
    for path in _ROTATION:
        lines = evidence.lines(path) or ()
        if lines:
            yield Fact(path, "; ".join(line.text.rstrip(" {") for line in lines)[:500])
    for name, setting in journal.settings(evidence).items():
        if name in {"storage", "maxretentionsec", "systemmaxuse"}:
            yield setting.fact
