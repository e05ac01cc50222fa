"""Paths of a foreign document as ours: names of variables that we allow, one variable per level."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from cce.gateway import paths

_VARIABLE: Final = re.compile(r"\{([^{}]+?)(\+?)\}")


@dataclass(frozen=True, slots=True)
class ReadPath:
    """A path as ours, and the path of the backend that it comes to."""

    text: str
    backend: str


@dataclass(slots=True)
class Paths:
    """Reads the paths of one document; ``notes`` gets what had to be changed or left out."""

    notes: list[str]
    _variables: dict[tuple[str, ...], str] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)

    def read(self, text: str) -> ReadPath | None:
        """The path as ours; ``None`` when it cannot be one, which is noted."""
        if not text.startswith("/"):
            self.notes.append(f"{text}: left out: a path begins with /")
            return None
        parts: list[str] = []
        for part in text.removeprefix("/").split("/"):
            parts.append(self._part(text, tuple(parts), part))
        ours = "/" + "/".join(parts)
        try:
            spelling = paths.parse(ours).text
        except ValueError as error:
            self.notes.append(f"{text}: left out: {error}")
            return None
        if spelling in self._seen:
            self.notes.append(f"{text}: left out: it is the same resource as {self._seen[spelling]}")
            return None
        self._seen[spelling] = text
        return ReadPath(spelling, _VARIABLE.sub(r"${request.path.\1\2}", ours))

    def _part(self, text: str, above: tuple[str, ...], part: str) -> str:
        found = _VARIABLE.fullmatch(part)
        if not found:
            return part
        name = re.sub(r"\W", "_", found[1], flags=re.ASCII)
        ours = self._variables.setdefault(above, f"{{{name}{found[2]}}}")
        if ours != part:
            self.notes.append(f"{text}: {part} is called {ours} here")
        return ours
