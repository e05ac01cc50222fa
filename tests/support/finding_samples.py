"""Tracks of one server for tests: what assessments of consecutive days saw."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from cce.findings.track import Track, follow, track_of
from cce.text import Text
from cce.verdict import ItemVerdict, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

SRVID = "111111111111/ap-northeast-2/i-0123456789abcdef0"

V, G, N, R, E = (
    Verdict.VULNERABLE,
    Verdict.GOOD,
    Verdict.NOT_APPLICABLE,
    Verdict.REVIEW,
    Verdict.ERROR,
)


def identity(day: int) -> str:
    """The assessment of that day; the days count from 1 January 2026."""
    return f"2026{1 + day // 28:02d}{1 + day % 28:02d}T013000Z-0000"


def at(day: int) -> str:
    """When the server was read on that day."""
    return f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}T01:31:00Z"


def seen(
    day: int,
    verdict: Verdict,
    item: str = "U-01",
    *,
    srvid: str = SRVID,
    severity: Severity = Severity.HIGH,
) -> Track:
    """What the assessment of that day saw of an item."""
    judged = ItemVerdict(item, "unix.a", severity, verdict, Text(f"{verdict} 이유", str(verdict)), (), ())
    track = track_of(
        judged, srvid=srvid, benchmark="kisa-2021", assessment_id=identity(day), collected_at=at(day)
    )
    assert track
    return track


def days(
    *verdicts: Verdict, item: str = "U-01", srvid: str = SRVID, severity: Severity = Severity.HIGH
) -> list[Track]:
    """What the assessments of consecutive days saw of an item."""
    return [seen(day, v, item, srvid=srvid, severity=severity) for day, v in enumerate(verdicts)]


def followed(tracks: Iterable[Track]) -> Track:
    """All of that in one track."""
    return reduce(follow, tracks)
