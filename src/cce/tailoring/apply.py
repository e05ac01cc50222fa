"""Makes of a benchmark the one that a server is judged by, with every deviation noted at its item."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from cce.rules.accepted import Acceptance
from cce.rules.switches import Looser, looser_of, switch_of, switches_of
from cce.tailoring.model import Setting
from cce.text import visible
from cce.verdict import Deviation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cce.benchmarks import Benchmark, Item
    from cce.rules.registry import Params, Rule
    from cce.tailoring.model import ItemChange, Layer, Tailoring
    from cce.text import Text

#: What reports show in place of a value that was not there.
_NOTHING: Final = "-"
_JUDGED: Final = "judged"
_OFF: Final = "off"


@dataclass(frozen=True, slots=True)
class _Given:
    """A value for a parameter, and who gave it why."""

    value: Any
    reason: str
    reference: str
    applies: Text


@dataclass(slots=True)
class _Part:
    """One rule of an item: values for its parameters, of which the last counts, and entries for its lists."""

    rule: Rule
    guide: Params
    values: dict[str, _Given] = field(default_factory=dict)
    entries: dict[str, list[_Given]] = field(default_factory=dict)

    def give(self, parameter: str, given: _Given) -> None:
        switch = switch_of(self.rule.params_type, parameter)
        if switch is not None and switch.adds:
            acceptances = map(Acceptance.model_validate, given.value)
            self.entries.setdefault(parameter, []).extend(
                _Given(a.model_dump(mode="json"), a.reason, a.reference, given.applies) for a in acceptances
            )
        else:
            self.values[parameter] = given

    def params(self) -> Params:
        values = self.guide.model_dump(mode="json")
        values |= {parameter: given.value for parameter, given in self.values.items()}
        for parameter, entries in self.entries.items():
            values[parameter] = [*values[parameter], *(entry.value for entry in entries)]
        return self.rule.params(values)

    def deviations(self, params: Params) -> Iterator[Deviation]:
        guide, now = self.guide.model_dump(mode="json"), params.model_dump(mode="json")
        for parameter, given in self.values.items():
            if guide[parameter] != now[parameter]:
                shown = _shown(guide[parameter]), _shown(now[parameter])
                effect = _effect(self.rule, parameter, self.guide, params)
                yield self._deviation(parameter, *shown, given, effect)
        for parameter, entries in self.entries.items():
            for entry in entries:
                yield self._deviation(parameter, _NOTHING, _shown(entry.value["path"]), entry, "looser")

    def _deviation(self, parameter: str, guide: str, value: str, given: _Given, effect: str) -> Deviation:
        return Deviation(
            rule=self.rule.id,
            parameter=parameter,
            guide=guide,
            value=value,
            reason=given.reason,
            reference=given.reference,
            applies=given.applies,
            effect=effect,
        )


def apply(benchmark: Benchmark, tailoring: Tailoring, overlays: Sequence[int] = ()) -> Benchmark:
    """The benchmark as the tailoring makes it for a server.

    Parameters
    ----------
    overlays
        The numbers of those that match the server: :meth:`~cce.tailoring.model.Tailoring.matching`.

    Returns
    -------
    Benchmark
        With the same items; those that are not as the guide says carry their deviations.
    """
    layers = tailoring.layers(overlays)
    return replace(benchmark, items=tuple(_tailored(item, benchmark.id, layers) for item in benchmark.items))


def _tailored(item: Item, benchmark_id: str, layers: Sequence[tuple[Layer, Text]]) -> Item:
    parts = [_Part(rule, params) for rule, params in item.parts]
    off: _Given | None = None
    for layer, applies in layers:
        for part in parts:
            _give_policy(part, layer, applies)
        change = layer.items.get(benchmark_id, {}).get(item.id)
        if change is None:
            continue
        if change.off is not None:
            off = _Given(change.off, change.reason, change.reference, applies)
        _give_params(parts, change, applies)
    if off is not None and off.value:
        shown = Deviation("", "", _JUDGED, _OFF, off.reason, off.reference, off.applies, "looser")
        return replace(item, deviations=(shown,))
    bound = [(part.rule, part.params()) for part in parts]
    deviations = [d for part, (_, params) in zip(parts, bound, strict=True) for d in part.deviations(params)]
    if not deviations:
        return item
    (rule, params), *further = bound
    return replace(item, rule=rule, params=params, further=tuple(further), deviations=tuple(deviations))


def _give_policy(part: _Part, layer: Layer, applies: Text) -> None:
    for parameter, switch in switches_of(part.rule.params_type):
        setting = layer.policy.get(switch.name)
        if setting is None or not switch.sets(part.guide):
            continue
        if isinstance(setting, Setting):
            part.give(parameter, _Given(setting.value, setting.reason, setting.reference, applies))
        else:
            entries = [acceptance.model_dump(mode="json") for acceptance in setting]
            part.give(parameter, _Given(entries, "", "", applies))


def _give_params(parts: Sequence[_Part], change: ItemChange, applies: Text) -> None:
    for part in parts:
        own = change.rules.get(part.rule.id, {})
        shared = {k: v for k, v in change.params.items() if k in part.rule.params_type.model_fields}
        for parameter, value in (shared | own).items():
            part.give(parameter, _Given(value, change.reason, change.reference, applies))


def _shown(value: object) -> str:
    """A value as a tailoring file would hold it."""
    return visible(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _effect(rule: Rule, parameter: str, guide: Params, now: Params) -> str:
    """Whether the new value asks for less or for more, where that is certain."""
    looser = looser_of(rule.params_type, parameter)
    before, after = getattr(guide, parameter), getattr(now, parameter)
    if looser is None:
        return ""
    if looser is Looser.MORE_BITS:
        added, taken = after & ~before, before & ~after
        return "" if added and taken else "looser" if added else "tighter"
    return "looser" if (after > before) == (looser is Looser.HIGHER) else "tighter"
