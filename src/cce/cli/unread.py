"""Says on standard error what could not be read, so that nobody takes silence for "all good"."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from cce.text import visible
from cce.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cce.evidence.model import Evidence
    from cce.verdict import ItemVerdict

_SOURCES_SHOWN: Final = 8


def report_unread(verdicts: Sequence[ItemVerdict], evidence: Evidence) -> None:
    """Name the items that ended ``error`` and what was not read; say so if root would have helped."""
    for line in unread_lines(verdicts, evidence):
        sys.stderr.write(f"cce: {line}\n")


def unread_lines(verdicts: Sequence[ItemVerdict], evidence: Evidence) -> list[str]:
    """The lines of :func:`report_unread`; none when every item was judged."""
    errors = [verdict for verdict in verdicts if verdict.verdict is Verdict.ERROR]
    if not errors:
        return []
    items = ", ".join(verdict.item for verdict in errors)
    lines = [f"{len(errors)} of {len(verdicts)} items could not be checked (점검불가): {items}"]
    facts = (fact for verdict in errors for fact in verdict.facts)
    sources = list(dict.fromkeys(f"{fact.source}: {fact.value}" for fact in facts))
    if sources:
        more = f" and {len(sources) - _SOURCES_SHOWN} more" if len(sources) > _SOURCES_SHOWN else ""
        lines.append(f"not read: {visible('; '.join(sources[:_SOURCES_SHOWN]))}{more}")
    if evidence.meta.get("euid") not in {"0", None}:
        lines.append("it ran without root privileges; run it as root to read everything")
    return lines
