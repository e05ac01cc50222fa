"""What rules share: guarded elements, types of parameters, wording."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from cce.evidence.model import Unread
from cce.rules.registry import Params, check_of
from cce.rules.switches import Looser, Switch
from cce.text import Text
from cce.verdict import Check, Fact, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeVar

    from pydantic.fields import FieldInfo

    T = TypeVar("T")

UNUSED_SERVICE: Final = Switch(
    "unused_service",
    Text(
        "사용하지 않는 서비스의 항목을 양호로 볼지 해당없음으로 볼지",
        "What the items of a service that is not in use count as",
    ),
)
#: What a thing that does not exist counts as: editions.md §2, one setting for the whole benchmark.
Unused = Annotated[Literal["good", "not_applicable"], UNUSED_SERVICE]


class ServiceParams(Params):
    """What a service that is not in use counts as."""

    unused: Unused = "good"


def _octal(value: object) -> int:
    if isinstance(value, str) and value and set(value) <= set("01234567") and int(value, 8) <= 0o7777:  # noqa: PLR2004
        return int(value, 8)
    message = f'{value!r} is no file mode; write it in quotes and in octal: "0644"'
    raise ValueError(message)


#: A file mode or a umask; written in YAML as a quoted octal number, because a bare 644 is ambiguous there.
Mode = Annotated[
    int,
    BeforeValidator(_octal),
    PlainSerializer(lambda mode: f"{mode:04o}", when_used="json"),
    WithJsonSchema({"type": "string", "pattern": "^[0-7]{1,4}$"}),
]

#: A threshold that a value must not exceed: a higher one asks for less.
AtMost = Annotated[int, Field(ge=1), Looser.HIGHER]
#: A threshold that a value must reach: a lower one asks for less.
AtLeast = Annotated[int, Field(ge=1), Looser.LOWER]


def is_mode(field: FieldInfo) -> bool:
    """Whether a field of a rule's parameters is a :data:`Mode`, which people read in octal."""
    return any(getattr(entry, "func", None) is _octal for entry in field.metadata)


#: The statuses of records and the commonest other reasons why a fact could not be read, in Korean.
WHY_KO: Final = {
    "denied": "권한 없음",
    "timeout": "시간 초과",
    "cut": "내용 잘림",
    "shortened": "내용 잘림",
    "skipped": "건너뜀",
    "special": "특수 파일",
    "directory": "디렉터리임",
    "binary": "바이너리 파일",
    "error": "읽기 오류",
    "failed": "실행 실패",
    "absent": "없음",
    "loop": "링크 순환",
    "unknown": "알 수 없음",
    "not collected": "수집되지 않음",
    "version unknown": "버전을 알 수 없음",
    "no size": "크기를 알 수 없음",
    "too many lines": "행이 너무 많음",
    "too many statements": "구문이 너무 많음",
    "too many included files": "포함된 파일이 너무 많음",
    "too many directories": "디렉터리가 너무 많음",
    "included too deep": "포함 단계가 너무 깊음",
    "included too deep or too often": "포함 단계가 너무 깊거나 너무 자주 포함됨",
    "included by itself or too deep": "자신을 포함하거나 포함 단계가 너무 깊음",
    "nested too deep": "중첩이 너무 깊음",
    "sections nested too deep": "구역의 중첩이 너무 깊음",
    "its braces do not match": "중괄호의 짝이 맞지 않음",
    "its braces are nested too deep": "중괄호의 중첩이 너무 깊음",
    "a statement does not end": "끝나지 않은 구문이 있음",
    "an expression": "표현식으로 되어 있음",
    "not evaluated": "평가할 수 없음",
    "not defined": "정의되어 있지 않음",
    "User is not set": "User가 설정되어 있지 않음",
    "no web server that can be checked here": "점검을 지원하지 않는 웹 서버",
    "absent, although included": "포함하도록 되어 있으나 없음",
}
_CUT: Final = re.compile(r"cut: (\d+) of (\d+) listed")
_IN_USE: Final = re.compile(r"absent( or empty)?, although (\S+) is in use")


def why_ko(why: str) -> str:
    """Why a fact could not be read, in Korean; what names something of the server's stays as it is."""
    if cut := _CUT.fullmatch(why):
        return f"내용 잘림: {cut[2]}건 중 {cut[1]}건만 수집됨"
    if in_use := _IN_USE.fullmatch(why):
        return f"{in_use[2]} 사용 중이나 파일이 없{'거나 비어 있' if in_use[1] else ''}음"
    return WHY_KO.get(why, why)


def unread_check(unread: Unread) -> Check:
    """The check of a fact that could not be read."""
    ko, en = (
        f"{unread.source} 확인 불가({why_ko(unread.why)})",
        f"{unread.source} could not be read: {unread.why}.",
    )
    return check_of(Verdict.ERROR, ko, en, Fact(unread.source, unread.why))


def guarded(elements: Iterable[T], checks: Callable[[T], Iterable[Check]]) -> Iterator[Check]:
    """Run ``checks`` over each element; one that could not be read does not hide the others."""
    for element in elements:
        try:
            yield from checks(element)
        except Unread as unread:
            yield unread_check(unread)


def collected(*looks: Callable[[], Iterable[Fact]]) -> list[Fact]:
    """The facts for a person to judge; what could not be read is said among them and hides no other."""
    facts: list[Fact] = []
    for look in looks:
        try:
            facts += look()
        except Unread as unread:
            facts.append(Fact(unread.source, f"could not be read: {unread.why}"))
    return facts


def require_collected(look: Callable[[], object]) -> None:
    """Raise Unread where nothing was collected that a person could be shown; denied is something to show."""
    try:
        look()
    except Unread as unread:
        if unread.why == "not collected":
            raise


def by_policy(
    policy: Literal["good", "vulnerable", "not_applicable"], ko: str, en: str, *facts: Fact
) -> Check:
    """The check of something that the guide leaves open, such as what does not exist: a parameter decides."""
    return check_of(Verdict(policy), ko, en, *facts)


def not_in_use(policy: Unused, service: str, en: str, source: str) -> Check:
    """The check of a service that is not in use; ``service`` is its Korean name, ``source`` that in facts."""
    return by_policy(policy, f"{service}를 사용하지 않음", en, Fact(source, "not in use"))


_SHOWN: Final = 5


def listed(names: Iterable[str], total: int = 0) -> Text:
    """The first names of a list and, if these are not all, how many of how many.

    Parameters
    ----------
    total
        How many there are, where ``names`` is itself only a part of them.
    """
    all_names = list(dict.fromkeys(names))
    shown, total = all_names[:_SHOWN], max(total, len(all_names))
    said = ", ".join(shown)
    if len(shown) == total:
        return Text(said, said)
    return Text(f"{said} ({total}개 중 {len(shown)}개 표시)", f"{said} ({len(shown)} of {total} shown)")
