"""The JSON schema of a tailoring file, for editors: it knows every switch, item and parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from cce.benchmarks import benchmark_ids, load
from cce.rules.switches import switches_of
from cce.tailoring.check import known_switches
from cce.tailoring.model import ItemChange, Setting, Tailoring
from cce.yaml_file.schema import DRAFT, without_titles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cce.benchmarks import Item
    from cce.rules.registry import Rule

    _Json = dict[str, Any]


def schema() -> dict[str, Any]:
    """Build the schema; ``docs/tailoring.schema.json`` holds it."""
    whole = Tailoring.model_json_schema()
    definitions: _Json = whole["$defs"]
    items = [(benchmark, item) for benchmark in benchmark_ids() for item in load(benchmark).items]
    definitions["Policy"] = _object(_policy([item for _, item in items], definitions))
    definitions["Items"] = _object(
        {b: _object({i.id: _reference(i) for at, i in items if at == b}) for b in benchmark_ids()}
    )
    for _, item in items:
        definitions.setdefault(_name(item), _change(item, definitions))
    for layer in (whole, definitions["Overlay"]):
        layer["properties"] |= {"policy": {"$ref": "#/$defs/Policy"}, "items": {"$ref": "#/$defs/Items"}}
    for unused in ("Setting", "ItemChange"):
        definitions.pop(unused, None)
    return {"$schema": DRAFT, **without_titles(whole)}


def _policy(items: Iterable[Item], definitions: _Json) -> _Json:
    rules = {rule.id: rule for item in items for rule, _ in item.parts}
    types = {
        switch.name: _parameter(rule, parameter, definitions)
        for rule in rules.values()
        for parameter, switch in switches_of(rule.params_type)
    }
    found = {}
    for name, switch in sorted(known_switches().items()):
        says = {"description": f"{switch.says.en} ({switch.says.ko})"}
        value = types[name]
        found[name] = value | says if switch.adds else _setting(value) | says
    return found


def _setting(value: _Json) -> _Json:
    setting = Setting.model_json_schema()
    setting["properties"]["value"] = value
    return setting


def _change(item: Item, definitions: _Json) -> _Json:
    change = ItemChange.model_json_schema()
    by_rule = {rule.id: _parameters(rule, definitions) for rule, _ in item.parts}
    together = {name: value for values in by_rule.values() for name, value in values.items()}
    change["properties"] |= {"params": _object(together)}
    if len(by_rule) > 1:
        change["properties"] |= {"rules": _object({key: _object(value) for key, value in by_rule.items()})}
    else:
        del change["properties"]["rules"]
    return change


def _parameters(rule: Rule, definitions: _Json) -> _Json:
    return {name: _parameter(rule, name, definitions) for name in rule.params_type.model_fields}


def _parameter(rule: Rule, name: str, definitions: _Json) -> _Json:
    annotation: Any = rule.params_type.model_fields[name].rebuild_annotation()
    found: _Json = TypeAdapter(annotation).json_schema()
    definitions |= found.pop("$defs", {})
    return found


def _reference(item: Item) -> _Json:
    return {"$ref": f"#/$defs/{_name(item)}", "description": f"{item.data.title_ko} - {item.data.title_en}"}


def _name(item: Item) -> str:
    """One definition for all items that are judged by the same rules."""
    return "change_" + item.rule_ids.replace(",", "_").replace(".", "-")


def _object(properties: _Json) -> _Json:
    return {"type": "object", "additionalProperties": False, "properties": properties}
