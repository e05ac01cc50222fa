"""Parts that could not be read, by part."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from cce.doctor.errors import RefusedError
from cce.doctor.model import Gap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cce.doctor.model import Part


class Gaps:
    """Collects what was refused while parts are read, so that the other parts are still read."""

    def __init__(self) -> None:
        self._found: dict[Part, list[Gap]] = {}

    @contextmanager
    def reading(self, *parts: Part) -> Iterator[None]:
        """Note a refusal for the parts instead of raising it."""
        try:
            yield
        except RefusedError as error:
            for part in parts:
                self.note(part, error.action, error.reason)

    def note(self, part: Part, action: str, reason: str) -> None:
        """Say that something of a part could not be looked at."""
        gap = Gap(action, reason)
        known = self._found.setdefault(part, [])
        if gap not in known:
            known.append(gap)

    def missing(self, part: Part) -> bool:
        """Whether something of the part could not be read."""
        return part in self._found

    def all(self) -> Mapping[Part, tuple[Gap, ...]]:
        """The gaps of every part that has some."""
        return {part: tuple(gaps) for part, gaps in self._found.items()}
