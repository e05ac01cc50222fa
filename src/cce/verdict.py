"""Verdicts, and the checks and facts they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cce.text import Text


class Verdict(StrEnum):
    """What the judgement of one item on one server came to."""

    GOOD = "good"
    VULNERABLE = "vulnerable"
    NOT_APPLICABLE = "not_applicable"
    REVIEW = "review"
    ERROR = "error"


VERDICT_KO: Final = {
    Verdict.GOOD: "양호",
    Verdict.VULNERABLE: "취약",
    Verdict.NOT_APPLICABLE: "해당없음",
    Verdict.REVIEW: "수동",
    Verdict.ERROR: "점검불가",
}

#: The worst first: one violation decides, then what could not be read, then what a person must see.
PRECEDENCE: Final = (
    Verdict.VULNERABLE,
    Verdict.ERROR,
    Verdict.REVIEW,
    Verdict.GOOD,
    Verdict.NOT_APPLICABLE,
)


class Severity(StrEnum):
    """Importance of an item as the guide gives it (중요도)."""

    HIGH = "상"
    MEDIUM = "중"
    LOW = "하"


@dataclass(frozen=True, slots=True)
class Fact:
    """One value as read, and where: ``Fact("/etc/login.defs:12", "PASS_MAX_DAYS 99999")``."""

    source: str
    value: str


@dataclass(frozen=True, slots=True)
class Check:
    """One sub-check of an item: its own verdict, why, and the facts."""

    verdict: Verdict
    reason: Text
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Deviation:
    """Where a tailoring departs from the guide in one item (조직 기준 적용): what each says, and why.

    ``parameter`` of the rule ``rule`` has ``value`` instead of ``guide``; both are empty for an item that is
    switched off. ``applies`` says to which servers. ``effect`` is ``looser`` or ``tighter`` where that is
    certain, else empty.
    """

    rule: str
    parameter: str
    guide: str
    value: str
    reason: str
    reference: str
    applies: Text
    effect: str = ""

    @property
    def off(self) -> bool:
        """Whether the item is switched off."""
        return not self.parameter


@dataclass(frozen=True, slots=True)
class ItemVerdict:
    """The verdict of one item of a benchmark on one server, with every sub-check.

    ``rule`` is the id of the item's rule, or the ids of several with commas between. ``deviations`` are where
    it was not judged as the guide says.
    """

    item: str
    rule: str
    severity: Severity
    verdict: Verdict
    reason: Text
    facts: tuple[Fact, ...]
    checks: tuple[Check, ...]
    deviations: tuple[Deviation, ...] = ()
