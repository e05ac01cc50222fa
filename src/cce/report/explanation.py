"""What one item wants, how a verdict follows from what was read, and what to do: for ``cce explain``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from cce.benchmarks.bridge import bridge
from cce.remedies import FAMILIES
from cce.remedies.plan import fitting, plan
from cce.report.deviations import deviation_json
from cce.report.document import verdict_json
from cce.report.editions import changes_text
from cce.report.safe import visible_value
from cce.rules.common import is_mode
from cce.text import Text
from cce.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cce.benchmarks import Benchmark, Item
    from cce.benchmarks.bridge import Step
    from cce.remedies.kept import PlannedStep
    from cce.remedies.model import Family
    from cce.remedies.plan import Plan
    from cce.rules.registry import Params
    from cce.verdict import ItemVerdict


@dataclass(frozen=True, slots=True)
class Related:
    """What the item is in the other edition: ``direction`` is ``became`` or ``came_from``."""

    direction: str
    benchmark: str
    item: str
    title: Text
    change: Text


@dataclass(frozen=True, slots=True)
class Explanation:
    """One item of a benchmark; with evidence also one server's verdict.

    ``namesake`` is the title of another matter that has the same id in the other edition. ``plans`` are the
    remedies, each written out once for all families where it is the same.
    """

    benchmark: Benchmark
    item: Item
    related: tuple[Related, ...]
    namesake: tuple[str, Text] | None
    plans: tuple[tuple[tuple[Family, ...], Plan], ...]
    server: str = ""
    verdict: ItemVerdict | None = None

    @property
    def off(self) -> bool:
        """Whether a tailoring switched the item off."""
        return any(deviation.off for deviation in self.item.deviations)

    @property
    def nothing_to_do(self) -> bool:
        """Whether the item is switched off, or this server's verdict asks for no remedy."""
        verdict = self.verdict.verdict if self.verdict else None
        return self.off or verdict in {Verdict.GOOD, Verdict.NOT_APPLICABLE}

    @property
    def sources(self) -> tuple[str, ...]:
        """What was read: files, units, commands, each once; without line numbers."""
        facts = (fact for check in self.verdict.checks for fact in check.facts) if self.verdict else ()
        return tuple(dict.fromkeys(_without_line(fact.source) for fact in facts))


def explain(
    benchmark: Benchmark,
    item: Item,
    families: Sequence[Family] = FAMILIES,
    *,
    server: str = "",
    verdict: ItemVerdict | None = None,
) -> Explanation:
    """Gather what is known about the item.

    Parameters
    ----------
    families
        The systems that the remedies are written out for.
    """
    related, namesake = _editions(benchmark.id, item.id)
    plans = tuple(
        entry
        for remedy in fitting(benchmark.id, item)
        for entry in _merged([plan(remedy, family, item) for family in families])
    )
    return Explanation(benchmark, item, related, namesake, plans, server, verdict)


def parameters(params: Params) -> tuple[tuple[str, str], ...]:
    """The parameters of a rule by name, as the guide and people write them: ``("mode", "0644")``."""
    fields = type(params).model_fields
    return tuple(
        (name, _shown(getattr(params, name), octal=is_mode(field))) for name, field in fields.items()
    )


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """Everything for programs: ``cce explain --format json``."""
    data, verdict = explanation.item.data, explanation.verdict
    return {
        "benchmark": explanation.benchmark.id,
        "edition": explanation.benchmark.edition,
        "item": explanation.item.id,
        "title_ko": data.title_ko,
        "title_en": data.title_en,
        "severity": str(data.severity),
        "category": data.category,
        "automation": data.automation,
        "criterion_ko": data.criterion_ko,
        "criterion_en": data.criterion_en,
        "deviations": [deviation_json(deviation) for deviation in explanation.item.deviations],
        "other_editions": [_related_json(related) for related in explanation.related],
        "rules": [
            {"rule": rule.id, "parameters": params.model_dump(mode="json")}
            for rule, params in explanation.item.parts
        ],
        "server": explanation.server or None,
        "read": list(explanation.sources),
        "verdict": verdict_json(verdict, Text(data.title_ko, data.title_en)) if verdict else None,
        "remedies": [_plan_json(families, plan) for families, plan in explanation.plans],
    }


def _editions(benchmark_id: str, item_id: str) -> tuple[tuple[Related, ...], tuple[str, Text] | None]:
    editions = bridge()
    related: list[Related] = []
    other = editions.newer if benchmark_id == editions.older else editions.older
    for step in editions.steps:
        related += _of_step(step, other, item_id, forward=benchmark_id == editions.older)
    sides = [step.newer if other == editions.newer else step.older for step in editions.steps]
    same = next((side.title for side in sides if side and side.id == item_id), None)
    is_related = any(entry.item == item_id for entry in related)
    return tuple(related), (other, same) if same and not is_related else None


def _of_step(step: Step, other: str, item_id: str, *, forward: bool) -> list[Related]:
    here, there = (step.older, step.newer) if forward else (step.newer, step.older)
    if here is None or here.id != item_id:
        return []
    direction = "became" if forward else "came_from"
    if there is None:
        return [Related(direction, other, "", Text("", ""), changes_text(step))]
    return [Related(direction, other, there.id, there.title, changes_text(step))]


def _merged(plans: list[Plan]) -> list[tuple[tuple[Family, ...], Plan]]:
    """Each plan with the families that share it."""
    found: list[tuple[tuple[Family, ...], Plan]] = []
    for new in plans:
        for index, (families, known) in enumerate(found):
            if (known.steps, known.undo) == (new.steps, new.undo):
                found[index] = ((*families, new.family), known)
                break
        else:
            found.append(((new.family,), new))
    return found


def _shown(value: object, *, octal: bool) -> str:
    if octal and isinstance(value, int):
        return f"{value:04o}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join("/".join(map(str, v)) if isinstance(v, tuple) else f"{v}" for v in value) or "-"
    if isinstance(value, Enum):
        return str(value.value)
    return "-" if value is None else f"{value}"


def _without_line(source: str) -> str:
    head, _, number = source.rpartition(":")
    return visible_value(head if head and number.isdigit() else source)


def _related_json(related: Related) -> dict[str, Any]:
    return {
        "direction": related.direction,
        "benchmark": related.benchmark,
        "item": related.item or None,
        "title_ko": related.title.ko,
        "title_en": related.title.en,
        "change_ko": related.change.ko,
        "change_en": related.change.en,
    }


def _plan_json(families: tuple[Family, ...], plan: Plan) -> dict[str, Any]:
    return {
        "remedy": plan.remedy.id,
        "families": list(families),
        "what_ko": plan.what.ko,
        "what_en": plan.what.en,
        "may_break_ko": plan.breaks.ko,
        "may_break_en": plan.breaks.en,
        "takes_effect": plan.remedy.effect,
        "inputs": [
            {"name": entry.name, "ko": entry.ko, "en": entry.en, "example": entry.example}
            for entry in plan.remedy.inputs
        ],
        "steps": [_step_json(step) for step in plan.steps],
        "undo": [_step_json(step) for step in plan.undo],
    }


def _step_json(step: PlannedStep) -> dict[str, Any]:
    return {"ko": step.text.ko, "en": step.text.en, "commands": step.run, "needs_running_system": step.live}
