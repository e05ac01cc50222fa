"""The edition bridge for a terminal, readable at 80 columns with Korean text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text as Styled

from cce.benchmarks.bridge import Change
from cce.report import words
from cce.report.as_table import VERDICT_STYLE
from cce.report.editions import changes_text
from cce.text import Text, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from cce.benchmarks.bridge import Bridge, NewerItem, OlderItem
    from cce.report.editions import Row
    from cce.report.words import Language
    from cce.verdict import ItemVerdict


def editions_view(
    bridge: Bridge, rows: Sequence[Row], *, judged: bool, language: Language = "ko"
) -> RenderableType:
    """One row per older item and successor, the new items last; with verdicts if there is evidence.

    An item that one of the benchmarks does not judge shows ``–``.
    """
    table = Table(box=SIMPLE_HEAD, expand=True, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(bridge.older.removeprefix("kisa-"), no_wrap=True)
    table.add_column(bridge.newer.removeprefix("kisa-"), no_wrap=True)
    table.add_column(
        _say(Text("항목과 달라진 점", "Title and what changed"), language), ratio=1, overflow="fold"
    )
    if judged:
        table.add_column(_say(Text("판정", "Verdict"), language), no_wrap=True)
    for row in rows:
        cells = [_id(row.step.older, language), _id(row.step.newer, language), _what(row, language)]
        table.add_row(*cells, *([_verdicts(row, language)] if judged else []))
    return Group(table, *_summary(rows, judged=judged, language=language))


def _say(text: Text, language: Language) -> str:
    return visible(text.ko if language == "ko" else text.en)


def _id(item: OlderItem | NewerItem | None, language: Language) -> Styled:
    return Styled(f"{item.id} {_say(words.SEVERITY[item.severity], language)}" if item else "–")


def _what(row: Row, language: Language) -> Styled:
    item = row.step.newer or row.step.older
    plain = set(row.step.changes) <= {Change.RENUMBERED}
    shown = Styled(_say(item.title, language) if item else "", "" if plain else "bold")
    if not plain:
        shown.append(f"\n{_say(changes_text(row.step), language)}", "not bold")
    if row.differs and row.now:
        shown.append(f"\n{_say(row.now.reason, language)}", "not bold dim")
    return shown


def _verdicts(row: Row, language: Language) -> Styled:
    then, now = _verdict(row.then, language), _verdict(row.now, language)
    if then.plain == now.plain:
        return then
    return Styled.assemble(then, "\n→ ", now)


def _verdict(judged: ItemVerdict | None, language: Language) -> Styled:
    if judged is None:
        return Styled("–", "dim")
    return Styled(_say(words.VERDICT[judged.verdict], language), VERDICT_STYLE[judged.verdict])


def _summary(rows: Sequence[Row], *, judged: bool, language: Language) -> list[Styled]:
    changed = Counter(change for row in rows for change in row.step.changes)
    new, moved = changed[Change.NEW], changed[Change.MOVED]
    criterion = len({r.step.newer.id for r in rows if r.step.newer and Change.CRITERION in r.step.changes})
    line = Text(
        f"신설 {new}, 웹 서비스 분야로 이동 {moved}, 기준이 바뀐 항목 {criterion}",
        f"{new} new, {moved} moved to the web service chapter, {criterion} with another criterion",
    )
    lines = [Styled(_say(line, language), "bold")]
    if judged:
        both = [row for row in rows if row.then and row.now]
        differ = sum(row.differs for row in both)
        said = Text(
            f"두 판 모두에서 판정된 {len(both)}쌍 중 판정이 달라진 것 {differ}(–는 판정 범위 밖)",
            f"{differ} of {len(both)} pairs judged in both editions differ (– is not judged)",
        )
        lines.append(Styled(_say(said, language), "bold"))
    return lines
