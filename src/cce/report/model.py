"""What a report says, as data. Built by :mod:`cce.report.build`, shown by the ``as_*`` modules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cce.assessment import TargetStatus
from cce.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cce.assessment import Outcome, Target
    from cce.benchmarks.bridge import Step
    from cce.findings.change import Change, ChangeKind
    from cce.remedies.plan import Advice
    from cce.score import Score
    from cce.text import Text
    from cce.verdict import Deviation, ItemVerdict, Severity

#: How many rows "the worst" of something has.
WORST: Final = 10

#: Of how many servers a report carries every verdict with its reasons; the CSV has all of them.
DETAIL_LIMIT: Final = 200


@dataclass(frozen=True, slots=True)
class Run:
    """The assessment itself: which, over what, when, for whom. Times are aware and shown as given.

    ``gaps`` are accounts (``account/region``) whose servers could not be listed, each with the reason.
    ``tailoring`` is the name of the one that the servers were judged by, empty for the guide as it is.
    """

    id: str
    outcome: Outcome
    scope: Text
    started: datetime
    finished: datetime
    requested_by: str
    gaps: tuple[tuple[str, Text], ...] = ()
    tailoring: str = ""


@dataclass(frozen=True, slots=True)
class ServerResult:
    """An expected server, what became of it and, if it was assessed, every verdict with its reasons.

    ``verdicts`` maps a benchmark's id to verdicts in the guide's order. ``meta`` is what the probe said
    about the server (``hostname``, ``kernel``, ``mode``, ``probe_version`` …). ``changes`` is what became of
    its findings by (benchmark, item); ``None`` where nobody keeps them.
    """

    target: Target
    verdicts: Mapping[str, tuple[ItemVerdict, ...]] = field(default_factory=dict)
    meta: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[tuple[str, str], Change] | None = None


@dataclass(frozen=True, slots=True)
class ServerSummary:
    """An expected server in short: enough for 10,000 of them in memory.

    ``verdicts`` maps a benchmark's id to ``{item: verdict}``, ``scores`` to that server's score.
    ``weight`` is the sum of the weights of its vulnerable items: how bad it is.
    """

    target: Target
    label: str
    verdicts: Mapping[str, Mapping[str, Verdict]]
    scores: Mapping[str, Score]
    weight: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One vulnerable item on one server, and on how many other servers the item is vulnerable too."""

    item: str
    title: Text
    severity: Severity
    target: Target
    label: str
    reason: Text
    others: int


@dataclass(frozen=True, slots=True)
class ItemSummary:
    """One item of a benchmark over all servers.

    ``counts`` has every verdict. ``servers`` maps ``vulnerable``, ``error`` and ``review`` to the
    labels of the servers concerned. ``worst`` is the finding on the server that is worst over all.
    """

    id: str
    title: Text
    category: str
    area: str
    severity: Severity
    criterion: Text
    counts: Mapping[Verdict, int]
    servers: Mapping[Verdict, tuple[str, ...]]
    rank: int  # weight × vulnerable servers
    worst: Finding | None
    remedies: tuple[Advice, ...] = ()

    @property
    def judged(self) -> int:
        """The servers on which the item was judged: good or vulnerable."""
        return self.counts[Verdict.GOOD] + self.counts[Verdict.VULNERABLE]


@dataclass(frozen=True, slots=True)
class BenchmarkSummary:
    """A benchmark over all servers: the score with its denominators, and the items in the guide's order.

    ``items_in_edition`` counts also the items of the edition that were not judged.
    """

    id: str
    edition: str
    items_in_edition: int
    score: Score
    items: tuple[ItemSummary, ...]

    @property
    def worst_items(self) -> tuple[ItemSummary, ...]:
        """At most ten items by weight of their severity × number of vulnerable servers."""
        bad = [item for item in self.items if item.counts[Verdict.VULNERABLE]]
        return tuple(sorted(bad, key=lambda item: -item.rank)[:WORST])

    @property
    def worst_findings(self) -> tuple[Finding, ...]:
        """At most ten findings, one per item: what is wrong, on the worst server that has it."""
        findings = (item.worst for item in self.worst_items)
        return tuple(finding for finding in findings if finding is not None)


@dataclass(frozen=True, slots=True)
class EditionStep:
    """An item of the older edition and its successor, over all servers that were judged under both.

    ``servers`` maps (verdict then, verdict now) to the number of servers.
    """

    step: Step
    servers: Mapping[tuple[Verdict, Verdict], int]

    @property
    def changes(self) -> Mapping[tuple[Verdict, Verdict], int]:
        """Only the verdicts that differ, the most frequent first."""
        differing = {pair: n for pair, n in self.servers.items() if pair[0] is not pair[1]}
        return dict(sorted(differing.items(), key=lambda entry: -entry[1]))


@dataclass(frozen=True, slots=True)
class EditionChange:
    """What becomes of the results under the newer edition; ``steps`` in the older edition's order."""

    older: str
    newer: str
    steps: tuple[EditionStep, ...]


@dataclass(frozen=True, slots=True)
class DeviationSummary:
    """A departure from the guide, the items that share it, and on how many servers it was in force."""

    benchmark: str
    items: tuple[str, ...]
    deviation: Deviation
    servers: int


@dataclass(frozen=True, slots=True)
class RecurredFinding:
    """A finding that was fixed and came back in this assessment, with its life in ``change``."""

    item: str
    title: Text
    severity: Severity
    target: Target
    label: str
    reason: Text
    change: Change


@dataclass(frozen=True, slots=True)
class FindingSummary:
    """What became of a benchmark's findings in this assessment, over all servers that were assessed.

    ``counts`` has every kind; ``unread`` of those that are still open could not be verified. ``recurred`` are
    those that came back, the most important items first.
    """

    benchmark: str
    counts: Mapping[ChangeKind, int]
    unread: int
    recurred: tuple[RecurredFinding, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many servers were expected and what became of them; ``expected`` is the sum of the others."""

    expected: int
    by_status: Mapping[TargetStatus, int]

    @property
    def assessed(self) -> int:
        """The servers that have verdicts."""
        return self.by_status[TargetStatus.ASSESSED]

    @property
    def percent(self) -> float | None:
        """Assessed of expected; ``None`` when none was expected, which is not 100 %."""
        return round(self.assessed / self.expected * 100, 1) if self.expected else None


@dataclass(frozen=True, slots=True)
class AssessmentReport:
    """A whole assessment. ``servers`` are all expected ones, by label; ``details`` the worst of the assessed.

    ``details`` holds at most ``detail_limit`` servers, the worst first. ``editions`` is there if both
    editions of the bridge were assessed. ``findings`` is empty where nobody keeps them.
    """

    run: Run
    coverage: Coverage
    benchmarks: tuple[BenchmarkSummary, ...]
    servers: tuple[ServerSummary, ...]
    details: tuple[ServerResult, ...]
    detail_limit: int
    editions: EditionChange | None = None
    deviations: tuple[DeviationSummary, ...] = ()
    findings: tuple[FindingSummary, ...] = ()

    @property
    def not_assessed(self) -> tuple[ServerSummary, ...]:
        """Every expected server without verdicts."""
        return tuple(s for s in self.servers if s.target.status is not TargetStatus.ASSESSED)


def label_of(target: Target) -> str:
    """How a server is called in a report: its name and its id, or the id alone."""
    server = target.server
    identity = server.srvid if server.account else server.instance_id
    return f"{target.name} ({identity})" if target.name and target.name != identity else identity
