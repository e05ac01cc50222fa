"""A small benchmark, servers and verdicts for the report's tests: real objects, invented contents."""

from __future__ import annotations

from datetime import UTC, datetime

from cce.assessment import NO_REASON, Outcome, ServerId, Target, TargetStatus
from cce.benchmarks import Benchmark, Item, _ItemData
from cce.report.model import Run, ServerResult
from cce.rules.registry import Params, Rule
from cce.text import Text
from cce.verdict import Check, Fact, ItemVerdict, Severity, Verdict

_ROWS = (
    ("U-01", "root 계정 원격 접속 제한", "Restrict remote login of root", Severity.HIGH),
    ("U-02", "패스워드 복잡성 설정", "Password complexity", Severity.HIGH),
    ("U-08", "/etc/shadow 파일 소유자 및 권한 설정", "Owner and mode of /etc/shadow", Severity.MEDIUM),
    ("U-51", "계정이 존재하지 않는 GID 금지", "No group without accounts", Severity.LOW),
)


def _item(item_id: str, title_ko: str, title_en: str, severity: Severity) -> Item:
    data = _ItemData(
        id=item_id,
        title_ko=title_ko,
        title_en=title_en,
        category="계정관리",
        severity=severity,
        automation="auto",
        criterion_ko="원격 터미널 서비스를 쓰지 않거나 root 직접 접속을 차단한 경우 양호",
        criterion_en="No remote terminal service runs, or direct root login is blocked.",
        rule=f"unix.{item_id.lower()}",
    )
    return Item(data, "unix", Rule(data.rule, lambda _evidence, _params: iter(()), Params), Params())


BENCHMARK = Benchmark("kisa-2021", "2021.03", tuple(_item(*row) for row in _ROWS), 72)


FACT = Fact("/etc/ssh/sshd_config.d/10.conf:3", "PermitRootLogin yes")


class Samples:
    """Makes what a test needs; each maker takes what the test is about."""

    benchmark = BENCHMARK
    run = Run(
        id="20261122T013000Z-7f3a",
        outcome=Outcome.PARTIAL,
        scope=Text("모든 계정; 모든 리전", "all accounts; all regions"),
        started=datetime(2026, 11, 22, 1, 30, tzinfo=UTC),
        finished=datetime(2026, 11, 22, 1, 42, tzinfo=UTC),
        requested_by="schedule nightly",
    )

    def target(
        self,
        number: int,
        status: TargetStatus = TargetStatus.ASSESSED,
        *,
        reason: Text = NO_REASON,
        name: str = "",
        os: str = "Debian GNU/Linux 12 (bookworm)",
    ) -> Target:
        """The target with that number, named ``web-0001``."""
        assessed = status is TargetStatus.ASSESSED
        return Target(
            ServerId("222222222222", "ap-northeast-2", f"i-{number:017x}"),
            status,
            reason=reason,
            name=name or f"web-{number:04d}",
            platform="linux",
            os=os if assessed else "",
            collected_at="2026-11-22T01:31:07Z" if assessed else "",
        )

    def verdict(
        self,
        item: str,
        verdict: Verdict,
        *,
        reason: Text | None = None,
        facts: tuple[Fact, ...] = (FACT,),
        checks: tuple[Check, ...] | None = None,
    ) -> ItemVerdict:
        """The verdict of an item with one sub-check."""
        severity = next(i.data.severity for i in BENCHMARK.items if i.id == item)
        why = reason or Text(f"{item} 판정 근거", f"Reason of {item}.")
        parts = checks if checks is not None else (Check(verdict, why, facts),)
        return ItemVerdict(item, f"unix.{item.lower()}", severity, verdict, why, facts, parts)

    def result(self, number: int, **verdicts: Verdict) -> ServerResult:
        """An assessed server: ``result(1, U01=Verdict.GOOD)``; items not named are good."""
        rows = (verdicts.get(i.id.replace("-", ""), Verdict.GOOD) for i in BENCHMARK.items)
        judged = tuple(self.verdict(i.id, v) for i, v in zip(BENCHMARK.items, rows, strict=True))
        return ServerResult(self.target(number), {BENCHMARK.id: judged}, {"hostname": f"web-{number:04d}"})

    def lost(self, number: int, status: TargetStatus, ko: str, en: str) -> ServerResult:
        """An expected server that was not assessed."""
        return ServerResult(self.target(number, status, reason=Text(ko, en)))
