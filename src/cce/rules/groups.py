"""Groups of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from cce.evidence.views.people import account_fact
from cce.rules.common import listed
from cce.rules.registry import Params, check_of, good, rule, vulnerable
from cce.verdict import Check, Fact, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Account, Evidence, Group


def _group_fact(group: Group) -> Fact:
    return Fact(
        f"/etc/group:{group.line}", f"{group.name} gid={group.gid} members={','.join(group.members) or '-'}"
    )


class AdminGroups(Params):
    """Groups that may have no member but root, and groups whose members a person must confirm."""

    empty: tuple[str, ...] = ("root",)
    confirm: tuple[str, ...] = ("wheel", "sudo", "adm", "admin")
    members: Literal["good", "review"] = "good"


@rule("unix.admin-groups", AdminGroups)
def admin_groups(evidence: Evidence, params: AdminGroups) -> Iterator[Check]:
    """The members of the administrators' groups, those by primary group included.

    The guide's criterion is about the group root, by whatever name: nobody needs to be in it. Who belongs
    in wheel or sudo is the organisation's decision; they are listed, and asked about if ``members`` says
    ``review``.
    """
    groups = {g.name: g for g in evidence.groups}
    # Of a name or a gid that stands twice, every line gives its members the rights.
    for group in evidence.groups:
        if group.name in params.empty or group.gid == 0:
            yield _no_member(group, [a for a in evidence.accounts if a.gid == group.gid and a.uid != 0])
    for name in params.confirm:
        known = groups.get(name)
        members = [m for m in known.members if m != "root"] if known else []
        if known and members:
            shown = listed(members)
            ko, en = f"{name} 그룹 구성원: {shown.ko}", f"Members of the group {name}: {shown.en}."
            yield check_of(Verdict(params.members), ko, en, _group_fact(known))
    if not any(name in groups for name in params.empty):
        yield vulnerable(
            "root 그룹이 정의되어 있지 않음", "The group root does not exist.", Fact("/etc/group", "no root")
        )


def _no_member(group: Group, primary: list[Account]) -> Check:
    names = listed([*(m for m in group.members if m != "root"), *(a.name for a in primary)])
    facts = _group_fact(group), *map(account_fact, primary)
    if names.ko:
        ko = f"관리자 그룹 {group.name}에 등록된 계정: {names.ko}"
        return vulnerable(ko, f"The group {group.name} has members: {names.en}.", *facts)
    ko, en = (
        f"관리자 그룹 {group.name}에 root 외 구성원 없음",
        f"The group {group.name} has no member but root.",
    )
    return good(ko, en, *facts)


class OrphanGroups(Params):
    """The first gid that belongs to people's groups; 500 on old systems."""

    first_gid: int = 1000
    ignored: tuple[str, ...] = ("nogroup", "nfsnobody")


@rule("unix.orphan-groups", OrphanGroups)
def orphan_groups(evidence: Evidence, params: OrphanGroups) -> Iterator[Check]:
    """No ordinary group is without accounts. Groups of the system below ``first_gid`` belong to packages."""
    primary, names = {a.gid for a in evidence.accounts}, {a.name for a in evidence.accounts}
    orphans = [
        group
        for group in evidence.groups
        if group.gid >= params.first_gid and group.name not in params.ignored
        if group.gid not in primary and not names.intersection(group.members)
    ]
    if orphans:
        shown = listed(g.name for g in orphans)
        ko = f"소속 계정이 없는 그룹: {shown.ko}"
        yield vulnerable(ko, f"No account belongs to these groups: {shown.en}.", *map(_group_fact, orphans))
    else:
        ko, en = (
            f"GID {params.first_gid} 이상 그룹에 모두 소속 계정이 있음",
            "Every ordinary group has an account.",
        )
        yield good(ko, en, Fact("/etc/group", f"{len(evidence.groups)} groups"))
