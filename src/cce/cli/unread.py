"""Says on standard error what could not be read, so that nobody takes silence for "all good"."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from cce.text import visible
from cce.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cce.evidence.model import Evidence
    from cce.verdict import ItemVerdict

_SOURCES_SHOWN: Final = 8


def report_unread(verdicts: Mapping[str, Sequence[ItemVerdict]], evidence: Evidence) -> None:
    """Name the items that ended ``error`` and what was not read; say so if root would have helped.

    ``verdicts`` are those under each benchmark.
    """
    for line in unread_lines(verdicts, evidence):
        sys.stderr.write(f"cce: {line}\n")


def unread_lines(verdicts: Mapping[str, Sequence[ItemVerdict]], evidence: Evidence) -> list[str]:
    """The lines of :func:`report_unread`; none when every item was judged."""
    errors, lines = [], []
    for benchmark, rows in verdicts.items():
        if here := [verdict for verdict in rows if verdict.verdict is Verdict.ERROR]:
            edition = f"{benchmark}: " if len(verdicts) > 1 else ""
            items = ", ".join(verdict.item for verdict in here)
            lines.append(
                f"{edition}{len(here)} of {len(rows)} items could not be checked (점검불가): {items}"
            )
            errors += here
    if not errors:
        return []
    facts = (fact for verdict in errors for fact in verdict.facts)
    sources = list(dict.fromkeys(f"{fact.source}: {fact.value}" for fact in facts))
    if sources:
        more = f" and {len(sources) - _SOURCES_SHOWN} more" if len(sources) > _SOURCES_SHOWN else ""
        lines.append(f"not read: {visible('; '.join(sources[:_SOURCES_SHOWN]))}{more}")
    lines += [visible(p.reason) for p in evidence.problems if p.section == "root"]
    if evidence.meta.get("euid") not in {"0", None}:
        lines.append("it ran without root privileges; run it as root to read everything")
    return lines
