"""What changes from one edition of the guide to the next, and what it makes of a server's verdicts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cce.benchmarks.bridge import Change
from cce.report import words
from cce.report.deviations import deviation_json
from cce.report.model import EditionChange, EditionStep
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cce.benchmarks.bridge import Bridge, Step
    from cce.report.model import ServerSummary
    from cce.verdict import ItemVerdict, Verdict

#: What an item's change is called in reports.
CHANGE: Final = {
    Change.RENUMBERED: Text("번호 변경", "renumbered"),
    Change.MERGED: Text("통합", "merged"),
    Change.SPLIT: Text("분리", "split"),
    Change.MOVED: Text("웹 서비스 분야로 이동", "moved to the web service chapter"),
    Change.SEVERITY: Text("중요도", "severity"),
    Change.CRITERION: Text("기준 변경", "criterion changed"),
    Change.NEW: Text("신설", "new"),
    Change.DROPPED: Text("삭제", "dropped"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A step between the editions and, with evidence, the verdicts on both sides of it.

    A verdict is ``None`` where there was no evidence, no such item, or the benchmark does not judge it.
    """

    step: Step
    then: ItemVerdict | None = None
    now: ItemVerdict | None = None

    @property
    def differs(self) -> bool:
        """Whether both sides were judged and came to different verdicts."""
        return self.then is not None and self.now is not None and self.then.verdict is not self.now.verdict


def edition_rows(
    bridge: Bridge, verdicts: Mapping[str, Sequence[ItemVerdict]] | None = None
) -> tuple[Row, ...]:
    """Put the steps of the bridge beside the verdicts of one server under both benchmarks.

    Parameters
    ----------
    verdicts
        Benchmark's id to verdicts; ``None`` without evidence.
    """
    judged = {key: {v.item: v for v in rows} for key, rows in (verdicts or {}).items()}
    then, now = judged.get(bridge.older, {}), judged.get(bridge.newer, {})
    return tuple(
        Row(
            step,
            then.get(step.older.id) if step.older else None,
            now.get(step.newer.id) if step.newer else None,
        )
        for step in bridge.steps
    )


def edition_change(bridge: Bridge, servers: Iterable[ServerSummary]) -> EditionChange | None:
    """Add up what the verdicts become, over all servers; ``None`` unless both editions were assessed."""
    pairs = [(s.verdicts[bridge.older], s.verdicts[bridge.newer]) for s in servers if _both(bridge, s)]
    if not pairs:
        return None
    steps = []
    for step in bridge.steps:
        if step.older is None or step.newer is None:
            continue
        old, new = step.older.id, step.newer.id
        counted = Counter((then[old], now[new]) for then, now in pairs if old in then and new in now)
        steps.append(EditionStep(step, counted))
    return EditionChange(bridge.older, bridge.newer, tuple(steps))


def _both(bridge: Bridge, server: ServerSummary) -> bool:
    return bridge.older in server.verdicts and bridge.newer in server.verdicts


def changes_text(step: Step) -> Text:
    """What changed, in words: ``번호 변경, 중요도 하 → 중, 기준 변경: 권한 기준 600 → 644``."""
    ko, en = [], []
    for change in step.changes:
        word = CHANGE[change]
        if change is Change.SEVERITY and step.older and step.newer:
            then, now = words.SEVERITY[step.older.severity], words.SEVERITY[step.newer.severity]
            word = Text(f"{word.ko} {then.ko} → {now.ko}", f"{word.en} {then.en} → {now.en}")
        elif change is Change.CRITERION and step.newer:
            word = Text(f"{word.ko}: {step.newer.note.ko}", f"{word.en}: {step.newer.note.en}")
        ko.append(word.ko)
        en.append(word.en)
    return Text(", ".join(ko) or "변경 없음", ", ".join(en) or "same")


def editions_document(bridge: Bridge, rows: Sequence[Row]) -> dict[str, Any]:
    """The rows for programs: ``cce diff-editions --format json``."""
    return {
        "older": bridge.older,
        "newer": bridge.newer,
        "steps": [_row_json(row) for row in rows],
    }


def _row_json(row: Row) -> dict[str, Any]:
    step, said = row.step, changes_text(row.step)
    return {
        "older": _side(step.older.id, step.older.title, step.older.severity, row.then)
        if step.older
        else None,
        "newer": _side(step.newer.id, step.newer.title, step.newer.severity, row.now) if step.newer else None,
        "changes": [str(change) for change in step.changes],
        "change_ko": said.ko,
        "change_en": said.en,
        "differs": row.differs,
    }


def _side(item: str, title: Text, severity: str, judged: ItemVerdict | None) -> dict[str, Any]:
    verdict: Verdict | None = judged.verdict if judged else None
    return {
        "item": item,
        "title_ko": title.ko,
        "title_en": title.en,
        "severity": str(severity),
        "verdict": str(verdict) if verdict else None,
        "reason": judged.reason.en if judged else None,
        "reason_ko": judged.reason.ko if judged else None,
        "tailored": [deviation_json(deviation) for deviation in judged.deviations] if judged else [],
    }
