"""What a track makes of an item: never vulnerable, or a finding that is open, fixed or came back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from cce.findings.track import CLEAN, UNREAD
from cce.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cce.findings.track import Sighting, Track


class FindingState(StrEnum):
    """Where a finding stands: vulnerable for the first time, not any more, or again after it was fixed."""

    OPEN = "open"
    FIXED = "fixed"
    RECURRED = "recurred"


@dataclass(frozen=True, slots=True)
class Episode:
    """One stretch of being vulnerable.

    ``opened`` and ``last`` are its first and last sighting as vulnerable; ``fixed`` is the first sighting
    as good or not applicable after that, ``None`` while it lasts.
    """

    opened: Sighting
    last: Sighting
    fixed: Sighting | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """An item that was vulnerable at least once: its track, and its episodes from the first to the latest."""

    track: Track
    episodes: tuple[Episode, ...]

    @property
    def state(self) -> FindingState:
        """Open, fixed or recurred."""
        if self.episodes[-1].fixed:
            return FindingState.FIXED
        return FindingState.RECURRED if self.recurrences else FindingState.OPEN

    @property
    def recurrences(self) -> tuple[Episode, ...]:
        """Every episode but the first: how often it came back, and when."""
        return self.episodes[1:]

    @property
    def unread(self) -> Sighting | None:
        """The newest sighting if it could not tell (review, error): since then nobody knows."""
        newest = self.track.newest
        return newest if newest.verdict in UNREAD else None


def finding_of(track: Track) -> Finding | None:
    """The finding of a track; ``None`` if the item was never vulnerable."""
    lived = episodes(track.sightings)
    return Finding(track, lived) if lived else None


def episodes(sightings: Iterable[Sighting]) -> tuple[Episode, ...]:
    """The episodes in sightings that are sorted. What could not be read neither opens nor fixes."""
    lived: list[Episode] = []
    for seen in sightings:
        is_open = bool(lived) and lived[-1].fixed is None
        if seen.verdict is Verdict.VULNERABLE:
            if is_open:
                lived[-1] = replace(lived[-1], last=seen)
            else:
                lived.append(Episode(seen, seen))
        elif is_open and seen.verdict in CLEAN:
            lived[-1] = replace(lived[-1], fixed=seen)
    return tuple(lived)
