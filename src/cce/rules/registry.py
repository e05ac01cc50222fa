"""How a rule is written, named and found.

A rule is a generator: it reads the evidence and yields one :class:`~cce.verdict.Check` per fact it
looks at. Reading something that the probe could not read raises
:class:`~cce.evidence.model.Unread`, which ends the rule; :mod:`cce.judge` turns that into an
``error`` check beside what was yielded before. So a rule never has to think about unread evidence,
and nothing unread can become ``good``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from cce.errors import BenchmarkError
from cce.text import Text, visible
from cce.verdict import Check, Fact, Verdict

if TYPE_CHECKING:
    from cce.evidence.model import Evidence


class Params(BaseModel):
    """Base of the parameters of a rule: thresholds and policy switches, the guide's as default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# Each rule takes its own subclass of Params; the registry checks it when a benchmark is loaded.
RuleFunction = Callable[["Evidence", Any], Iterator[Check]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule: its stable id, its function and the type of its parameters."""

    id: str
    function: RuleFunction
    params_type: type[Params]

    def params(self, values: dict[str, Any]) -> Params:
        """Check ``values`` against the rule's parameter type.

        Raises
        ------
        BenchmarkError
            When a parameter is unknown, missing or of the wrong type.
        """
        try:
            return self.params_type(**values)
        except ValidationError as error:
            message = f"parameters of rule {self.id!r} do not fit: {error}"
            raise BenchmarkError(message) from error


_RULES: dict[str, Rule] = {}


def rule(rule_id: str, params_type: type[Params] = Params) -> Callable[[RuleFunction], RuleFunction]:
    """Register the decorated generator under ``rule_id``."""

    def register(function: RuleFunction) -> RuleFunction:
        if rule_id in _RULES:
            message = f"two rules have the id {rule_id!r}"
            raise BenchmarkError(message)
        _RULES[rule_id] = Rule(rule_id, function, params_type)
        return function

    return register


def get_rule(rule_id: str) -> Rule:
    """Find the rule with that id.

    Raises
    ------
    BenchmarkError
        When there is none.
    """
    try:
        return _RULES[rule_id]
    except KeyError as error:
        message = f"no rule has the id {rule_id!r}"
        raise BenchmarkError(message) from error


def rule_ids() -> tuple[str, ...]:
    """The ids of all rules, sorted."""
    return tuple(sorted(_RULES))


def check_of(verdict: Verdict, ko: str, en: str, *facts: Fact) -> Check:
    """Make a check. Names and values are a server's to choose: nothing invisible gets from them into it."""
    shown = tuple(Fact(visible(fact.source), _shown(fact)) for fact in facts)
    return Check(verdict, Text(visible(ko), visible(en)), shown)


def _shown(fact: Fact) -> str:
    """The value made visible: a TAB aligns a line of a file and is a blank; in a name it is odd."""
    found = fact.source.startswith("walk ")
    return visible(fact.value if found else fact.value.replace("\t", " "))


def good(ko: str, en: str, *facts: Fact) -> Check:
    """The setting meets the criterion (양호)."""
    return check_of(Verdict.GOOD, ko, en, *facts)


def vulnerable(ko: str, en: str, *facts: Fact) -> Check:
    """The setting violates the criterion (취약)."""
    return check_of(Verdict.VULNERABLE, ko, en, *facts)


def not_applicable(ko: str, en: str, *facts: Fact) -> Check:
    """What the item is about does not exist on the server (해당없음)."""
    return check_of(Verdict.NOT_APPLICABLE, ko, en, *facts)


def review(ko: str, en: str, *facts: Fact) -> Check:
    """A person must judge the facts (수동)."""
    return check_of(Verdict.REVIEW, ko, en, *facts)
