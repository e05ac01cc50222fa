"""Accounts as rules ask for them: who can log in, and where they live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.verdict import Fact

if TYPE_CHECKING:
    from cce.evidence.model import Account, Evidence

#: Programs that end at once: an account with one of these as its shell has no session.
NO_LOGIN: Final = frozenset({"nologin", "false", "true", "sync", "shutdown", "halt"})


def has_shell(account: Account) -> bool:
    """Whether the account gets a session when it logs in. An empty field means ``/bin/sh``."""
    return account.shell.rpartition("/")[2] not in NO_LOGIN


def login_accounts(evidence: Evidence) -> tuple[Account, ...]:
    """The accounts with a usable shell, root among them, whatever their password: ssh keys need none."""
    return tuple(a for a in evidence.accounts if has_shell(a))


def ordinary_accounts(evidence: Evidence) -> tuple[Account, ...]:
    """The accounts with a usable shell that are not the superuser."""
    return tuple(a for a in login_accounts(evidence) if a.uid != 0)


def uses_csh(evidence: Evidence) -> bool:
    """Whether some account's shell is a csh. Distributions bring csh's files along without one."""
    return any(a.shell.endswith("csh") for a in login_accounts(evidence))


def root_home(evidence: Evidence) -> str:
    """Root's home, without a slash at its end."""
    homes = [a.home for a in evidence.accounts if a.name == "root"]
    return (homes[0] if homes and homes[0] else "/root").rstrip("/")


def account_fact(account: Account) -> Fact:
    """The account's line without password and comment: ``minji uid=1000 gid=1000 home=… shell=…``."""
    shown = f"{account.name} uid={account.uid} gid={account.gid} home={account.home} shell={account.shell}"
    return Fact(f"/etc/passwd:{account.line}", shown)
