"""The words that reports show for the enumerations, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from cce.assessment import TARGET_STATUS_KO, Outcome, TargetStatus
from cce.score import WEIGHTS
from cce.text import Text
from cce.verdict import VERDICT_KO, Severity, Verdict

if TYPE_CHECKING:
    from cce.remedies.model import Effect

Language = Literal["ko", "en"]

VERDICT: Final = {
    Verdict.GOOD: Text(VERDICT_KO[Verdict.GOOD], "Good"),
    Verdict.VULNERABLE: Text(VERDICT_KO[Verdict.VULNERABLE], "Vulnerable"),
    Verdict.NOT_APPLICABLE: Text(VERDICT_KO[Verdict.NOT_APPLICABLE], "N/A"),
    Verdict.REVIEW: Text(VERDICT_KO[Verdict.REVIEW], "Review"),
    Verdict.ERROR: Text(VERDICT_KO[Verdict.ERROR], "Error"),
}

SEVERITY: Final = {
    Severity.HIGH: Text("상", "High"),
    Severity.MEDIUM: Text("중", "Medium"),
    Severity.LOW: Text("하", "Low"),
}

STATUS: Final = {
    TargetStatus.WAITING: Text(TARGET_STATUS_KO[TargetStatus.WAITING], "Waiting"),
    TargetStatus.ASSESSED: Text(TARGET_STATUS_KO[TargetStatus.ASSESSED], "Assessed"),
    TargetStatus.UNREACHABLE: Text(TARGET_STATUS_KO[TargetStatus.UNREACHABLE], "Unreachable"),
    TargetStatus.FAILED: Text(TARGET_STATUS_KO[TargetStatus.FAILED], "Failed"),
    TargetStatus.SKIPPED: Text(TARGET_STATUS_KO[TargetStatus.SKIPPED], "Skipped"),
}

OUTCOME: Final = {
    Outcome.COMPLETE: Text("완료", "Complete"),
    Outcome.PARTIAL: Text("일부 완료", "Partial"),
    Outcome.FAILED: Text("실패", "Failed"),
    Outcome.EMPTY: Text("대상 없음", "Empty"),
}

#: How far a program can judge an item.
AUTOMATION: Final = {
    "auto": Text("자동", "auto"),
    "semi": Text("반자동", "semi"),
    "manual": Text("수동", "manual"),
}

#: When a new setting counts, in words.
EFFECT: Final[dict[Effect, Text]] = {
    "now": Text("바로 적용됨", "at once"),
    "login": Text("다음 로그인부터 적용됨", "from the next login on"),
    "reload": Text("서비스가 설정을 다시 읽은 뒤 적용됨", "after the service reloads"),
    "restart": Text("서비스 재시작 후 적용됨", "after the service restarts"),
    "reboot": Text("재부팅 후 적용됨", "after a reboot"),
}

#: The guide's chapters, by every spelling that the benchmark files use.
_CATEGORY: Final = {
    "계정관리": "Accounts",
    "계정 관리": "Accounts",
    "파일 및 디렉터리 관리": "Files and directories",
    "파일 및 디렉토리 관리": "Files and directories",
    "서비스 관리": "Services",
    "패치 관리": "Patches",
    "로그 관리": "Logs",
}

_KO: Final = " · ".join(f"{SEVERITY[s].ko} {weight}" for s, weight in WEIGHTS.items())
_EN: Final = " · ".join(f"{SEVERITY[s].en} {weight}" for s, weight in WEIGHTS.items())

#: The weights of the weighted score, as every report prints them.
WEIGHTS_TEXT: Final = Text(f"가중치 {_KO}", f"weights {_EN}")

#: Why there is no score.
NO_SCORE: Final = Text(
    "양호 또는 취약으로 판정된 항목이 없어 점수를 낼 수 없음",
    "No score: no item was judged good or vulnerable.",
)

#: What an assessment without servers says.
NO_SERVERS: Final = Text(
    "대상 범위에 서버가 없어 아무것도 진단하지 않음. 100 %가 아님.",
    "The scope holds no server: nothing was assessed. This is not 100 %.",
)


def covered(items: int, in_edition: int) -> Text:
    """How much of an edition a result is about, so that nobody takes a part for the whole."""
    return Text(f"전체 {in_edition}개 항목 중 {items}개", f"{items} of {in_edition} items")


def category(name: str) -> Text:
    """A chapter of the guide in both languages; one without a known translation stays as it is."""
    return Text(name, _CATEGORY.get(name, name))
