"""Benchmarks: the editions of KISA's guide as data, one YAML file per edition and area."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from cce.errors import BenchmarkError
from cce.rules import get_rule
from cce.verdict import Severity

if TYPE_CHECKING:
    from cce.rules.registry import Params, Rule
    from cce.verdict import Deviation

_Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _RuleData(BaseModel):
    """One of several rules of an item, with its parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str
    params: dict[str, Any] = {}


class _ItemData(BaseModel):
    """One row of a benchmark file: it names one ``rule`` with ``params``, or several ``rules``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title_ko: _Line
    title_en: _Line
    category: _Line
    severity: Severity
    automation: Literal["auto", "semi", "manual"]
    criterion_ko: _Line
    criterion_en: _Line
    rule: str = ""
    params: dict[str, Any] = {}
    rules: tuple[_RuleData, ...] = ()

    @model_validator(mode="after")
    def _one_or_several(self) -> Self:
        if bool(self.rule) == bool(self.rules) or (self.rules and self.params):
            message = f"{self.id} must name either one rule with its params, or several rules"
            raise ValueError(message)
        return self

    @property
    def bound(self) -> tuple[_RuleData, ...]:
        """Its rules, also where it is one."""
        return self.rules or (_RuleData(rule=self.rule, params=self.params),)


class _FileData(BaseModel):
    """A benchmark file: ``benchmarks/kisa-2021/unix.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    benchmark: str
    edition: str
    area: str
    items_in_edition: int = Field(gt=0)
    items: tuple[_ItemData, ...]

    @model_validator(mode="after")
    def _within_the_edition(self) -> Self:
        ids = [item.id for item in self.items]
        if len(ids) > self.items_in_edition or len(ids) != len(set(ids)):
            message = f"more items than the edition's {self.items_in_edition}, or one id twice"
            raise ValueError(message)
        return self


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the guide bound to its rule and that rule's parameters.

    ``further`` are more rules of an item that asks for several things; the checks of all are joined.
    ``deviations`` are what a tailoring made of it (:mod:`cce.tailoring`); none as the guide is.
    """

    data: _ItemData
    area: str
    rule: Rule
    params: Params
    further: tuple[tuple[Rule, Params], ...] = ()
    deviations: tuple[Deviation, ...] = ()

    @property
    def id(self) -> str:
        """``U-01``."""
        return self.data.id

    @property
    def parts(self) -> tuple[tuple[Rule, Params], ...]:
        """Every rule of the item with its parameters."""
        return (self.rule, self.params), *self.further

    @property
    def rule_ids(self) -> str:
        """``unix.uid-zero``; the ids of several rules are joined by commas."""
        return ",".join(rule.id for rule, _ in self.parts)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """An edition of the guide: its items in the guide's order.

    ``items_in_edition`` is how many items the edition has in the areas covered here, judged or not:
    with fewer ``items``, a result is of a part.
    """

    id: str
    edition: str
    items: tuple[Item, ...]
    items_in_edition: int

    def select(self, item_ids: tuple[str, ...]) -> Benchmark:
        """The benchmark with only those items; all of them if none is named.

        Raises
        ------
        BenchmarkError
            When an id is not of this benchmark; the message names it.
        """
        known = {item.id for item in self.items}
        if unknown := [item_id for item_id in item_ids if item_id not in known]:
            message = f"{self.id} has no item {', '.join(unknown)}"
            raise BenchmarkError(message)
        if not item_ids:
            return self
        chosen = tuple(item for item in self.items if item.id in item_ids)
        return replace(self, items=chosen)


def benchmark_ids() -> tuple[str, ...]:
    """The ids of all benchmarks: ``("kisa-2021", "kisa-2026")``."""
    return tuple(sorted(d.name for d in files(__name__).iterdir() if d.name.startswith("kisa-")))


@cache
def load(benchmark_id: str) -> Benchmark:
    """Load a benchmark and bind every item to its rule.

    Raises
    ------
    BenchmarkError
        When there is no such benchmark, or its data is wrong.
    """
    if benchmark_id not in benchmark_ids():
        known = ", ".join(benchmark_ids())
        message = f"there is no benchmark {benchmark_id!r}; known: {known}"
        raise BenchmarkError(message)
    areas = sorted(files(__name__).joinpath(benchmark_id).iterdir(), key=lambda path: path.name)
    data = [_read(f"{benchmark_id}/{a.name}", a.read_text("utf-8")) for a in areas]
    items = tuple(_item(row, area.area) for area in data for row in area.items)
    return Benchmark(benchmark_id, data[0].edition, items, sum(area.items_in_edition for area in data))


def _item(row: _ItemData, area: str) -> Item:
    first, *further = ((rule := get_rule(b.rule), rule.params(b.params)) for b in row.bound)
    return Item(row, area, *first, tuple(further))


def _read(name: str, text: str) -> _FileData:
    try:
        return _FileData.model_validate(yaml.load(text, Loader=_Loader))  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValidationError) as error:
        message = f"benchmark file {name} is wrong: {error}"
        raise BenchmarkError(message) from error


#: The C loader is ten times faster; it is missing only where PyYAML was built without libyaml.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
