"""Owner and mode of configuration files."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cce.evidence.model import Unread
from cce.evidence.views import services
from cce.rules.common import UNUSED_SERVICE, Mode, Unused, by_policy, guarded, not_in_use
from cce.rules.registry import Params, good, rule, vulnerable
from cce.rules.services import ServiceName  # noqa: TC001 - pydantic needs the type at run time
from cce.rules.switches import Looser, Switch
from cce.text import Text, with_particle
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, FileStat
    from cce.verdict import Check


_SHADOW_MODE: Final = Switch(
    "shadow_mode",
    Text("/etc/shadow의 허용 권한", "The loosest mode of /etc/shadow"),
    only=lambda params: "/etc/shadow" in params.paths,
)
#: Most of these items are about files that every server has.
_UNUSED: Final = replace(UNUSED_SERVICE, only=lambda params: params.service is not None)


class FilePermissions(Params):
    """Files that must belong to certain owners and have no mode bit beyond ``mode``.

    What ``mode`` gives to the group is only for one of ``groups``, if any are named.
    ``patterns`` are names in one directory (``/etc/xinetd.d/*``); of alternatives such as syslog's
    configuration files those that exist count. ``absent`` is for the case that none exists. With
    ``service`` the files count only while that service is in use; ``unused`` is for the case that it is not.
    """

    paths: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    owners: tuple[str, ...] = ("root",)
    groups: tuple[str, ...] = ()
    mode: Annotated[Mode, Looser.MORE_BITS, _SHADOW_MODE]
    absent: Literal["good", "not_applicable", "error"] = "error"
    service: ServiceName | None = None
    unused: Annotated[Unused, _UNUSED] = "good"


@rule("unix.file-permissions", FilePermissions)
def file_permissions(evidence: Evidence, params: FilePermissions) -> Iterator[Check]:
    """The owner and the mode of each file."""
    if params.service is not None and not services.uses(evidence, params.service):
        en = f"{params.service} is not in use."
        yield not_in_use(params.unused, f"{params.service} 서비스", en, params.service)
        return
    found = False

    def check(path: str) -> Iterator[Check]:
        nonlocal found
        stat = evidence.file(path)
        if stat is not None and (path in params.paths or stat.kind == "f"):
            found = True
            yield _owner_and_mode(stat, params)

    for result in guarded(params.paths, check):
        found = True
        yield result
    for result in guarded(params.patterns, lambda pattern: guarded(_matching(evidence, pattern), check)):
        found = True
        yield result
    if not found:
        yield _absent(params)


def _matching(evidence: Evidence, pattern: str) -> list[str]:
    """The entries that a pattern means; as in a shell it means none that begins with a dot."""
    directory, name = posixpath.split(pattern)
    names = ((e, posixpath.basename(e)) for e in evidence.directory(directory) or ())
    return [e for e, base in names if fnmatchcase(base, name) and (base[:1] != "." or name[:1] == ".")]


def _absent(params: FilePermissions) -> Check:
    names = ", ".join((*params.paths, *params.patterns))
    if params.absent == "error":
        raise Unread(names, "absent")
    ko, en = "해당 파일이 존재하지 않음", "None of the files exists."
    return by_policy(params.absent, ko, en, *(Fact(path, "absent") for path in params.paths))


def _owner_and_mode(stat: FileStat, params: FilePermissions) -> Check:
    owned = ("root" in params.owners and stat.uid == 0) or stat.user in params.owners
    excess = stat.mode & ~params.mode
    shared = stat.mode & params.mode & 0o070
    strange = bool(shared and params.groups and stat.group not in params.groups)
    owners, fact = "·".join(params.owners), Fact(stat.path, stat.shown)
    wanted_en = f"owner {' or '.join(params.owners)}, mode {params.mode:04o} or tighter"
    read = f"{stat.path} 소유자 {stat.user}, 권한 {stat.mode:04o}"
    if owned and not excess and not strange:
        ko = f"{read}: 기준(소유자 {owners}, 권한 {params.mode:04o} 이하) 충족"
        return good(ko, f"{stat.path} is {stat.shown}: {wanted_en}.", fact)
    wrong_ko = [] if owned else [f"소유자가 {with_particle(owners, '이/가')} 아님"]
    wrong_en = [] if owned else ["wrong owner"]
    if excess:
        wrong_ko.append(f"허용되지 않은 권한 비트 {excess:04o}")
        wrong_en.append(f"mode bits {excess:04o} are too many")
    if strange:
        groups = "·".join(params.groups)
        wrong_ko.append(f"그룹 권한 {shared:04o}은 {groups} 그룹에만 허용되나 그룹이 {stat.group}")
        wrong_en.append(f"mode bits {shared:04o} are for group {groups} only")
    ko = f"{read}: 기준(소유자 {owners}, 권한 {params.mode:04o} 이하) 미충족, {', '.join(wrong_ko)}"
    en = f"{stat.path} is {stat.shown}, {', '.join(wrong_en)}; wanted: {wanted_en}."
    return vulnerable(ko, en, fact)
