"""A track: what every assessment saw of one item on one server, in the order of the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from cce.assessment import started_at
from cce.verdict import Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cce.text import Text
    from cce.verdict import ItemVerdict

#: Verdicts that say that the weakness is not there. The others but ``vulnerable`` say nothing of it.
CLEAN: Final = frozenset({Verdict.GOOD, Verdict.NOT_APPLICABLE})
UNREAD: Final = frozenset({Verdict.REVIEW, Verdict.ERROR})

#: Sightings that a track keeps one by one. A message lives for two weeks at most (SQS), so with a daily
#: assessment nothing arrives so late that its neighbours are gone.
KEPT: Final = 20

#: An assessment takes no longer; evidence of another time comes from a clock that is wrong.
_LONGEST: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one assessment saw. ``at`` is the time of the evidence, ISO 8601 in UTC to the second."""

    at: str
    assessment_id: str
    verdict: Verdict

    @property
    def place(self) -> tuple[str, str]:
        """What sightings are sorted by: the evidence's time; two of one second by the assessment's."""
        return self.at, self.assessment_id


@dataclass(frozen=True, slots=True)
class Track:
    """Everything that was seen of an item on a server.

    ``sightings`` has at least one, is sorted, and has each assessment once. ``severity``, ``rule`` and
    ``reason`` are those of the newest verdict. An item that was never vulnerable has a track too: without it
    an old verdict that arrives late would open what a newer one found good.
    """

    srvid: str
    benchmark: str
    item: str
    severity: Severity
    rule: str
    reason: Text
    sightings: tuple[Sighting, ...]

    @property
    def key(self) -> str:
        """``{benchmark}#{item}``: unique and sorted within the server."""
        return f"{self.benchmark}#{self.item}"

    @property
    def newest(self) -> Sighting:
        """The sighting with the newest evidence."""
        return self.sightings[-1]


def track_of(
    verdict: ItemVerdict, *, srvid: str, benchmark: str, assessment_id: str, collected_at: str
) -> Track | None:
    """The track of a single verdict; ``None`` for an item that a tailoring switched off: nobody looked.

    ``collected_at`` is what the server's clock said when the probe ended, ISO 8601.
    """
    if any(deviation.off for deviation in verdict.deviations):
        return None
    seen = Sighting(evidence_time(assessment_id, collected_at), assessment_id, verdict.verdict)
    return Track(srvid, benchmark, verdict.item, verdict.severity, verdict.rule, verdict.reason, (seen,))


def follow(known: Track | None, seen: Track) -> Track:
    """The transition: what is known of an item, and what was seen of it, in one track.

    The order in which verdicts come does not matter, nor how often one comes: each takes the place of its
    evidence's time. Of an assessment that is known the first judgement stays, whatever a changed rule says
    of the same evidence. Beyond :data:`KEPT` sightings those go on which no state rests, the oldest first.
    """
    if known is None:
        return seen
    by_assessment = {s.assessment_id: s for s in (*seen.sightings, *known.sightings)}
    sightings = _thinned(sorted(by_assessment.values(), key=lambda s: s.place))
    last = seen if sightings[-1] not in known.sightings else known
    return Track(
        known.srvid, known.benchmark, known.item, last.severity, last.rule, last.reason, tuple(sightings)
    )


def evidence_time(assessment_id: str, collected_at: str) -> str:
    """When the evidence was read: as the server says, if that lies within the assessment.

    Else the assessment's start counts. A clock that is wrong, or lies, can so bring a server's assessments
    out of order by a day at most; it cannot freeze what is said of the server.
    """
    start = started_at(assessment_id)
    try:
        said = datetime.fromisoformat(collected_at).astimezone(UTC)
    except (ValueError, OverflowError):
        said = start
    at = said if start <= said <= start + _LONGEST else start
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _thinned(sightings: Sequence[Sighting]) -> Sequence[Sighting]:
    kept = list(sightings)
    while len(kept) > KEPT and (idle := _idle(kept)) is not None:
        del kept[idle]
    return kept


def _idle(sightings: Sequence[Sighting]) -> int | None:
    """The oldest sighting that neither begins nor ends a stretch of one kind; the newest always stays."""
    decisive = [n for n, seen in enumerate(sightings) if seen.verdict not in UNREAD]
    within = {
        here
        for before, here, after in zip(decisive, decisive[1:], decisive[2:], strict=False)
        if len({sightings[n].verdict is Verdict.VULNERABLE for n in (before, here, after)}) == 1
    }
    unread = set(range(len(sightings) - 1)) - set(decisive)
    return min(within | unread, default=None)
