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
class ItemVerdict:
    """The verdict of one item of a benchmark on one server, with every sub-check.

    ``rule`` is the id of the item's rule, or the ids of several with commas between.
    """

    item: str
    rule: str
    severity: Severity
    verdict: Verdict
    reason: Text
    facts: tuple[Fact, ...]
    checks: tuple[Check, ...]
