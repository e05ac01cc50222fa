"""The edition bridge: what became of each item of an older edition in a newer one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from cce.benchmarks import _Line, _Loader
from cce.errors import BenchmarkError
from cce.text import Text
from cce.verdict import Severity


class Change(StrEnum):
    """What is different about an item in the newer edition."""

    RENUMBERED = "renumbered"
    MERGED = "merged"  # the newer item holds more than one older item
    SPLIT = "split"  # the older item is in more than one newer item
    MOVED = "moved"  # to another chapter of the guide, with ids of its own
    SEVERITY = "severity"
    CRITERION = "criterion"  # threshold or reach: the newer item's note says what
    NEW = "new"
    DROPPED = "dropped"


class _Named(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title_ko: _Line
    title_en: _Line
    severity: Severity

    @property
    def title(self) -> Text:
        """Its title in both languages."""
        return Text(self.title_ko, self.title_en)


class OlderItem(_Named):
    """An item of the older edition and the ids of its successors; none where it was dropped."""

    to: tuple[str, ...]


class NewerItem(_Named):
    """An item of the newer edition, and what its criterion asks that its predecessors' did not."""

    change_ko: str = ""
    change_en: str = ""

    @property
    def note(self) -> Text:
        """What changed in the criterion; empty where it is the same."""
        return Text(self.change_ko, self.change_en)


class _FileData(BaseModel):
    """``unix-2021-to-2026.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    older: str
    newer: str
    items: tuple[OlderItem, ...]
    successors: tuple[NewerItem, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        known = {item.id for item in self.successors}
        if unknown := sorted({to for item in self.items for to in item.to} - known):
            message = f"no successor has the id {', '.join(unknown)}"
            raise ValueError(message)
        return self


@dataclass(frozen=True, slots=True)
class Step:
    """One older item becoming one newer item; a new one has no ``older``, a dropped one no ``newer``."""

    older: OlderItem | None
    newer: NewerItem | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Bridge:
    """The steps from one edition to the next: by older item, then the new ones."""

    older: str
    newer: str
    steps: tuple[Step, ...]


@cache
def bridge() -> Bridge:
    """How Unix items of kisa-2021 go on in kisa-2026.

    Raises
    ------
    BenchmarkError
        When the data is wrong.
    """
    name = "unix-2021-to-2026.yaml"
    return _bridge(_read(name, files("cce.benchmarks").joinpath(name).read_text("utf-8")))


def _read(name: str, text: str) -> _FileData:
    try:
        return _FileData.model_validate(yaml.load(text, Loader=_Loader))  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValidationError) as error:
        message = f"edition bridge {name} is wrong: {error}"
        raise BenchmarkError(message) from error


def _bridge(data: _FileData) -> Bridge:
    newer = {item.id: item for item in data.successors}
    predecessors: dict[str, list[str]] = defaultdict(list)
    for item in data.items:
        for to in item.to:
            predecessors[to].append(item.id)
    steps = [
        Step(item, newer[to], _changes(item, newer[to], merged=len(predecessors[to]) > 1))
        for item in data.items
        for to in item.to
    ]
    steps += [Step(item, None, (Change.DROPPED,)) for item in data.items if not item.to]
    order = {item.id: number for number, item in enumerate(data.items)}
    steps.sort(key=lambda step: order[step.older.id] if step.older else 0)
    new = [Step(None, item, (Change.NEW,)) for item in data.successors if item.id not in predecessors]
    return Bridge(data.older, data.newer, (*steps, *new))


def _changes(older: OlderItem, newer: NewerItem, *, merged: bool) -> tuple[Change, ...]:
    moved = older.id.partition("-")[0] != newer.id.partition("-")[0]
    found = {
        Change.MOVED: moved,
        Change.RENUMBERED: not moved and older.id != newer.id,
        Change.MERGED: merged,
        Change.SPLIT: len(older.to) > 1,
        Change.SEVERITY: older.severity != newer.severity,
        Change.CRITERION: bool(newer.change_en),
    }
    return tuple(change for change, is_so in found.items() if is_so)
