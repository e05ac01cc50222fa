"""Benchmarks: the editions of KISA's guide as data, one YAML file per edition and area."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from cce.errors import BenchmarkError
from cce.rules import get_rule
from cce.verdict import Severity  # noqa: TC001 - pydantic needs the type at run time

if TYPE_CHECKING:
    from cce.rules.registry import Params, Rule

_Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _ItemData(BaseModel):
    """One row of a benchmark file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title_ko: _Line
    title_en: _Line
    category: _Line
    severity: Severity
    automation: Literal["auto", "semi", "manual"]
    criterion_ko: _Line
    criterion_en: _Line
    rule: str
    params: dict[str, Any] = {}


class _FileData(BaseModel):
    """A benchmark file: ``benchmarks/kisa-2021/unix.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    benchmark: str
    edition: str
    area: str
    items: tuple[_ItemData, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the guide bound to its rule and that rule's parameters."""

    data: _ItemData
    area: str
    rule: Rule
    params: Params

    @property
    def id(self) -> str:
        """``U-01``."""
        return self.data.id


@dataclass(frozen=True, slots=True)
class Benchmark:
    """An edition of the guide: its items in the guide's order."""

    id: str
    edition: str
    items: tuple[Item, ...]

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
        return Benchmark(self.id, self.edition, tuple(i for i in self.items if i.id in item_ids))


def benchmark_ids() -> tuple[str, ...]:
    """The ids of all benchmarks: ``("kisa-2021",)``."""
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
    items = [
        Item(row, area.area, rule := get_rule(row.rule), rule.params(row.params))
        for area in data
        for row in area.items
    ]
    return Benchmark(benchmark_id, data[0].edition, tuple(items))


def _read(name: str, text: str) -> _FileData:
    try:
        return _FileData.model_validate(yaml.load(text, Loader=_Loader))  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValidationError) as error:
        message = f"benchmark file {name} is wrong: {error}"
        raise BenchmarkError(message) from error


#: The C loader is ten times faster; it is missing only where PyYAML was built without libyaml.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
