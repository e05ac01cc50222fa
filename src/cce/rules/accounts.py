"""Accounts of the tables."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, Literal

from cce.evidence.views.people import account_fact, has_shell, login_accounts
from cce.rules.common import listed
from cce.rules.registry import Params, good, review, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cce.evidence.model import Account, Evidence
    from cce.text import Text
    from cce.verdict import Check


def _facts(accounts: Iterable[Account]) -> tuple[Fact, ...]:
    return tuple(account_fact(a) for a in accounts)


def _names(accounts: Iterable[Account]) -> Text:
    return listed(a.name for a in accounts)


@rule("unix.shadow-passwords")
def shadow_passwords(evidence: Evidence, _: Params) -> Iterator[Check]:
    """No password stands in ``/etc/passwd``, and ``/etc/shadow`` exists.

    ``*`` and ``!`` are no passwords; an empty field is one that everybody knows.
    """
    bad = [a for a in evidence.accounts if a.password not in {"x", "locked"}]
    if bad:
        names = _names(bad)
        ko = f"/etc/passwd 패스워드 필드가 비어 있거나 값이 저장된 계정: {names.ko}"
        facts = (Fact(f"/etc/passwd:{a.line}", f"{a.name} password={a.password}") for a in bad)
        yield vulnerable(ko, f"/etc/passwd holds a password, or an empty one, of: {names.en}.", *facts)
    if evidence.shadow is None:
        ko, en = (
            "/etc/shadow 파일이 존재하지 않아 쉐도우 패스워드를 사용하지 않음",
            "/etc/shadow does not exist.",
        )
        yield vulnerable(ko, en, Fact("/etc/shadow", "absent"))
    elif not bad:
        ko, en = "쉐도우 패스워드를 사용함", "Shadow passwords are used."
        yield good(ko, en, Fact("/etc/passwd", f"{len(evidence.accounts)} accounts, no password"))


@rule("unix.uid-zero")
def uid_zero(evidence: Evidence, _: Params) -> Iterator[Check]:
    """Only root has uid 0."""
    zero = [a for a in evidence.accounts if a.uid == 0]
    others = [a for a in zero if a.name != "root"]
    if others:
        names = _names(others)
        ko, en = f"root 이외 UID 0 계정: {names.ko}", f"Accounts beside root have uid 0: {names.en}."
        yield vulnerable(ko, en, *_facts(others))
    else:
        yield good("root 이외 UID 0 계정 없음", "No account beside root has uid 0.", *_facts(zero))


@rule("unix.duplicate-uids")
def duplicate_uids(evidence: Evidence, _: Params) -> Iterator[Check]:
    """No two accounts share a uid."""
    by_uid: dict[int, list[Account]] = defaultdict(list)
    for account in evidence.accounts:
        by_uid[account.uid].append(account)
    shared = {uid: accounts for uid, accounts in by_uid.items() if len(accounts) > 1}
    for uid, accounts in shared.items():
        names = _names(accounts)
        yield vulnerable(
            f"UID {uid} 중복: {names.ko}", f"uid {uid} is shared by {names.en}.", *_facts(accounts)
        )
    if not shared:
        yield good(
            "동일한 UID를 사용하는 계정 없음",
            "No two accounts share a uid.",
            Fact("/etc/passwd", f"{len(by_uid)} uids"),
        )


class UnneededAccounts(Params):
    """Accounts that the guide names for removal, and others that distributions bring along.

    ``login_accounts`` says what the accounts of people come to when nothing else is found: their need is
    for a person to judge. ``good`` lists them with a good verdict, ``review`` asks every time.
    """

    remove: tuple[str, ...] = ("lp", "uucp", "nuucp")
    question: tuple[str, ...] = (
        "games",
        "sync",
        "shutdown",
        "halt",
        "ftp",
        "gopher",
        "news",
        "guest",
        "test",
    )
    login_accounts: Literal["good", "review"] = "good"


@rule("unix.unneeded-accounts", UnneededAccounts)
def unneeded_accounts(evidence: Evidence, params: UnneededAccounts) -> Iterator[Check]:
    """Accounts that nobody needs.

    The guide tells to delete lp, uucp and nuucp where printing and UUCP are not used: their existence is
    the violation, locked or not. The other default accounts are one only when someone can log in with
    them; otherwise a person says whether a program still needs them.
    """
    present = {a.name: a for a in evidence.accounts}
    bad = [present[n] for n in params.remove if n in present]
    others = [present[n] for n in params.question if n in present]
    bad += [a for a in others if has_shell(a)]
    asked = [a for a in others if not has_shell(a)]
    if bad:
        names = _names(bad)
        yield vulnerable(
            f"불필요한 기본 계정 존재: {names.ko}",
            f"Unneeded default accounts exist: {names.en}.",
            *_facts(bad),
        )
    if asked:
        names = _names(asked)
        ko = f"사용 여부 확인이 필요한 기본 계정: {names.ko}"
        yield review(
            ko, f"A person must say whether these default accounts are needed: {names.en}.", *_facts(asked)
        )
    people = [a for a in login_accounts(evidence) if a not in bad]
    names = _names(people)
    ko, en = (
        f"로그인 가능 계정 {len(people)}건: {names.ko}",
        f"{len(people)} accounts can log in: {names.en}.",
    )
    check = review if params.login_accounts == "review" else good
    yield check(ko, en, *_facts(people))


_GUIDE_NO_SHELL: Final = (
    "daemon", "bin", "sys", "adm", "listen", "nobody", "nobody4", "noaccess", "diag", "operator", "games",
    "gopher",
)  # fmt: skip


class ServiceShells(Params):
    """Accounts that need no login, and the shells that give none."""

    accounts: tuple[str, ...] = _GUIDE_NO_SHELL
    shells: tuple[str, ...] = (
        "/bin/false", "/usr/bin/false", "/sbin/nologin", "/usr/sbin/nologin", "/bin/nologin",
        "/usr/bin/nologin",
    )  # fmt: skip


@rule("unix.service-account-shells", ServiceShells)
def service_account_shells(evidence: Evidence, params: ServiceShells) -> Iterator[Check]:
    """Each account that needs no login has a shell that gives none."""
    present = [a for a in evidence.accounts if a.name in params.accounts]
    bad = [a for a in present if a.shell not in params.shells]
    if bad:
        names = _names(bad)
        ko = f"로그인이 불필요한 계정에 쉘 부여됨: {names.ko}"
        yield vulnerable(ko, f"Accounts that need no login have a shell: {names.en}.", *_facts(bad))
    else:
        ko, en = (
            "로그인이 불필요한 계정에 쉘이 부여되어 있지 않음",
            "Accounts that need no login have no shell.",
        )
        yield good(ko, en, *_facts(present))
