"""A remedy written out for one family of systems: the commands in order, and those of the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cce.errors import BenchmarkError
from cce.remedies import remedies_of
from cce.remedies.kept import PlannedStep, keep, put_back, switch_off
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cce.benchmarks import Item
    from cce.remedies.model import Effect, Family, Remedy, Step, Value, When
    from cce.rules.registry import Params


@dataclass(frozen=True, slots=True)
class Plan:
    """A remedy for one family and one item's thresholds."""

    remedy: Remedy
    family: Family
    what: Text
    breaks: Text
    steps: tuple[PlannedStep, ...]
    undo: tuple[PlannedStep, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """A remedy in short, as reports print it once for each item: the commands are for ``cce explain``."""

    id: str
    what: Text
    breaks: Text
    effect: Effect


def fitting(benchmark_id: str, item: Item) -> tuple[Remedy, ...]:
    """The remedies for the item as it is judged here, with its own or tailored thresholds."""
    return tuple(remedy for remedy in remedies_of(benchmark_id, item.id) if _fits(remedy.when, item))


def _fits(when: When | None, item: Item) -> bool:
    if when is None:
        return True
    modes = [_found(params, when) for rule, params in item.parts if rule.id == when.rule]
    return any(bool(mode & when.bits) is when.given for mode in modes)


def advice(benchmark_id: str, item: Item) -> tuple[Advice, ...]:
    """The remedies of an item in short, without those whose thresholds the item does not have."""
    return tuple(_advice(benchmark_id, item))


def _advice(benchmark_id: str, item: Item) -> Iterator[Advice]:
    for remedy in fitting(benchmark_id, item):
        try:
            values = _values(remedy, item)
        except BenchmarkError:
            continue
        what, breaks = _text(remedy.what.text, values), _text(remedy.breaks.text, values)
        yield Advice(remedy.id, what, breaks, remedy.effect)


def plan(remedy: Remedy, family: Family, item: Item | None) -> Plan:
    """Write the remedy out.

    Parameters
    ----------
    item
        The item whose thresholds count; a remedy without ``values`` needs none.

    Raises
    ------
    BenchmarkError
        When the remedy asks for a threshold that the item does not have.
    """
    values = _values(remedy, item)
    own = [_filled(step, values) for step in remedy.do if family in step.families]
    back = [_filled(step, values) for step in remedy.undo if family in step.families]
    return Plan(
        remedy,
        family,
        what=_text(remedy.what.text, values),
        breaks=_text(remedy.breaks.text, values),
        # The steps of a service that goes off are questions to ask before.
        steps=(*keep(remedy, family), *own, *switch_off(remedy)),
        # A service reads its files again after they were put back.
        undo=(
            *(step for step in back if not step.live),
            *put_back(remedy, family),
            *(step for step in back if step.live),
        ),
    )


def _filled(step: Step, values: Mapping[str, str]) -> PlannedStep:
    return PlannedStep(_text(step.text, values), _put(step.run.strip("\n"), values), step.live)


def _text(text: Text, values: Mapping[str, str]) -> Text:
    return Text(_put(text.ko, values), _put(text.en, values))


def _put(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def _values(remedy: Remedy, item: Item | None) -> dict[str, str]:
    return {name: _value(remedy, places, item) for name, places in remedy.values.items()}


def _value(remedy: Remedy, places: Iterable[Value], item: Item | None) -> str:
    for place in places:
        for rule, params in item.parts if item else ():
            if rule.id == place.rule:
                return _shown(params, place)
    wanted = ", ".join(f"{place.rule} {place.param}" for place in places)
    message = f"remedy {remedy.id} asks for {wanted}, which the item does not have"
    raise BenchmarkError(message)


def _shown(params: Params, place: Value) -> str:
    found = _found(params, place)
    return f"{found:03o}" if place.octal else f"{found}"


def _found(params: Params, place: Value) -> Any:  # noqa: ANN401 - a threshold is of any type
    found: Any = params
    for name in place.param.split("."):
        if not name.isdigit():
            found = getattr(found, name)
        elif int(name) < len(found):
            found = found[int(name)]
        else:
            return place.otherwise
    return found
