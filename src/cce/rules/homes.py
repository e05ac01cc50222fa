"""Homes and the files in them that shells and programs run or trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.evidence.views.people import account_fact, login_accounts
from cce.rules.common import Mode, guarded
from cce.rules.registry import Params, good, rule, vulnerable
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Account, Evidence
    from cce.verdict import Check


class HomeFiles(Params):
    """Start and environment files in homes, and the mode bits that nobody but the owner may have."""

    names: tuple[str, ...] = (
        ".profile", ".kshrc", ".cshrc", ".tcshrc", ".bashrc", ".bash_profile", ".bash_login",
        ".login", ".exrc", ".netrc", ".zshrc", ".zprofile",
    )  # fmt: skip
    forbidden: Mode = 0o022


@rule("unix.home-environment-files", HomeFiles)
def home_environment_files(evidence: Evidence, params: HomeFiles) -> Iterator[Check]:
    """Each start file in the homes of accounts that can log in."""
    homes = _homes(evidence)
    paths = [(f"{home.rstrip('/')}/{name}", users) for home, users in homes.items() for name in params.names]
    found = list(guarded(paths, lambda item: _home_file(evidence, *item, params)))
    yield from found
    if not found:
        yield good(
            "로그인 계정의 홈 디렉터리에 점검 대상 환경파일이 없음",
            "No home of a login account holds an environment file.",
        )


def _homes(evidence: Evidence) -> dict[str, list[Account]]:
    homes: dict[str, list[Account]] = {}
    for account in login_accounts(evidence):
        if account.home:
            homes.setdefault(account.home, []).append(account)
    return homes


def _home_file(evidence: Evidence, path: str, users: list[Account], params: HomeFiles) -> Iterator[Check]:
    stat = evidence.file(path)
    if stat is None:
        return
    owned = stat.uid in {0, *(a.uid for a in users)}
    names, fact, excess = (
        "·".join(a.name for a in users),
        Fact(path, stat.shown),
        stat.mode & params.forbidden,
    )
    read = f"{path} 소유자 {stat.user}, 권한 {stat.mode:04o}"
    if owned and not excess:
        yield good(f"{read}: 기준 충족", f"{path} is {stat.shown}: nobody else may write it.", fact)
        return
    if not owned:
        ko, en = (
            f"{read}: 소유자가 root 또는 해당 계정({names})이 아님",
            "its owner is neither root nor the account",
        )
    else:
        ko, en = f"{read}: 소유자 외 쓰기 권한이 부여되어 있음", f"mode bits {excess:04o} let others write it"
    yield vulnerable(ko, f"{path} of {names} is {stat.shown}: {en}.", fact)


class HomeDirectories(Params):
    """The mode bits that a home must not have."""

    forbidden: Mode = 0o002


@rule("unix.home-directories", HomeDirectories)
def home_directories(evidence: Evidence, params: HomeDirectories) -> Iterator[Check]:
    """The owner and the mode of the home of each account that can log in.

    A home that does not exist is the business of ``unix.home-existence``.
    """
    found = list(guarded(_homes(evidence).items(), lambda item: _home(evidence, *item, params)))
    yield from found
    if not found:
        yield good(
            "존재하는 로그인 계정 홈 디렉터리가 없음", "No account that can log in has a home to check."
        )


def _home(evidence: Evidence, home: str, users: list[Account], params: HomeDirectories) -> Iterator[Check]:
    stat = evidence.file(home)
    if stat is None:
        return
    facts = Fact(home, stat.shown), *(account_fact(a) for a in users)
    names, read = "·".join(a.name for a in users), f"{home} 소유자 {stat.user}, 권한 {stat.mode:04o}"
    strangers = [a.name for a in users if a.uid != stat.uid]
    if strangers:
        ko = f"{read}: 소유자가 해당 계정({'·'.join(strangers)})이 아님"
        yield vulnerable(ko, f"{home} of {', '.join(strangers)} is {stat.shown}: owned by another.", *facts)
    if stat.mode & params.forbidden:
        ko = f"{read}: 타 사용자 쓰기 권한이 부여되어 있음(계정 {names})"
        yield vulnerable(ko, f"{home} of {names} is {stat.shown}: others may write it.", *facts)
    elif not strangers:
        yield good(f"{read}: 기준 충족", f"{home} of {names} is {stat.shown}.", *facts)


@rule("unix.home-existence")
def home_existence(evidence: Evidence, _: Params) -> Iterator[Check]:
    """Each account that can log in has a home of its own that is a directory."""
    yield from guarded(login_accounts(evidence), lambda account: _existing(evidence, account))


def _existing(evidence: Evidence, account: Account) -> Iterator[Check]:
    name, home, fact = account.name, account.home, account_fact(account)
    if not home or (not home.strip("/") and account.uid != 0):
        ko = f"계정 {name} 홈 디렉터리가 {home or '미지정'} 상태임"
        yield vulnerable(ko, f"The home of {name} is {home or 'not set'}.", fact)
        return
    stat = evidence.file(home)
    if stat is None:
        ko = f"계정 {name} 홈 디렉터리 {home} 존재하지 않음"
        yield vulnerable(ko, f"The home of {name}, {home}, does not exist.", fact, Fact(home, "absent"))
    elif stat.kind != "d":
        ko = f"계정 {name} 홈 {home}: 디렉터리가 아님"
        yield vulnerable(ko, f"The home of {name}, {home}, is no directory.", fact, Fact(home, stat.kind))
    else:
        yield good(f"계정 {name} 홈 디렉터리 {home} 존재함", f"The home of {name}, {home}, exists.", fact)
