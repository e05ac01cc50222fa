"""Checks that what a tailoring names exists: switches, benchmarks, items, rules, parameters, their values."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from cce.benchmarks import benchmark_ids, load
from cce.errors import BenchmarkError
from cce.rules.switches import Switch, switches_of
from cce.tailoring.advice import advice
from cce.tailoring.model import Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cce.benchmarks import Item
    from cce.rules.registry import Params, Rule
    from cce.tailoring.model import ItemChange, Layer, PolicyValue, Tailoring
    from cce.yaml_file import Path, Problem


def known_switches() -> dict[str, Switch]:
    """Every policy switch that an item of a benchmark knows, by name."""
    return {
        switch.name: switch
        for item in _all_items()
        for rule, _ in item.parts
        for _, switch in switches_of(rule.params_type)
    }


def problems_of(tailoring: Tailoring) -> Iterator[Problem]:
    """What is wrong with it: the place in the file, and what to write instead."""
    yield from _of_layer((), tailoring)
    for number, overlay in enumerate(tailoring.overlays):
        yield from _of_layer(("overlays", number), overlay)


def message_of(error: ValidationError) -> str:
    """The first complaint about a value, in words, with the place inside of it."""
    problem = error.errors(include_url=False)[0]
    inside = ".".join(str(part) for part in problem["loc"][1:])
    said = advice(problem)
    return f"{inside}: {said}" if inside else said


def _of_layer(path: Path, layer: Layer) -> Iterator[Problem]:
    for name, value in layer.policy.items():
        yield from _of_switch((*path, "policy", name), name, value)
    for benchmark_id, changes in layer.items.items():
        place = (*path, "items", benchmark_id)
        if benchmark_id not in benchmark_ids():
            yield place, _unknown("benchmark", benchmark_id, benchmark_ids())
            continue
        items = {item.id: item for item in load(benchmark_id).items}
        for item_id, change in changes.items():
            if item_id not in items:
                yield (*place, item_id), _unknown(f"item of {benchmark_id}", item_id, items)
            else:
                yield from _of_item((*place, item_id), items[item_id], change)


def _of_switch(path: Path, name: str, value: PolicyValue) -> Iterator[Problem]:
    switches = known_switches()
    if name not in switches:
        yield path, _unknown("policy switch", name, switches)
        return
    switch = switches[name]
    if switch.adds == isinstance(value, Setting):
        wanted = "a list of {path: …, reason: …}" if switch.adds else "{value: …, reason: …}"
        yield path, f"write it as {wanted}"
        return
    if not isinstance(value, Setting):
        return  # the entries were checked as they were read
    for item in _all_items():
        for rule, params in item.parts:
            for parameter, own in switches_of(rule.params_type):
                if (
                    own.name == name
                    and own.sets(params)
                    and (why := _refused(rule, params, parameter, value.value))
                ):
                    yield (*path, "value"), why
                    return  # every other item would say the same


def _of_item(path: Path, item: Item, change: ItemChange) -> Iterator[Problem]:
    rules = {rule.id: (rule, params) for rule, params in item.parts}
    for parameter, value in change.params.items():
        place = (*path, "params", parameter)
        having = [part for part in item.parts if parameter in part[0].params_type.model_fields]
        if not having:
            names = [name for rule, _ in item.parts for name in rule.params_type.model_fields]
            yield place, _unknown(f"parameter of {item.id}", parameter, names)
        elif len({rule.id for rule, _ in having}) > 1:
            ids = ", ".join(rule.id for rule, _ in having)
            yield (
                place,
                f"several rules of {item.id} have it ({ids}); write rules: {{RULE: {{{parameter}: …}}}}",
            )
        else:
            yield from _of_value(place, *having[0], parameter, value)
    for rule_id, values in change.rules.items():
        place = (*path, "rules", rule_id)
        if rule_id not in rules:
            yield place, _unknown(f"rule of {item.id}", rule_id, rules)
            continue
        rule, params = rules[rule_id]
        for parameter, value in values.items():
            if parameter not in rule.params_type.model_fields:
                known = rule.params_type.model_fields
                yield (*place, parameter), _unknown(f"parameter of {rule_id}", parameter, known)
            else:
                yield from _of_value((*place, parameter), rule, params, parameter, value)


def _of_value(path: Path, rule: Rule, params: Params, parameter: str, value: object) -> Iterator[Problem]:
    if why := _refused(rule, params, parameter, value):
        yield path, why


def _refused(rule: Rule, params: Params, parameter: str, value: object) -> str:
    """Why the rule does not take the value; empty if it does."""
    try:
        rule.params({**params.model_dump(mode="json"), parameter: value})
    except BenchmarkError as error:
        cause = error.__cause__
        return message_of(cause) if isinstance(cause, ValidationError) else error.message
    return ""


def _all_items() -> Iterator[Item]:
    for benchmark_id in benchmark_ids():
        yield from load(benchmark_id).items


def _unknown(what: str, name: str, known: Iterable[str] | Mapping[str, Any]) -> str:
    names = list(dict.fromkeys(known))
    if not names:
        return f"there is no {what} {name!r}: it has none"
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    remedy = f"near: {', '.join(near)}" if near else f"there are {', '.join(names[:12])}"
    return f"there is no {what} {name!r}; {remedy}"
