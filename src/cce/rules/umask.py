"""The umask of sessions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cce.evidence.model import Unread
from cce.evidence.views import pam, shell
from cce.evidence.views.people import uses_csh
from cce.evidence.views.settings import login_defs
from cce.rules.common import Mode, guarded
from cce.rules.registry import Params, good, rule, vulnerable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.pam import PamLine
    from cce.evidence.views.settings import Setting
    from cce.evidence.views.shell import Statement
    from cce.verdict import Check, Fact


class Umask(Params):
    """The bits that a umask must take away."""

    mask: Mode = 0o022


@rule("unix.umask", Umask)
def umask(evidence: Evidence, params: Umask) -> Iterator[Check]:
    """The umask in effect takes away the wanted bits, bit by bit: 070 is not stricter than 022.

    Of several files the last one decides; all statements in it do, since they are branches. A statement
    of root's own files is judged beside the system's. Where nothing sets a umask, what root's shell
    really got decides.
    """
    live = shell.printed(evidence, "root umask")
    if live is not None:
        yield _umask_check(live.value, (live,), params)
    system = _last_file(_umasks(shell.system(evidence)))
    own = _last_file(_umasks(shell.of_root(evidence)))
    csh = _last_file(_umasks(shell.csh(evidence))) if uses_csh(evidence) else []
    statements = (*system, *own, *csh)
    yield from guarded(statements, lambda item: [_umask_check(item[0], (item[1].fact,), params)])
    setting, modules = login_defs(evidence).get("UMASK"), _pam_umasks(evidence)
    told = [row for module in modules if (row := _of_users(evidence, setting, module)) is not None]
    for value, facts in told:
        if not system or not _takes_away(value, params):
            yield _umask_check(value, facts, params)
    if told or system:
        return
    if setting is not None:
        yield _umask_check(setting.value, (setting.fact,), params)
    elif live is None:
        raise Unread("root umask", "set in no file that was read")


def _umasks(statements: tuple[Statement, ...]) -> list[tuple[str, Statement]]:
    found = (
        (re.search(r"(?:^|[\s{])umask\s+(?!-[pS]*\s*$)(?:-[pS]+\s+)*(?:--\s+)?([^\s)}]+)", s.text), s)
        for s in statements
    )
    return [(match[1].strip("\"'"), s) for match, s in found if match]


def _last_file(found: list[tuple[str, Statement]]) -> list[tuple[str, Statement]]:
    return [(value, s) for value, s in found if s.line.source == found[-1][1].line.source]


def _pam_umasks(evidence: Evidence) -> tuple[PamLine, ...]:
    """The lines that give a session its umask: by an argument, or from login.defs."""
    services = ("login", "sshd", "common-session", "system-auth", "password-auth", "postlogin")
    stacks = (pam.stack(evidence, service, "session") or () for service in services)
    return tuple(dict.fromkeys(m for stack in stacks for m in stack if m.module == "pam_umask"))


def _of_users(
    evidence: Evidence, setting: Setting | None, by_pam: PamLine
) -> tuple[str, tuple[Fact, ...]] | None:
    """What pam_umask gives a user with a group of their own: with user groups 022 becomes 002 (pam_umask(8)).

    Its argument wins over login.defs; ``None`` where neither names a umask.
    """
    value = by_pam.option("umask")
    if value is not None:
        facts: tuple[Fact, ...] = (by_pam.fact,)
    elif setting is not None:
        value, facts = setting.value, (setting.fact, by_pam.fact)
    else:
        return None
    groups, mask = _user_groups(evidence, by_pam), _mask(value)
    if groups is None or mask is None:
        return value, facts
    return f"{mask & ~0o070 | mask >> 3 & 0o070:03o}", (groups, *facts)


def _user_groups(evidence: Evidence, by_pam: PamLine) -> Fact | None:
    """What makes pam_umask give a user's own group the rights of the user; ``None`` when nothing does."""
    if "nousergroups" in by_pam.arguments:
        return None
    if "usergroups" in by_pam.arguments:
        return by_pam.fact
    enabled = login_defs(evidence).get("USERGROUPS_ENAB")
    # Ubuntu's pam_umask reads it there; Debian's and the others' do not.
    if enabled and enabled.value.lower() == "yes" and _is_ubuntu(evidence):
        return enabled.fact
    return None


def _is_ubuntu(evidence: Evidence) -> bool:
    return "ubuntu" in {evidence.meta.get("os.id"), *evidence.meta.get("os.id_like", "").split()}


def _mask(value: str) -> int | None:
    return int(value, 8) if re.fullmatch(r"[0-7]{1,4}", value) else None


def _takes_away(value: str, params: Umask) -> bool:
    mask = _mask(value)
    return mask is not None and mask & params.mask == params.mask


def _umask_check(value: str, facts: tuple[Fact, ...], params: Umask) -> Check:
    where = facts[0].source
    mask = _mask(value) if not re.match(r"[ugoa]*[=+-]", value) else _symbolic(value)
    if mask is None:
        raise Unread(where, f"umask {value} cannot be evaluated")
    wanted = f"{params.mask:03o}"
    if mask & params.mask == params.mask:
        ko = f"{where}: umask {value}(기준 {wanted} 이상으로 제한)"
        return good(ko, f"{where} sets umask {value}: it takes {wanted} away.", *facts)
    ko = f"{where}: umask {value}, 기준({wanted})보다 느슨함(허용된 비트 {params.mask & ~mask:03o})"
    en = f"{where} sets umask {value}: it leaves the bits {params.mask & ~mask:03o} of {wanted}."
    return vulnerable(ko, en, *facts)


def _symbolic(value: str) -> int | None:
    """``u=rwx,g=rx,o=`` as a mask; only the form with ``=`` says everything by itself."""
    mask = 0o777
    for part in value.split(","):
        match = re.fullmatch(r"([ugoa]*)=([rwx]*)", part)
        if match is None:
            return None
        bits = sum({"r": 4, "w": 2, "x": 1}[c] for c in set(match[2]))
        who = set(match[1].replace("a", "ugo") or "ugo")
        for letter, shift in (("u", 6), ("g", 3), ("o", 0)):
            if letter in who:
                mask = mask & ~(0o7 << shift) | ((0o7 & ~bits) << shift)
    return mask
