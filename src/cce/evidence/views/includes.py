"""Which files a pattern of an include means, among those that the probe collected."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cce.evidence.model import Evidence


def matching(evidence: Evidence, path: str) -> list[str]:
    """The files that ``path`` means, in glob order; one that was not collected stays in, to raise Unread.

    Parameters
    ----------
    path
        An absolute path, perhaps with wildcards in its last component.
    """
    if ("text", path) in evidence.statuses or not re.search(r"[*?\[]", path):
        return [path]
    known = (key for kind, key in evidence.statuses if kind == "text")
    return sorted(k for k in known if k.count("/") == path.count("/") and fnmatchcase(k, path))
