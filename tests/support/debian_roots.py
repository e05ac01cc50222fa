"""What was planted in the Debian root directories (``tests/data/roots``), and verdicts against it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cce.verdict import Fact, ItemVerdict

PROJECT = Path(__file__).parents[2]
RECORDINGS = PROJECT / "lab/recordings"
STATES = ("default", "hardened", "misconfigured")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one item must come to in one state."""

    state: str
    item: str
    verdict: str
    names: tuple[str, ...]  # in the facts behind the verdict
    names_anywhere: tuple[str, ...]  # in the facts of any of its checks
    spares: tuple[str, ...]  # not in the facts behind the verdict

    def differences(self, got: ItemVerdict) -> list[str]:
        """What is wrong with the verdict, in words; empty when it is right for the right reason."""
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


def expectations() -> list[Expectation]:
    """Every row of ``tests/data/roots/*.yaml``."""
    return [
        Expectation(
            state=state,
            item=item,
            verdict=row["verdict"],
            names=tuple(row.get("names", ())),
            names_anywhere=tuple(row.get("names_anywhere", ())),
            spares=tuple(row.get("spares", ())),
        )
        for state in STATES
        for item, row in yaml.safe_load((PROJECT / f"tests/data/roots/{state}.yaml").read_text())[
            "items"
        ].items()
    ]
