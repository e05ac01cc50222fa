"""Locking an account after failed logins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from cce.evidence.model import Unread
from cce.evidence.views import pam, sshd
from cce.evidence.views.settings import faillock_conf, whole_number
from cce.rules.common import AtMost, guarded
from cce.rules.registry import Params, good, rule, vulnerable
from cce.rules.switches import Switch
from cce.text import Text
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.verdict import Check

#: Who checks passwords at a login, and the shared stacks they usually come from.
_SERVICES: Final = ("login", "sshd", "common-auth", "system-auth", "password-auth")
#: Debian keeps the two stacks in files of their own.
_ACCOUNT: Final = {"common-auth": "common-account"}
_FAILLOCK_DEFAULT: Final = 3
_FAILLOCK_CONF: Final = "/etc/security/faillock.conf"
Stack = tuple[pam.PamLine, ...]


_SWITCH: Final = Switch(
    "lockout_attempts",
    Text("계정 잠금 임계값(회)", "The most failed logins before an account is locked"),
)


class Lockout(Params):
    """The most failed attempts before an account is locked. In-house rules often say 5."""

    attempts: Annotated[AtMost, _SWITCH] = 10


@rule("unix.account-lockout", Lockout)
def account_lockout(evidence: Evidence, params: Lockout) -> Iterator[Check]:
    """Each way of logging in with a password locks the account after few enough failures."""
    seen: set[tuple[Stack, Stack]] = set()
    judged = False

    def check(service: str) -> Iterator[Check]:
        nonlocal judged
        auth = pam.stack(evidence, service, "auth") or ()
        if not any(m.module == "pam_unix" for m in auth):
            return
        account = pam.stack(evidence, _ACCOUNT.get(service, service), "account") or ()
        key = _relevant(auth), _relevant(account)
        if key not in seen:
            seen.add(key)
            yield _lock(evidence, service, auth, account, params)
        judged = True

    for result in guarded(_SERVICES, check):
        judged = True
        yield result
    yield from guarded((evidence,), _past_pam)
    if not judged:
        ko, en = (
            "PAM 인증에 계정 잠금 모듈이 설정되어 있지 않음",
            "No PAM service checks passwords with pam_unix.",
        )
        yield vulnerable(ko, en, Fact("/etc/pam.d", "no pam_unix in an auth stack"))


def _past_pam(evidence: Evidence) -> Iterator[Check]:
    """An sshd that checks passwords by itself: without ``UsePAM yes`` no module counts its failures."""
    if evidence.file("/usr/sbin/sshd") is None or not sshd.in_use(evidence):
        return
    use = sshd.setting(evidence, "usepam", "no")
    if use.value.lower() == "yes":
        return
    passwords = [d for d in sshd.directives(evidence, "passwordauthentication") if d.match]
    plain = sshd.setting(evidence, "passwordauthentication", "yes")
    rows = [(plain.value, plain.fact), *((d.value, d.fact) for d in passwords)]
    asked = [fact for value, fact in rows if value.lower() != "no"]
    if asked:
        ko = f"{use.fact.source}: sshd가 PAM을 사용하지 않아(UsePAM {use.value}) 계정 잠금이 적용되지 않음"
        en = f"{use.fact.source}: sshd asks no PAM module (UsePAM {use.value}), so nothing locks an account."
        yield vulnerable(ko, en, use.fact, *asked)


def _relevant(stack: Stack) -> Stack:
    return tuple(m for m in stack if m.module in {"pam_unix", "pam_faillock", "pam_tally2", "pam_tally"})


def _lock(evidence: Evidence, service: str, auth: Stack, account: Stack, params: Lockout) -> Check:
    unix = next(i for i, m in enumerate(auth) if m.module == "pam_unix")
    before, facts = auth[:unix], tuple(m.fact for m in _relevant(auth) if m.module != "pam_unix")
    where = f"/etc/pam.d/{service}"
    if any(m.module == "pam_faillock" for m in auth):
        missing = _faillock_gaps(auth, before, account)
        if missing:
            ko = f"{where}: pam_faillock 구성이 불완전하여 잠금이 적용되지 않음({', '.join(missing)} 없음)"
            return vulnerable(ko, f"{where} uses pam_faillock without {', '.join(missing)}.", *facts)
        deny, source = _faillock_deny(evidence, auth, before)
        return _threshold(where, "pam_faillock", deny, params, (*facts, source))
    tally = next((m for m in before if m.module in {"pam_tally2", "pam_tally"} and m.denies), None)
    if tally is not None:
        deny = whole_number(tally.option("deny") or "0") or 0
        return _threshold(where, tally.module, deny, params, facts)
    ko = f"{where}: pam_unix 앞에 계정 잠금 모듈(pam_faillock, pam_tally2)이 적용되어 있지 않음"
    return vulnerable(ko, f"{where} asks no lockout module before pam_unix.", *facts, auth[unix].fact)


def _faillock_gaps(auth: Stack, before: Stack, account: Stack) -> list[str]:
    """What pam_faillock lacks to count, to refuse, and to forget after a good login.

    A locked account is refused by ``preauth`` or by ``authsucc``; the count is cleared by ``authsucc`` or
    by the line in the account stack.
    """
    lines = [m for m in auth if m.module == "pam_faillock"]
    preauth = any(m.module == "pam_faillock" and "preauth" in m.arguments and m.denies for m in before)
    authfail = any("authfail" in m.arguments for m in _after_wrong_password(auth))
    authsucc = any("authsucc" in m.arguments for m in lines)
    clears = authsucc or any(m.module == "pam_faillock" for m in account)
    gaps = {"preauth": preauth or authsucc, "authfail": authfail, "account pam_faillock": clears}
    return [name for name, present in gaps.items() if not present]


def _after_wrong_password(auth: Stack) -> Iterator[pam.PamLine]:
    """The modules that are still asked when pam_unix refused a password."""
    at = next(i for i, m in enumerate(auth) if m.module == "pam_unix")
    for module in auth[at:]:
        yield module
        if module.module in {"pam_unix", "pam_deny"} and module.ends_by_failing:
            return


def _faillock_deny(evidence: Evidence, auth: Stack, before: Stack) -> tuple[int, Fact]:
    """The threshold of the line that refuses: an argument wins over the file, and the default is 3.

    That is ``preauth``, without one ``authsucc``; what ``authfail`` is told only says when it notes it.
    """
    lines = [m for m in before if m.module == "pam_faillock" and "preauth" in m.arguments and m.denies]
    lines = lines or [m for m in auth if m.module == "pam_faillock" and "authsucc" in m.arguments]
    for module in lines:
        if (conf := module.option("conf")) not in {None, _FAILLOCK_CONF}:
            raise Unread(f"{conf}", "not collected")
        if (text := module.option("deny")) is not None:
            return whole_number(text) or 0, module.fact
    setting = faillock_conf(evidence).get("deny")
    if setting is None:
        return _FAILLOCK_DEFAULT, Fact(_FAILLOCK_CONF, f"deny unset (default {_FAILLOCK_DEFAULT})")
    return setting.number or 0, setting.fact


def _threshold(where: str, module: str, deny: int, params: Lockout, facts: tuple[Fact, ...]) -> Check:
    wanted_ko, wanted_en = f"기준 1~{params.attempts}회", f"wanted: 1 to {params.attempts}."
    if deny <= 0:
        ko = f"{where}: {module} deny={deny}, 계정 잠금이 꺼져 있음({wanted_ko})"
        return vulnerable(ko, f"{where}: {module} never locks (deny={deny}); {wanted_en}", *facts)
    check = good if deny <= params.attempts else vulnerable
    ko = f"{where}: {module} 잠금 임계값 {deny}회({wanted_ko})"
    return check(ko, f"{where}: {module} locks after {deny} failures; {wanted_en}", *facts)
