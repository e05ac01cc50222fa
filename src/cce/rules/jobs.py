"""cron and at: who may use them, and who may change what they run."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from pydantic import Field

from cce.rules.common import Mode, Unused, by_policy, guarded, listed
from cce.rules.registry import Params, good, rule, vulnerable
from cce.text import with_particle
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, FileStat
    from cce.verdict import Check


@dataclass(frozen=True, slots=True)
class _Scheduler:
    """Where a scheduler keeps what; ``scripts`` are directories of programs, ``spools`` of users' files."""

    program: str
    lists: tuple[str, str]  # allow, deny
    files: tuple[str, ...] = ()
    directories: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    spools: tuple[str, ...] = ()


_SCHEDULERS: Final = {
    "cron": _Scheduler(
        "/usr/bin/crontab",
        ("/etc/cron.allow", "/etc/cron.deny"),
        files=("/etc/crontab",),
        directories=("/etc/cron.d",),
        scripts=tuple(f"/etc/cron.{every}" for every in ("hourly", "daily", "weekly", "monthly")),
        spools=("/var/spool/cron", "/var/spool/cron/crontabs"),
    ),
    "at": _Scheduler("/usr/bin/at", ("/etc/at.allow", "/etc/at.deny")),
}
#: Families with cronie: without either list only root may use crontab. Elsewhere everybody may.
_CRONIE: Final = frozenset({"rhel", "fedora", "centos", "amzn", "ol", "rocky", "almalinux", "suse", "sles"})


class JobSchedulers(Params):
    """The schedulers, who may use them, and the loosest modes.

    ``script_mode`` is for the programs in ``/etc/cron.daily`` and the like, which must be executable.
    """

    schedulers: tuple[Literal["cron", "at"], ...] = Field(min_length=1)
    users: tuple[str, ...] = ("root",)
    command_mode: Mode = 0o750
    file_mode: Mode = 0o640
    script_mode: Mode = 0o750
    unused: Unused = "good"


@rule("unix.job-schedulers", JobSchedulers)
def job_schedulers(evidence: Evidence, params: JobSchedulers) -> Iterator[Check]:
    """Only the named users may make jobs, and nobody else may read or change them."""
    yield from guarded(params.schedulers, lambda name: _scheduler(evidence, name, params))


def _scheduler(evidence: Evidence, name: str, params: JobSchedulers) -> Iterator[Check]:
    scheduler = _SCHEDULERS[name]
    command = evidence.file(scheduler.program)
    yield from guarded((*scheduler.lists, *scheduler.files), lambda p: _mode(evidence, p, params.file_mode))
    yield from guarded(scheduler.directories, lambda d: _entries(evidence, d, params.file_mode))
    yield from guarded(scheduler.scripts, lambda d: _entries(evidence, d, params.script_mode))
    yield from guarded(scheduler.spools, lambda d: _entries(evidence, d, params.file_mode, users=True))
    if command is None:
        ko, en = f"{name} 명령이 설치되어 있지 않음", f"{scheduler.program} is not installed."
        yield by_policy(params.unused, ko, en, Fact(scheduler.program, "absent"))
        return
    yield from _command(evidence, name, command, params)


def _entries(evidence: Evidence, directory: str, mode: int, *, users: bool = False) -> Iterator[Check]:
    """The files of a directory; those that begin with a dot are run by nobody."""
    for path in evidence.directory(directory) or ():
        if not posixpath.basename(path).startswith("."):
            yield from guarded((path,), lambda p: _mode(evidence, p, mode, users=users))


def _mode(evidence: Evidence, path: str, mode: int, *, users: bool = False) -> Iterator[Check]:
    stat = evidence.file(path)
    if stat is None or (stat.kind != "f" and users):
        return
    owners = ("root", posixpath.basename(path)) if users else ("root",)
    excess, fact = stat.mode & ~mode, Fact(path, stat.shown)
    if not excess and (stat.uid == 0 or stat.user in owners):
        yield good(f"{path} 소유자 {stat.user}, 권한 {stat.mode:04o}", f"{path} is {stat.shown}.", fact)
        return
    wanted = f"소유자 {'·'.join(owners)}, 권한 {mode:04o} 이하"
    ko = f"{path} 소유자 {stat.user}, 권한 {stat.mode:04o}: 기준({wanted}) 미충족"
    en = f"{path} is {stat.shown}; wanted: owner {' or '.join(owners)}, mode {mode:04o} or tighter."
    yield vulnerable(ko, en, fact)


def _command(evidence: Evidence, name: str, command: FileStat, params: JobSchedulers) -> Iterator[Check]:
    """Ordinary users may not run it, or the lists stop them."""
    fact = Fact(command.path, command.shown)
    if not command.mode & ~params.command_mode:
        what = with_particle(name, "을/를")
        ko = f"{command.path} 권한 {command.mode:04o}: 일반 사용자가 {what} 사용할 수 없음"
        yield good(ko, f"{command.path} is {command.shown}: ordinary users cannot run it.", fact)
        return
    allow, deny = (evidence.lines(path) for path in _SCHEDULERS[name].lists)
    allow_path, deny_path = _SCHEDULERS[name].lists
    if allow is not None:
        others = [line for line in allow if line.text.strip() not in params.users]
        if not others:
            ko = f"{allow_path}: 허용된 사용자({', '.join(params.users)})만 {name} 사용 가능"
            yield good(ko, f"{allow_path} lets nobody else use {name}.", fact, Fact(allow_path, "ok"))
            return
        names = listed(line.text.strip() for line in others)
        ko = f"{allow_path}: 일반 사용자({names.ko})의 {name} 사용이 허용됨"
        en = f"{allow_path} lets ordinary users use {name}: {names.en}."
        yield vulnerable(ko, en, fact, *(line.fact for line in others[:20]))
        return
    if deny is None and (name == "at" or _cronie(evidence)):
        ko = f"{allow_path}, {deny_path} 파일이 없어 root만 {name} 사용 가능"
        yield good(ko, f"Without either list only root may use {name}.", fact, Fact(deny_path, "absent"))
        return
    why = f"{command.path} 권한 {command.mode:04o}, {allow_path} 없음"
    ko = f"일반 사용자가 {with_particle(name, '을/를')} 사용할 수 있음({why})"
    en = f"Ordinary users may use {name}: {command.path} is {command.shown}, {allow_path} does not exist."
    refused = Fact(deny_path, "absent" if deny is None else f"{len(deny)} users refused, all others allowed")
    yield vulnerable(ko, en, fact, Fact(allow_path, "absent"), refused)


def _cronie(evidence: Evidence) -> bool:
    family = {evidence.meta.get("os.id", ""), *evidence.meta.get("os.id_like", "").split()}
    return bool(family & _CRONIE)
