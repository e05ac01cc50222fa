"""What the walk over the file systems found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from cce.evidence.model import Unread
from cce.rules.accepted import Acceptance, accepted_check, split_accepted
from cce.rules.common import listed
from cce.rules.registry import Params, good, review, rule, vulnerable
from cce.rules.switches import Switch
from cce.text import Text
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cce.evidence.model import Evidence, Hit, Walk
    from cce.verdict import Check


def walk_facts(kind: str, hits: Iterable[Hit]) -> tuple[Fact, ...]:
    """One fact for each hit."""
    return tuple(Fact(f"walk {kind}", f"{hit.path} {hit.shown}") for hit in hits)


def require_listed(walk: Walk) -> None:
    """Raise Unread unless every hit was seen: what is not listed cannot be accepted."""
    walk.require_complete()
    if walk.total > len(walk.hits):
        raise Unread(f"walk {walk.kind}", f"cut: {len(walk.hits)} of {walk.total} listed")


def hit_names(hits: Iterable[Hit], total: int = 0) -> Text:
    """The first paths and how many of how many they are; ``total`` where the walk lists only a part."""
    return listed((hit.path for hit in hits), total)


def found(  # noqa: PLR0913, PLR0917 - a check and what it says in both languages
    check: Callable[..., Check], kind: str, hits: Sequence[Hit], ko: str, en: str, total: int = 0
) -> Iterator[Check]:
    """The check of the hits, if there are any: what is said of them, then their first names of how many."""
    if hits:
        names = hit_names(hits, total)
        yield check(f"{ko}: {names.ko}", f"{en}: {names.en}.", *walk_facts(kind, hits))


@rule("unix.unowned-files")
def unowned_files(evidence: Evidence, _: Params) -> Iterator[Check]:
    """No file or directory belongs to a uid or gid that no table knows."""
    walk = evidence.walk("unowned")
    if walk.hits:
        _know_names(evidence)
    ko = f"소유자 또는 그룹이 존재하지 않는 파일·디렉터리 {walk.total}건"
    en = f"{walk.total} files or directories have no owner or group"
    yield from found(vulnerable, walk.kind, walk.hits, ko, en, walk.total)
    require_listed(walk)
    if not walk.hits:
        ko, en = (
            "소유자가 없는 파일·디렉터리가 존재하지 않음",
            "Every file and directory has an owner and a group.",
        )
        yield good(ko, en, Fact("walk unowned", "0"))


def _know_names(evidence: Evidence) -> None:
    """Raise Unread where a name service might know the owners after all but did not answer.

    What it knows is left out by the probe. In a root directory the tables alone decide.
    """
    try:
        evidence.command("getent unowned")
    except Unread as unread:
        if unread.why != "skipped":
            raise


_WORLD_WRITABLE: Final = Switch(
    "accepted_world_writable",
    Text("사유가 있어 허용하는 world writable 파일", "World-writable files that are accepted with a reason"),
    adds=True,
)
_DEVICE_FILES: Final = Switch(
    "accepted_device_files",
    Text("사유가 있어 허용하는 /dev의 일반 파일", "Regular files in /dev that are accepted with a reason"),
    adds=True,
)


class WorldWritableFiles(Params):
    """Paths whose reason is known, and directories (all below them) where no reason can be."""

    accepted: Annotated[tuple[Acceptance, ...], _WORLD_WRITABLE] = ()
    system: tuple[str, ...] = ("/etc/", "/usr/", "/bin/", "/sbin/", "/lib/", "/lib64/", "/boot/", "/root/")


_FILES: Final = Text("world writable 파일", "World-writable files")


@rule("unix.world-writable-files", WorldWritableFiles)
def world_writable_files(evidence: Evidence, params: WorldWritableFiles) -> Iterator[Check]:
    """Files that everybody may write.

    The guide lets the owner give a reason, which only a person can hear: ``review``. For a program, or
    in the system's own directories, none can be: whoever writes it has what root or everybody runs or
    reads. Those are ``vulnerable``, and only an acceptance that names the very path is about them: a
    pattern accepts data, not what root's jobs run.
    """
    walk = evidence.walk("world_writable")

    def grave(hit: Hit) -> bool:
        return bool(hit.mode & 0o111) or below(hit.path, params.system)

    accepted, open_ = split_accepted(
        walk.hits, params.accepted, lambda hit, a: a.covers(hit.path) and (a.literal or not grave(hit))
    )
    bad = [h for h in open_ if grave(h)]
    asked = [h for h in open_ if h not in bad]
    ko = f"모든 사용자가 쓸 수 있는 시스템 파일 또는 실행파일 {len(bad)}건"
    en = "Everybody may write these programs or files of the system"
    yield from found(vulnerable, walk.kind, bad, ko, en)
    ko = f"world writable 파일 {len(asked)}건의 설정 이유 확인 필요"
    yield from found(review, walk.kind, asked, ko, "A person must give the reason for these")
    require_listed(walk)
    if accepted:
        yield accepted_check("walk world_writable", _FILES, accepted)
    if not walk.hits:
        yield good("world writable 파일 없음", "No file is world-writable.", Fact("walk world_writable", "0"))


class OpenDirectories(Params):
    """Directories whose reason is known, and where no reason can be; a final ``/`` means everything below."""

    accepted: tuple[str, ...] = ()
    system: tuple[str, ...] = WorldWritableFiles.model_fields["system"].default


@rule("unix.sticky-directories", OpenDirectories)
def sticky_directories(evidence: Evidence, params: OpenDirectories) -> Iterator[Check]:
    """In a directory that everybody may write, the sticky bit keeps them from each other's files.

    Without it, in the system's own directories there can be no reason: ``vulnerable``; elsewhere a person
    says who shares the directory.
    """
    walk = evidence.walk("open_directory")
    left = [h for h in walk.hits if not below(f"{h.path}/", params.accepted)]
    bad = [h for h in left if below(f"{h.path}/", params.system)]
    asked = [h for h in left if h not in bad]
    ko = f"sticky bit 없이 모든 사용자가 쓸 수 있는 시스템 디렉터리 {len(bad)}건"
    en = "Everybody may write these directories of the system, without the sticky bit"
    yield from found(vulnerable, walk.kind, bad, ko, en)
    ko = f"sticky bit 없이 모든 사용자가 쓸 수 있는 디렉터리 {len(asked)}건의 이유 확인 필요"
    en = "A person must say why everybody may write these without the sticky bit"
    yield from found(review, walk.kind, asked, ko, en)
    require_listed(walk)
    if not left:
        ko = "모든 사용자가 쓸 수 있는 디렉터리에 sticky bit가 설정되어 있음"
        en = "Every directory that everybody may write has the sticky bit."
        yield good(ko, en, Fact("walk open_directory", str(walk.total)))


def below(path: str, prefixes: tuple[str, ...]) -> bool:
    """Whether the path is one of ``prefixes``, or stands below one that ends in ``/``."""
    return any(path == p or (p.endswith("/") and path.startswith(p)) for p in prefixes)


class DeviceDirectory(Params):
    """Regular files below ``/dev`` that are accepted."""

    accepted: Annotated[tuple[Acceptance, ...], _DEVICE_FILES] = ()


@rule("unix.device-directory", DeviceDirectory)
def device_directory(evidence: Evidence, params: DeviceDirectory) -> Iterator[Check]:
    """No regular file stands in ``/dev``."""
    walk = evidence.walk("dev_file")
    accepted, bad = split_accepted(walk.hits, params.accepted, lambda hit, a: a.covers(hit.path))
    ko = f"/dev 디렉터리에 device가 아닌 일반 파일 {len(bad)}건"
    yield from found(vulnerable, walk.kind, bad, ko, "Regular files stand in /dev")
    require_listed(walk)
    if accepted:
        yield accepted_check("walk dev_file", Text("/dev의 일반 파일", "Regular files in /dev"), accepted)
    if not walk.hits:
        yield good(
            "/dev 디렉터리에 일반 파일 없음", "No regular file stands in /dev.", Fact("walk dev_file", "0")
        )
