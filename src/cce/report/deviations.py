"""Deviations from the guide (조직 기준 적용 사항): counted over servers, in words, and as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from cce.report.model import DeviationSummary
from cce.text import Text
from cce.verdict import VERDICT_KO, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cce.verdict import Deviation, ItemVerdict

HEADING: Final = Text("조직 기준 적용 사항", "Deviations from the guide")

EFFECT: Final = {"looser": Text("완화", "looser"), "tighter": Text("강화", "tighter")}

#: A longer value, such as a whole list, is cut where people read; JSON has all of it.
_VALUE_SHOWN: Final = 120


def summarise(counts: Mapping[tuple[str, str, Deviation], int]) -> tuple[DeviationSummary, ...]:
    """Join the items that differ from the guide in the same way, for the same reason, on as many servers.

    Parameters
    ----------
    counts
        ``(benchmark, item, deviation)`` to the number of servers judged so.
    """
    groups: dict[tuple[str, Deviation, int], list[str]] = {}
    for (benchmark, item, deviation), servers in counts.items():
        # One switch sets a parameter of many rules: the rule is no difference to a reader.
        groups.setdefault((benchmark, replace(deviation, rule=""), servers), []).append(item)
    return tuple(
        DeviationSummary(benchmark, tuple(dict.fromkeys(items)), deviation, servers)
        for (benchmark, deviation, servers), items in groups.items()
    )


def of_one_server(verdicts: Mapping[str, Iterable[ItemVerdict]]) -> tuple[DeviationSummary, ...]:
    """The deviations of one server; ``verdicts`` are those under each benchmark."""
    return summarise(
        Counter(
            (benchmark, verdict.item, deviation)
            for benchmark, rows in verdicts.items()
            for verdict in rows
            for deviation in verdict.deviations
        )
    )


def change_text(deviation: Deviation) -> Text:
    """What is different: ``attempts: 10 → 5 (강화)``."""
    if deviation.off:
        return Text("점검 제외", "switched off")
    guide, value = _said(deviation.guide), _said(deviation.value)
    ko = f"{deviation.parameter}: {guide.ko} → {value.ko}"
    en = f"{deviation.parameter}: {guide.en} → {value.en}"
    effect = EFFECT.get(deviation.effect)
    return Text(f"{ko} ({effect.ko})", f"{en} ({effect.en})") if effect else Text(ko, en)


def reason_text(deviation: Deviation) -> str:
    """Why, with the reference if there is one; in the words of whoever wrote the tailoring."""
    return f"{deviation.reason} [{deviation.reference}]" if deviation.reference else deviation.reason


def note_text(deviations: Iterable[Deviation]) -> Text:
    """The note at a verdict: what is different and why, of every deviation."""
    rows = [(change_text(d), reason_text(d)) for d in deviations]
    ko = "; ".join(f"{change.ko} - {why}" for change, why in rows)
    return Text(
        f"조직 기준 적용: {ko}", f"Not as the guide: {'; '.join(f'{c.en} - {why}' for c, why in rows)}"
    )


def tailored_text(tailoring: str, number: int) -> Text:
    """What stands beside a score: by which tailoring, and how much it changes."""
    ko = f"조직 기준 '{tailoring}' 적용: 가이드와 다른 기준 {number}건"
    return Text(ko, f"Judged by the tailoring '{tailoring}': {number} deviations from the guide.")


def summaries_json(summaries: Iterable[DeviationSummary]) -> list[dict[str, Any]]:
    """The list of deviations as every JSON of this project shows it."""
    return [
        {
            "benchmark": summary.benchmark,
            "items": list(summary.items),
            **deviation_json(summary.deviation),
            "servers": summary.servers,
        }
        for summary in summaries
    ]


def deviation_json(deviation: Deviation) -> dict[str, str]:
    """One deviation without its rule; ``parameter`` is empty for an item that is switched off."""
    return {
        "parameter": deviation.parameter,
        "guide": deviation.guide,
        "value": deviation.value,
        "effect": deviation.effect,
        "reason": deviation.reason,
        "reference": deviation.reference,
        "applies_ko": deviation.applies.ko,
        "applies_en": deviation.applies.en,
    }


def _said(value: str) -> Text:
    """A value as people read it: a verdict by its Korean name, a long one cut."""
    short = value if len(value) <= _VALUE_SHOWN else f"{value[:_VALUE_SHOWN]}…"
    return Text(VERDICT_KO[Verdict(value)] if value in set(Verdict) else short, short)
