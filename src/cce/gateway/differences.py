"""What changes between two states of a stage: its tree and its settings, in words, always in the same order.

The tree of a definition is a flat mapping, so a path that is taken out takes along only what stands on it;
paths below it go when they are taken out too. What goes is listed method by method.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from cce.gateway.definition.model import Method
from cce.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel

    from cce.gateway.definition.model import MethodDefinition, Resource
    from cce.gateway.definition.stage import Stage
    from cce.gateway.snapshot import Snapshot

    _Json = dict[str, Any]

_MARKS: Final = {"added": "+", "removed": "-", "changed": "~"}
_METHODS: Final = get_args(Method)
#: Characters of a value that a line shows.
_SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Parameters
    ----------
    what
        ``path``, ``method``, or ``field`` for a setting of the thing that ``place`` names.
    place
        ``/members``, ``GET /members`` or ``stage dev``.
    field
        The setting, as ``backend.http.path``; empty when the thing itself came or went.
    before, after
        The values as JSON; empty where there was or is none.
    """

    kind: Literal["added", "removed", "changed"]
    what: Literal["path", "method", "field"]
    place: str
    field: str = ""
    before: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        """One line."""
        values = {"added": self.after, "removed": self.before}.get(
            self.kind, f"{_cut(self.before)} -> {_cut(self.after)}"
        )
        thing = f"{self.place}: {self.field}" if self.what == "field" else f"{self.what} {self.place}"
        shown = values if self.kind == "changed" else _cut(values)
        return visible(f"{_MARKS[self.kind]} {thing}{f': {shown}' if shown else ''}")


def differences(old: Snapshot | None, new: Snapshot) -> tuple[Change, ...]:
    """What deploying ``new`` changes on a stage that serves ``old``; ``None``: nothing was deployed yet."""
    tree = tree_differences(old.resources if old else {}, new.resources)
    return (*tree, *stage_differences(old.stage if old else None, new.stage))


def tree_differences(old: Mapping[str, Resource], new: Mapping[str, Resource]) -> tuple[Change, ...]:
    """What is different between two trees, by path, then by method."""
    return tuple(
        change for path in sorted({*old, *new}) for change in _of_path(path, old.get(path), new.get(path))
    )


def stage_differences(old: Stage | None, new: Stage) -> tuple[Change, ...]:
    """What is different between two settings of a stage."""
    return tuple(_of_fields(f"stage {new.name or '(default)'}", "", _view(old), _view(new)))


def lines(changes: tuple[Change, ...]) -> tuple[str, ...]:
    """The changes in words, and how many there are of each kind; removed paths and methods are counted."""
    if not changes:
        return ("nothing changes",)
    removed = [change for change in changes if change.kind == "removed" and change.what != "field"]
    gone = {what: sum(change.what == what for change in removed) for what in ("path", "method")}
    counts = ", ".join(f"{sum(c.kind == kind for c in changes)} {kind}" for kind in _MARKS)
    lost = f"; {_count(gone['path'], 'path')} and {_count(gone['method'], 'method')} go" if removed else ""
    return (*(change.text for change in changes), f"{counts}{lost}")


def _of_path(path: str, old: Resource | None, new: Resource | None) -> Iterator[Change]:
    if old is None:
        yield Change("added", "path", path)
    if new is None:
        yield Change("removed", "path", path)
    yield from _of_fields(
        path, "plugins.", _view(old.plugins if old else None), _view(new.plugins if new else None)
    )
    for method in _METHODS:
        before = old.methods.get(method) if old else None
        after = new.methods.get(method) if new else None
        yield from _of_method(f"{method} {path}", before, after)


def _of_method(place: str, old: MethodDefinition | None, new: MethodDefinition | None) -> Iterator[Change]:
    if old is None and new is not None:
        yield Change("added", "method", place, after=_json(_view(new).brief))
    elif new is None and old is not None:
        yield Change("removed", "method", place, before=_json(_view(old).brief))
    elif old != new:
        yield from _of_fields(place, "", _view(old), _view(new))


def _of_fields(place: str, above: str, old: _View, new: _View) -> Iterator[Change]:
    for key in _keys(old, new):
        name = f"{above}{key}"
        before, after = old.at(key), new.at(key)
        if before.whole == after.whole:
            continue
        if isinstance(before.whole, dict) and isinstance(after.whole, dict):
            yield from _of_fields(place, f"{name}.", before, after)
        elif before.whole is None:
            yield Change("added", "field", place, name, after=_json(after.brief))
        elif after.whole is None:
            yield Change("removed", "field", place, name, before=_json(before.brief))
        else:
            yield Change("changed", "field", place, name, _json(before.brief), _json(after.brief))


@dataclass(frozen=True, slots=True)
class _View:
    """A part as JSON: with what it says by default, which may change, and without it, which reads better."""

    whole: Any
    brief: Any

    def at(self, key: str) -> _View:
        """What stands under a key; ``None`` stands for nothing."""
        whole = (self.whole or {}).get(key)
        return _View(whole, (self.brief or {}).get(key, whole))


def _view(part: BaseModel | None) -> _View:
    if part is None:
        return _View(None, None)
    return _View(part.model_dump(mode="json"), part.model_dump(mode="json", exclude_defaults=True))


def _keys(old: _View, new: _View) -> list[str]:
    """The keys of both; of a part that came or went only what it says beyond its defaults."""
    if old.whole is None or new.whole is None:
        return sorted({*(old.brief or {}), *(new.brief or {})})
    return sorted({*old.whole, *new.whole})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
