"""What is seen of a server's items, followed up in the findings table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cce.errors import StoreError
from cce.findings.change import change_of, reaches
from cce.findings.track import follow, track_of
from cce.report.lines import VerdictRecord, read_verdict_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cce.findings.change import Change
    from cce.findings.track import Track
    from cce.pipeline.ports import Findings

#: Two assessments of one server at the same moment are rare. After more tries the message comes again.
_TRIES: Final = 5


def track_of_record(record: VerdictRecord) -> Track | None:
    """The track of a stored verdict; ``None`` for an item that a tailoring switched off."""
    return track_of(
        record.verdict,
        srvid=record.server.srvid,
        benchmark=record.benchmark,
        assessment_id=record.assessment_id,
        collected_at=record.collected_at,
    )


def tracks_of(lines: Iterable[Mapping[str, Any]]) -> list[Track]:
    """What stored verdict lines say of their items."""
    tracks = (track_of_record(read_verdict_line(line)) for line in lines)
    return [track for track in tracks if track]


def follow_up(findings: Findings, srvid: str, seen: Sequence[Track]) -> None:
    """Bring what was seen of one server into its findings; doing it again changes nothing.

    Raises
    ------
    StoreError
        When the table does not answer, or others write the same rows again and again. Part of the rows may
        be written then; the same call ends it.
    """
    for _ in range(_TRIES):
        known = {track.key: track for track in findings.of(srvid)}
        followed = [(known.get(track.key), follow(known.get(track.key), track)) for track in seen]
        if findings.save([(old, new) for old, new in followed if old != new]):
            return
    message = f"the findings of {srvid} were changed by another {_TRIES} times in a row"
    raise StoreError(message)


def changes_of(
    known: Iterable[Track], records: Iterable[VerdictRecord]
) -> dict[tuple[str, str], Change] | None:
    """What an assessment changed on one server, by (benchmark, item), as of then.

    ``None`` when nothing is known that goes back to it: it ended before there were findings.
    """
    tracks = {track.key: track for track in known}
    seen = [track for track in map(track_of_record, records) if track]
    if not any(reaches(tracks.get(track.key), track) for track in seen):
        return None
    changes = {(t.benchmark, t.item): change_of(tracks.get(t.key), t) for t in seen}
    return {place: change for place, change in changes.items() if change}
