"""Facts that are this project's own words and not the server's, said in Korean where people read.

What is stored stays language-neutral: only the terminal and the HTML report translate.
"""

from __future__ import annotations

import re
from typing import Final

from cce.report.safe import visible_value
from cce.rules.common import WHY_KO, why_ko
from cce.text import Text

_WHOLE: Final = {
    "not in use": "사용하지 않음",
    "not installed": "설치되지 않음",
    "empty": "비어 있음",
    "the distribution's text": "배포판 기본 문구",
    "no share": "공유 없음",
    "no limit by host, no packet filter": "호스트별 제한 없음, 패킷 필터 없음",
    "enabled, unknown": "enabled, 실행 상태를 알 수 없음",
    "disabled, unknown": "disabled, 실행 상태를 알 수 없음",
}
_FORMS: Final = (
    (re.compile(r"([\w.-]+) unset"), r"\1 설정 없음"),
    (re.compile(r"([\w.-]+) unset(?: or off)? \(default:? ([^()]*)\)"), r"\1 설정 없음(기본값 \2)"),
    (re.compile(r"(\d+) users refused, all others allowed"), r"\1명 차단, 나머지 모두 허용"),
    (re.compile(r"not loaded: (\S+) is not enabled"), r"\1 비활성 상태여서 적용되지 않음"),
    (re.compile(r"(\S+) refuses nobody"), r"\1: 차단하는 대상 없음"),
    (re.compile(r"refuses nothing"), "차단하는 대상 없음"),
    (re.compile(r"(\d+) accounts, no password"), r"계정 \1개, 패스워드 없음"),
    (re.compile(r"(\d+) ordinary accounts can log in"), r"로그인 가능한 일반 계정 \1개"),
)
_UNREAD: Final = "could not be read: "


def fact_text(value: str) -> Text:
    r"""Say a fact's value in both languages; what was read on the server is the same in both.

    Examples
    --------
    >>> fact_text("UMASK unset (default 022)").ko, fact_text("PASS_MAX_DAYS\t99999").ko
    ('UMASK 설정 없음(기본값 022)', 'PASS_MAX_DAYS 99999')
    """
    shown = visible_value(value)
    return Text(_korean(shown), shown)


def _korean(value: str) -> str:
    if value in _WHOLE:
        return _WHOLE[value]
    if value in WHY_KO:
        return WHY_KO[value]
    if value.startswith(_UNREAD):
        return f"확인 불가({why_ko(value.removeprefix(_UNREAD))})"
    for form, said in _FORMS:
        if form.fullmatch(value):
            return form.sub(said, value)
    return value
