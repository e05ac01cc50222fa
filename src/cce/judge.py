"""The judgement: a benchmark's rules over one server's evidence. Pure and deterministic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.evidence.model import Unread
from cce.evidence.views.once import once
from cce.rules.common import unread_check
from cce.rules.registry import not_applicable
from cce.text import Text
from cce.verdict import PRECEDENCE, Check, ItemVerdict, Verdict

if TYPE_CHECKING:
    from cce.benchmarks import Benchmark, Item
    from cce.evidence.model import Evidence
    from cce.rules.registry import Params, Rule
    from cce.verdict import Deviation


def judge(evidence: Evidence, benchmark: Benchmark) -> tuple[ItemVerdict, ...]:
    """Judge every item of the benchmark, in the guide's order."""
    return tuple(judge_item(evidence, item) for item in benchmark.items)


def judge_item(evidence: Evidence, item: Item) -> ItemVerdict:
    """Judge one item; one that a tailoring switched off is not applicable, with that reason.

    The worst sub-check decides (:data:`~cce.verdict.PRECEDENCE`). A fact that could not be read is an
    ``error`` check, so an item ends ``good`` only if everything it looks at was read.
    """
    off = next((deviation for deviation in item.deviations if deviation.off), None)
    checks = _checks(evidence, item) if off is None else (_switched_off(off),)
    worst = min((c.verdict for c in checks), key=PRECEDENCE.index)
    deciding = [c for c in checks if c.verdict is worst]
    return ItemVerdict(
        item=item.id,
        rule=item.rule_ids,
        severity=item.data.severity,
        verdict=worst,
        reason=_joined(deciding),
        facts=tuple(dict.fromkeys(fact for check in deciding for fact in check.facts)),
        checks=checks,
        deviations=item.deviations,
    )


def _switched_off(deviation: Deviation) -> Check:
    ko = f"조정 파일(tailoring)에 따라 점검에서 제외된 항목: {deviation.reason}"
    return not_applicable(ko, f"The tailoring switches this item off: {deviation.reason}")


def _checks(evidence: Evidence, item: Item) -> tuple[Check, ...]:
    """The checks of all of the item's rules; what one could not read does not hide the others."""
    return tuple(check for rule, params in item.parts for check in _checks_of(evidence, rule, params))


@once  # most items of an edition ask the same rule with the same parameters as the other edition's
def _checks_of(evidence: Evidence, rule: Rule, params: Params) -> tuple[Check, ...]:
    checks: list[Check] = []
    try:
        for check in rule.function(evidence, params):
            checks.append(check)  # noqa: PERF402 - what came before an Unread must stay
    except Unread as unread:
        checks.append(unread_check(unread))
    if not checks:
        reason = Text(ko="판정 규칙이 결과를 내지 않음", en="The rule gave no result.")
        checks.append(Check(Verdict.ERROR, reason))
    return tuple(checks)


#: More reasons than this only repeat themselves in a table cell; the checks keep all of them.
_REASONS = 3


def _joined(checks: list[Check]) -> Text:
    reasons = list(dict.fromkeys(check.reason for check in checks))
    shown, more = reasons[:_REASONS], len(reasons) - _REASONS
    ko, en = "; ".join(r.ko for r in shown), " ".join(r.en for r in shown)
    return Text(f"{ko} 외 {more}건", f"{en} And {more} more.") if more > 0 else Text(ko, en)
