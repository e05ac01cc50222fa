"""A diagnosis for people: each finding with what was seen, why it matters and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from cce.text import Text, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cce.doctor.run import Diagnosis, Finding, Unlooked
    from cce.report.words import Language

#: Columns of a terminal; a Korean syllable takes two.
_WIDTH: Final = 100
_SEVERITY: Final = {"high": Text("상", "high"), "medium": Text("중", "medium"), "low": Text("하", "low")}
_SAW: Final = Text("확인", "saw")
_WHY: Final = Text("이유", "why")
_DO: Final = Text("조치", "do")
_UNREAD: Final = Text("읽지 못함", "unread")
_HEALTHY: Final = Text("이상 없음", "healthy: nothing found")
_NOT_LOOKED: Final = Text(
    "확인하지 못한 검사가 있어 이상이 없다고 할 수 없음", "not healthy: some checks could not look"
)


def as_text(diagnosis: Diagnosis, language: Language) -> str:
    """What ``cce doctor`` prints; nothing that AWS or a resolver said can move the cursor."""
    return "\n".join(visible(line) for line in _lines(diagnosis, language)) + "\n"


def _lines(diagnosis: Diagnosis, language: Language) -> Iterator[str]:
    snapshot = diagnosis.snapshot
    vpcs, apis = _names(snapshot.vpcs), _names(api.id for api in snapshot.apis)
    yield f"{snapshot.account} {snapshot.region} · VPC {vpcs} · API {apis}"
    for finding in diagnosis.findings:
        yield ""
        yield from _finding(finding, language)
    for unlooked in diagnosis.unlooked:
        yield ""
        yield from _unlooked(unlooked, language)
    yield ""
    yield _summary(diagnosis)[language == "en"]


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "-"


def _finding(finding: Finding, language: Language) -> Iterator[str]:
    meaning = finding.check.meaning
    severity = getattr(_SEVERITY[finding.severity], language)
    yield f"{meaning.id} [{severity}] {getattr(meaning.title, language)}: {finding.resource}"
    for word, text in ((_SAW, finding.saw), (_WHY, meaning.why.text), (_DO, meaning.do.text)):
        yield from _paragraph(getattr(word, language), getattr(text, language))


def _unlooked(unlooked: Unlooked, language: Language) -> Iterator[str]:
    meaning = unlooked.check.meaning
    yield f"{meaning.id} [?] {getattr(meaning.title, language)}"
    for gap in unlooked.gaps:
        yield from _paragraph(getattr(_UNREAD, language), f"{gap.action}: {gap.reason}")


def _paragraph(word: str, text: str) -> list[str]:
    """The text in lines of words; what is longer than a line, such as an ARN, stays whole."""
    lines = [f"  {word}:"]
    for each in text.split():
        if cell_len(lines[-1]) + 1 + cell_len(each) > _WIDTH and lines[-1].strip():
            lines.append("   ")
        lines[-1] += f" {each}"
    return lines


def _summary(diagnosis: Diagnosis) -> Text:
    found, unlooked = len(diagnosis.findings), len(diagnosis.unlooked)
    if found:
        also = Text(f", 확인하지 못한 검사: {unlooked}개", f", checks that could not look: {unlooked}")
        return Text(
            f"발견: {found}건" + (also.ko if unlooked else ""),
            f"findings: {found}" + (also.en if unlooked else ""),
        )
    return _NOT_LOOKED if unlooked else _HEALTHY
