"""What was planted in the Debian root directories (``tests/data/roots``), and verdicts against it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from cce.benchmarks.bridge import Change, bridge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cce.verdict import Fact, ItemVerdict

PROJECT = Path(__file__).parents[2]
DATA = PROJECT / "tests/data/roots"
RECORDINGS = PROJECT / "lab/recordings"
STATES = ("default", "hardened", "misconfigured")
#: The sets of services, see ``lab/roots/build.sh``.
SETS = ("office", "edge", "legacy")
SERVICE_ROOTS = tuple(f"{name}-{state}" for name in SETS for state in STATES)
ROOTS = STATES + SERVICE_ROOTS
OLDER, NEWER = "kisa-2021", "kisa-2026"
#: From the best to the worst: an item with several predecessors comes to the worst of theirs.
_BADNESS: Final = ("not_applicable", "good", "review", "error", "vulnerable")

#: Items of 2026 that ask for just what their predecessors asked for together.
_SUMS: Final = frozenset({"U-37", "U-40"})


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one item of a benchmark must come to on one root."""

    root: str
    benchmark: str
    item: str
    verdict: str
    names: tuple[str, ...]  # in the facts behind the verdict
    names_anywhere: tuple[str, ...]  # in the facts of any of its checks
    spares: tuple[str, ...]  # not in the facts behind the verdict

    def differences(self, got: ItemVerdict | None) -> list[str]:
        """What is wrong with the verdict, in words; empty when it is right for the right reason."""
        if got is None:
            return [f"expected {self.verdict}, but {self.benchmark} has no rule for {self.item}"]
        wrong = []
        if got.verdict != self.verdict:
            wrong.append(f"expected {self.verdict}, got {got.verdict}: {got.reason.en}")
        decisive = _said(got.facts)
        anywhere = _said(fact for check in got.checks for fact in check.facts)
        wrong += [f"{name!r} is not named among:\n{decisive}" for name in self.names if name not in decisive]
        wrong += [f"{name!r} is named nowhere" for name in self.names_anywhere if name not in anywhere]
        wrong += [f"{name!r} is blamed" for name in self.spares if name in decisive]
        return wrong


def _said(facts: Iterable[Fact]) -> str:
    return "\n".join(f"{fact.source} {fact.value}" for fact in facts)


@cache
def expectations(*roots: str, benchmark: str = OLDER) -> tuple[Expectation, ...]:
    """What ``tests/data/roots/*.yaml`` says of ``roots`` (all when none is named) under ``benchmark``."""
    return tuple(
        expected(root, benchmark, item, row)
        for root in roots or ROOTS
        for item, row in rows(root, benchmark).items()
    )


def expected(root: str, benchmark: str, item: str, row: Mapping[str, Any]) -> Expectation:
    """One row of a file of expectations."""
    return Expectation(
        root=root,
        benchmark=benchmark,
        item=item,
        verdict=row["verdict"],
        names=tuple(row.get("names", ())),
        names_anywhere=tuple(row.get("names_anywhere", ())),
        spares=tuple(row.get("spares", ())),
    )


def rows(root: str, benchmark: str) -> dict[str, Mapping[str, Any]]:
    """The rows of one root."""
    return rows_of(yaml.safe_load((DATA / f"{root}.yaml").read_text("utf-8")), benchmark)


def rows_of(data: Mapping[str, Any], benchmark: str) -> dict[str, Mapping[str, Any]]:
    """The rows of a file: under 2026 its own, and for the other items those of their predecessors."""
    older: dict[str, Mapping[str, Any]] = data["items"]
    newer: dict[str, Mapping[str, Any]] = data.get("items_2026", {})
    return older if benchmark == OLDER else inherited(older) | newer


def inherited(older: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """What the items of 2026 come to whose criterion is their predecessors' of 2021, or all of theirs."""
    predecessors: dict[str, list[Mapping[str, Any]]] = {}
    for step in bridge().steps:
        same = Change.CRITERION not in step.changes or (step.newer and step.newer.id in _SUMS)
        if step.older and step.newer and step.older.id in older and same:
            predecessors.setdefault(step.newer.id, []).append(older[step.older.id])
    return {item: _worst(found) for item, found in predecessors.items()}


def _worst(found: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    verdict = max((row["verdict"] for row in found), key=_BADNESS.index)
    deciding = [row for row in found if row["verdict"] == verdict]
    lists = ("names", "names_anywhere", "spares")
    return {"verdict": verdict} | {key: [n for row in deciding for n in row.get(key, ())] for key in lists}


def wanted(root: str, benchmark: str) -> set[str]:
    """The items that must have an expectation: all for a state, for a root with services theirs."""
    steps = bridge().steps
    if root in STATES:
        sides = [step.older if benchmark == OLDER else step.newer for step in steps]
        return {side.id for side in sides if side}
    services = yaml.safe_load((DATA / "services.yaml").read_text("utf-8"))
    asking = [
        services[name] for name in yaml.safe_load((DATA / f"{root}.yaml").read_text("utf-8"))["services"]
    ]
    items = {item for row in asking for item in row["items"]}
    if benchmark == OLDER:
        return items
    successors = {step.newer.id for step in steps if step.newer and step.older and step.older.id in items}
    return successors | {item for row in asking for item in row.get("new", ())}
