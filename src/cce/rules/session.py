"""Idle sessions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cce.evidence.model import Unread
from cce.evidence.views import shell
from cce.evidence.views.people import uses_csh
from cce.evidence.views.settings import whole_number
from cce.rules.common import AtMost  # noqa: TC001 - pydantic needs the type at run time
from cce.rules.registry import Params, good, rule, vulnerable
from cce.text import with_particle
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.shell import Statement
    from cce.verdict import Check


class Timeout(Params):
    """The longest idle time of a session in seconds."""

    seconds: AtMost = 600


@rule("unix.session-timeout", Timeout)
def session_timeout(evidence: Evidence, params: Timeout) -> Iterator[Check]:
    """TMOUT of login shells, and autologout where an account uses a csh.

    The last assignment counts, but none after ``readonly`` takes effect; 0 switches it off. csh's is
    judged only where an account has such a shell: distributions ship its files without one.
    """
    system = shell.system(evidence)
    statement, value = _timeout(system)
    yield _timeout_check("TMOUT", statement, value, params.seconds, *shell.kept_from_people(evidence))
    own_statement, own = _timeout((*system, *shell.of_root(evidence)))
    if own_statement is not None and own_statement is not statement:
        yield _timeout_check("TMOUT", own_statement, own, params.seconds)
    if uses_csh(evidence):
        yield _autologout(shell.csh(evidence), params)


def _timeout(statements: tuple[Statement, ...]) -> tuple[Statement | None, str | None]:
    last, value = None, None
    for statement in statements:
        text, new = statement.text, statement.assigned("TMOUT")
        if new is not None:
            last, value = statement, new
        elif re.search(r"\bunset\s+(?:-v\s+)?TMOUT\b", text):
            last, value = statement, ""
        if value and re.search(r"\b(?:readonly|(?:declare|typeset)\s+-\w*r\w*)\b.*\bTMOUT\b", text):
            break
    return last, value


def _timeout_check(
    name: str, statement: Statement | None, value: str | None, limit: int, *unread: Fact
) -> Check:
    """The check of a value; ``unread`` are files that may hold one and that people's shells cannot read."""
    if statement is None or not value:
        fact = statement.fact if statement else Fact("/etc/profile", f"{name} unset")
        ko, en = (
            f"{with_particle(name, '이/가')} 설정되어 있지 않음(기준 {limit}초 이하)",
            f"{name} is not set; wanted: {limit} seconds or less.",
        )
        return vulnerable(ko, en, fact, *unread)
    default = re.fullmatch(r"\$\{TMOUT:?[-=](\d+)\}", value)
    seconds = whole_number(default[1] if default else value)
    if seconds is None:
        raise Unread(statement.line.where, f"{name}={value} cannot be evaluated")
    check = good if 0 < seconds <= limit else vulnerable
    off_ko, off_en = (", 0은 시간제한 해제를 뜻함", ", which switches it off") if seconds <= 0 else ("", "")
    ko = f"{statement.line.where}: {name} {seconds}초(기준 {limit}초 이하){off_ko}"
    en = f"{statement.line.where} sets {name} to {seconds} seconds{off_en}; wanted: {limit} or less."
    return check(ko, en, statement.fact)


def _autologout(statements: tuple[Statement, ...], params: Timeout) -> Check:
    found = [
        (m[1], s) for s in statements if (m := re.search(r"\bset\s+autologout\s*=\s*\(?\s*(\d+)", s.text))
    ]
    if not found:
        ko, en = (
            "csh 사용 계정이 있으나 autologout 설정되어 있지 않음",
            "An account uses csh, and autologout is not set.",
        )
        return vulnerable(ko, en, Fact("/etc/csh.login", "autologout unset"))
    minutes, statement = found[-1]
    return _timeout_check("autologout", statement, str((whole_number(minutes) or 0) * 60), params.seconds)
