"""The files that an include directive with a pattern means."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cce.evidence.model import Evidence


def matching(evidence: Evidence, pattern: str) -> list[str]:
    """The paths in glob order; one that was not collected stays in, to raise Unread when it is read."""
    if ("text", pattern) in evidence.statuses or not re.search(r"[*?\[]", pattern):
        return [pattern]
    directory = pattern.rpartition("/")[0]
    if ("dir", directory) in evidence.statuses:
        evidence.directory(directory)  # one that could not be listed hides files
    known = (key for kind, key in evidence.statuses if kind == "text")
    return sorted(k for k in known if k.count("/") == pattern.count("/") and fnmatchcase(k, pattern))
