"""What one assessment changed: which findings are new, still open, fixed, or came back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from cce.findings.life import Episode, episodes
from cce.findings.track import UNREAD
from cce.text import Text

if TYPE_CHECKING:
    from cce.findings.track import Track


class ChangeKind(StrEnum):
    """What became of a finding in an assessment."""

    RECURRED = "recurred"
    NEW = "new"
    OPEN = "open"
    FIXED = "fixed"


CHANGE: Final = {
    ChangeKind.RECURRED: Text("재발", "Recurred"),
    ChangeKind.NEW: Text("신규", "New"),
    ChangeKind.OPEN: Text("지속", "Still open"),
    ChangeKind.FIXED: Text("조치완료", "Fixed"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one finding in one assessment, and its episodes up to there.

    ``unread`` tells a finding that stays open because it could not be verified (review, error).
    """

    kind: ChangeKind
    episodes: tuple[Episode, ...]
    unread: bool = False


def change_of(known: Track | None, seen: Track) -> Change | None:
    """What the only sighting in ``seen`` changed, as of then: what was seen later is left out.

    ``known`` is everything that is known of the item now. ``None`` is returned when there was nothing to
    change, and for an assessment that is older than the track: nobody kept what was before it.
    """
    now = seen.newest
    if known is None or not reaches(known, seen):
        return None
    before = tuple(s for s in known.sightings if s.place < now.place)
    earlier, lived = episodes(before), episodes((*before, now))
    was_open = bool(earlier) and earlier[-1].fixed is None
    is_open = bool(lived) and lived[-1].fixed is None
    if was_open:
        kind = ChangeKind.OPEN if is_open else ChangeKind.FIXED
        return Change(kind, lived, unread=now.verdict in UNREAD)
    if is_open:
        return Change(ChangeKind.RECURRED if earlier else ChangeKind.NEW, lived)
    return None


def reaches(known: Track | None, seen: Track) -> bool:
    """Whether what is known of an item goes back to the only sighting in ``seen``."""
    return known is not None and known.sightings[0].place <= seen.newest.place
