"""The files that an include directive with a pattern means."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views.once import once

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

_MOST: Final = 1000


class Budget:
    """How often includes may still be followed: files that name each other several times multiply."""

    def __init__(self, left: int = _MOST) -> None:
        self.left = left

    def spend(self, path: str) -> None:
        """Follow one more.

        Raises
        ------
        Unread
            When there were too many.
        """
        self.left -= 1
        if self.left < 0:
            raise Unread(path, "too many included files")


def matching(evidence: Evidence, pattern: str) -> list[str]:
    """The paths in glob order; one that was not collected stays in, to raise Unread when it is read."""
    if ("text", pattern) in evidence.statuses or not re.search(r"[*?\[]", pattern):
        return [pattern]
    directory = pattern.rpartition("/")[0]
    if ("dir", directory) in evidence.statuses:
        evidence.directory(directory)  # one that could not be listed hides files
    return [path for path in texts_in(evidence).get(directory, ()) if fnmatchcase(path, pattern)]


@once
def texts_in(evidence: Evidence) -> dict[str, list[str]]:
    """The texts of the evidence by their directory, sorted; also those that could not be read."""
    found: dict[str, list[str]] = {}
    for path in sorted(key for kind, key in evidence.statuses if kind == "text"):
        found.setdefault(path.rpartition("/")[0], []).append(path)
    return found
