"""How many old passwords the system refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views import pam
from cce.evidence.views.quality import SERVICES
from cce.evidence.views.settings import pairs, whole_number
from cce.rules.common import AtLeast, guarded
from cce.rules.registry import Params, good, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.verdict import Check

_CONF: Final = "/etc/security/pwhistory.conf"
_DEFAULT: Final = 10  # pam_pwhistory(8)
Stack = tuple[pam.PamLine, ...]


class History(Params):
    """How many of the last passwords must be refused at least."""

    remember: AtLeast = 4


@rule("unix.password-history", History)
def password_history(evidence: Evidence, params: History) -> Iterator[Check]:
    """Each stack that changes passwords refuses the last ones.

    By pam_pwhistory before pam_unix (argument, then ``pwhistory.conf``, then its default of 10), or by
    pam_unix itself, which remembers none unless told to.
    """
    seen: set[Stack] = set()
    judged = False

    def check(service: str) -> Iterator[Check]:
        nonlocal judged
        stack = pam.stack(evidence, service, "password") or ()
        relevant = tuple(m for m in stack if m.module in {"pam_unix", "pam_pwhistory"})
        if any(m.module == "pam_unix" for m in relevant) and relevant not in seen:
            seen.add(relevant)
            yield _remembered(evidence, service, relevant, params)
        judged = judged or bool(seen)

    for result in guarded(SERVICES, check):
        judged = True
        yield result
    if not judged:
        ko, en = "PAM 패스워드 정책이 설정되어 있지 않음", "PAM has no password stack with pam_unix."
        yield vulnerable(ko, en, Fact("/etc/pam.d", "no pam_unix in a password stack"))


def _remembered(evidence: Evidence, service: str, stack: Stack, params: History) -> Check:
    at_unix = next(i for i, m in enumerate(stack) if m.module == "pam_unix")
    found = [_of_pwhistory(evidence, m) for m in stack[:at_unix] if m.denies]
    if (text := stack[at_unix].option("remember")) is not None:
        found.append((whole_number(text) or 0, (stack[at_unix].fact,)))
    wanted_ko, wanted_en = f"기준 {params.remember}개 이상", f"wanted: {params.remember} or more"
    where = f"/etc/pam.d/{service}"
    if not found:
        ko = f"{where}: 최근 패스워드 기억(pam_pwhistory, remember) 설정이 적용되어 있지 않음({wanted_ko})"
        en = f"{where} refuses no old password before pam_unix ({wanted_en})."
        return vulnerable(ko, en, *(m.fact for m in stack))
    number, facts = max(found, key=lambda row: row[0])
    check = good if number >= params.remember else vulnerable
    ko = f"{where}: 최근 패스워드 {number}개 기억({wanted_ko})"
    return check(ko, f"{where} refuses the last {number} passwords ({wanted_en}).", *facts)


def _of_pwhistory(evidence: Evidence, module: pam.PamLine) -> tuple[int, tuple[Fact, ...]]:
    if (conf := module.option("conf")) not in {None, _CONF}:
        raise Unread(f"{conf}", "not collected")
    if (text := module.option("remember")) is not None:
        return whole_number(text) or 0, (module.fact,)
    setting = pairs(evidence.lines(_CONF) or ()).get("remember")
    if setting is None:
        return _DEFAULT, (module.fact, Fact(_CONF, f"remember unset (default {_DEFAULT})"))
    return setting.number or 0, (module.fact, setting.fact)
