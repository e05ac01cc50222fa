"""Password policy: complexity, length, age."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from cce.evidence.views.quality import SERVICES, password_stacks
from cce.evidence.views.settings import login_defs, whole_number
from cce.rules.common import AtLeast, AtMost, listed
from cce.rules.registry import Params, good, rule, vulnerable
from cce.text import with_particle
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cce.evidence.model import Evidence, Shadow
    from cce.evidence.views.quality import PasswordStack, Quality
    from cce.verdict import Check


class Complexity(Params):
    """Combinations of character classes (of four) and length, one of which must be enforced.

    The guide's footnote: three classes with 8 characters, or two with 10. ``for_root`` says whether
    root's own passwords must be bound too; the 2021 edition does not ask for it.
    """

    alternatives: tuple[tuple[int, int], ...] = ((3, 8), (2, 10))
    for_root: bool = False


@rule("unix.password-complexity", Complexity)
def password_complexity(evidence: Evidence, params: Complexity) -> Iterator[Check]:
    """Each stack that changes passwords enforces complexity before pam_unix takes the password."""
    stacks = [s for s in password_stacks(evidence) if s.unix is not None]
    for stack in stacks:
        if stack.quality is None:
            yield _no_module(stack)
        else:
            yield _complexity(stack.quality, params)
    if not stacks:
        names = ", ".join(f"/etc/pam.d/{s}" for s in SERVICES)
        ko, en = "PAM 패스워드 정책이 설정되어 있지 않음", "PAM has no password stack with pam_unix."
        yield vulnerable(ko, en, Fact(names, "no pam_unix"))


def _no_module(stack: PasswordStack) -> Check:
    where = f"/etc/pam.d/{stack.service}"
    ko = f"{where}: pam_unix 앞에 패스워드 복잡성 모듈(pam_pwquality, pam_cracklib)이 적용되어 있지 않음"
    en = f"{where} asks no pam_pwquality or pam_cracklib before pam_unix."
    facts = (stack.unix.fact,) if stack.unix else ()
    return vulnerable(ko, en, *facts)


def _complexity(quality: Quality, params: Complexity) -> Check:
    met = any(quality.classes >= c and quality.length >= n for c, n in params.alternatives)
    wanted_ko = " 또는 ".join(f"{c}종류 이상 {n}자 이상" for c, n in params.alternatives)
    wanted_en = " or ".join(f"{c} classes with {n} characters" for c, n in params.alternatives)
    read_ko = f"{quality.module.line.where}: 필수 문자 종류 {quality.classes}, 최소 길이 {quality.length}"
    read_en = (
        f"{quality.module.line.where} requires {quality.classes} classes and {quality.length} characters"
    )
    wrong_ko, wrong_en = _unenforced(quality, params)
    if met and not wrong_ko:
        return good(f"{read_ko}, 기준({wanted_ko}) 충족", f"{read_en}; wanted: {wanted_en}.", *quality.facts)
    if not met:
        wrong_ko, wrong_en = f"기준({wanted_ko}) 미충족", f"less than {wanted_en}"
    return vulnerable(f"{read_ko}, {wrong_ko}", f"{read_en}: {wrong_en}.", *quality.facts)


def _unenforced(quality: Quality, params: Complexity) -> tuple[str, str]:
    if not quality.enforced:
        return (
            "위반 시 거부되지 않음(enforcing=0 또는 control optional)",
            "it only warns (enforcing=0 or optional)",
        )
    if params.for_root and not quality.for_root:
        return "root 계정에 적용되지 않음(enforce_for_root 없음)", "root is not bound (no enforce_for_root)"
    return "", ""


class MinLength(Params):
    """The least length."""

    length: AtLeast = 8


@rule("unix.password-min-length", MinLength)
def password_min_length(evidence: Evidence, params: MinLength) -> Iterator[Check]:
    """The shortest password that the system accepts.

    An active quality module decides, or ``minlen`` of pam_unix, since PAM ignores ``login.defs``. Only for
    a stack without either does ``PASS_MIN_LEN``, the guide's own step, stand for the policy. All are shown.
    """
    stacks = password_stacks(evidence)
    setting = login_defs(evidence).get("PASS_MIN_LEN")
    shown = setting.fact if setting else Fact("/etc/login.defs", "PASS_MIN_LEN unset")
    enforced = [found for stack in stacks if (found := _enforced_length(stack)) is not None]
    for length, facts in enforced:
        where = facts[0].source
        ko, en = f"{where}: 유효 최소 길이 {length}자", f"{where} accepts passwords of {length} characters"
        wanted_ko, wanted_en = f"기준 {params.length}자 이상", f"wanted: {params.length} or more."
        check = good if length >= params.length else vulnerable
        yield check(f"{ko}({wanted_ko})", f"{en}; {wanted_en}", *facts, shown)
    if enforced and len(enforced) == sum(1 for s in stacks if s.unix is not None or s.quality is not None):
        return
    number = setting.number if setting else None
    if number is not None and number >= params.length:
        ko = (
            f"PASS_MIN_LEN {with_particle(str(number), '으로/로')} 설정됨"
            "(PAM은 이 값을 사용하지 않으며, 적용된 복잡성 모듈 없음)"
        )
        en = f"PASS_MIN_LEN is {number}. PAM ignores it, and no quality module is active."
        yield good(ko, en, shown)
    else:
        ko = f"패스워드 최소 길이 {params.length}자 이상이 설정되어 있지 않음"
        en = f"Neither PASS_MIN_LEN nor an active quality module sets {params.length} characters or more."
        yield vulnerable(ko, en, shown)


def _enforced_length(stack: PasswordStack) -> tuple[int, tuple[Fact, ...]] | None:
    """The least length that PAM refuses to go below; ``None`` where nothing in the stack was told one."""
    if stack.quality is not None and stack.quality.enforced:
        return stack.quality.length, stack.quality.facts
    length = whole_number(stack.unix.option("minlen") or "") if stack.unix is not None else None
    return None if stack.unix is None or length is None else (length, (stack.unix.fact,))


class Age(Params):
    """The limit in days, and whether each login account's own value counts beside the default."""

    days: int
    accounts: Literal["judge", "ignore"] = "judge"


class MaxAge(Age):
    """The longest age."""

    days: AtMost = 90


class MinAge(Age):
    """The shortest age."""

    days: AtLeast = 1


@rule("unix.password-max-age", MaxAge)
def password_max_age(evidence: Evidence, params: MaxAge) -> Iterator[Check]:
    """Passwords expire: the default for new accounts, and each password in use."""
    yield _default_age(evidence, "PASS_MAX_DAYS", lambda days: 0 < days <= params.days, f"1~{params.days}일")
    if params.accounts == "judge":
        yield from _account_ages(
            evidence,
            "max",
            lambda s: s.maximum,
            lambda days: 0 <= days <= params.days,
            f"{params.days}일 이하",
        )


@rule("unix.password-min-age", MinAge)
def password_min_age(evidence: Evidence, params: MinAge) -> Iterator[Check]:
    """Passwords are kept a while: the default for new accounts, and each password in use."""
    yield _default_age(evidence, "PASS_MIN_DAYS", lambda days: days >= params.days, f"{params.days}일 이상")
    if params.accounts == "judge":
        yield from _account_ages(
            evidence, "min", lambda s: s.minimum, lambda days: days >= params.days, f"{params.days}일 이상"
        )


def _default_age(evidence: Evidence, name: str, fits: Callable[[int], bool], wanted: str) -> Check:
    setting = login_defs(evidence).get(name)
    if setting is None:
        ko, en = f"{with_particle(name, '이/가')} 설정되어 있지 않음(기준 {wanted})", f"{name} is not set."
        return vulnerable(ko, en, Fact("/etc/login.defs", f"{name} unset"))
    check = good if setting.number is not None and fits(setting.number) else vulnerable
    ko = f"{setting.line.where}: {name} {setting.value}(기준 {wanted})"
    return check(ko, f"{setting.line.where} sets {name} {setting.value}.", setting.fact)


def _account_ages(
    evidence: Evidence,
    field: str,
    value: Callable[[Shadow], int | None],
    fits: Callable[[int], bool],
    wanted: str,
) -> Iterator[Check]:
    """One check over every account that can log in with a password; an empty field means no limit."""
    rows = [row for row in evidence.shadow or () if row.state in {"set", "empty"}]
    bad = [row for row in rows if (days := value(row)) is None or not fits(days)]
    names, what = listed(row.name for row in bad), {"max": "최대", "min": "최소"}[field]
    facts = (
        Fact(f"/etc/shadow:{row.line}", f"{row.name} {field}={_shown(value(row))}") for row in bad or rows
    )
    if bad:
        ko = f"계정별 패스워드 {what} 사용기간이 기준({wanted})에 맞지 않음: {names.ko}"
        yield vulnerable(
            ko, f"The {field}imum password age of these accounts does not fit: {names.en}.", *facts
        )
    elif rows:
        ko = f"패스워드를 사용하는 모든 계정의 {what} 사용기간이 기준({wanted})에 맞음"
        yield good(ko, f"The {field}imum password age of every account with a password fits.", *facts)


def _shown(days: int | None) -> str:
    return "-" if days is None else str(days)
