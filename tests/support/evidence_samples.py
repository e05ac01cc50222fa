"""Evidence in a few lines, so that a test shows only what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.benchmarks import load
from cce.evidence.model import (
    Account,
    Evidence,
    FileStat,
    Group,
    Hit,
    Line,
    Output,
    Package,
    Shadow,
    Unit,
    Walk,
)
from cce.judge import judge_item
from cce.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cce.verdict import Check, ItemVerdict

NAMES = {0: "root", 1: "daemon", 2: "bin", 3: "sys", 42: "shadow", 1000: "minji", 1001: "jiho"}
COMMANDS = (
    "sshd -T", "nft list ruleset", "iptables -S", "ip6tables -S", "firewall-cmd --list-all-zones",
    "ufw status", "ss -lntu", "root PATH", "root umask", "getent unowned",
)  # fmt: skip
TABLES = ("/etc/passwd", "/etc/shadow", "/etc/group")


class Absent(dict[tuple[str, str], str]):
    """Statuses of a server that has nothing but what the test names."""

    def get(self, key: tuple[str, str], default: str | None = None) -> str:  # type: ignore[override]
        """``absent`` for what is not named; commands are skipped as in a root directory."""
        if key in self:
            return self[key]
        return "skipped" if key[0] == "command" else "absent" if key[0] != "table" else default or ""


def text(path: str, content: str, comment: str = "#") -> tuple[Line, ...]:
    """The significant lines of a file, numbered as in it."""
    rows = enumerate(content.splitlines(), 1)
    return tuple(
        Line(path, n, row.strip()) for n, row in rows if row.strip() and not row.lstrip().startswith(comment)
    )


def evidence(  # noqa: PLR0913 - each argument is one kind of record
    *,
    files: Mapping[str, tuple[int, int] | tuple[int, int, str] | tuple[int, int, str, int]] | None = None,
    texts: Mapping[str, str] | None = None,
    commands: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    packages: Mapping[str, str] | None = None,
    passwd: str = "root:0:/root:/bin/bash",  # noqa: S107 - a line of the table
    shadow: str = "root set 90 1",
    group: str = "root:0:",
    walks: Mapping[str, tuple[str, int, list[tuple[int, int, str]]]] | None = None,
    unread: Mapping[tuple[str, str], str] | None = None,
    meta: Mapping[str, str] | None = None,
) -> Evidence:
    """Evidence of a server.

    Parameters
    ----------
    files
        Path to (mode, uid), (mode, uid, kind) or (mode, uid, kind, time of change); the group has the same
        number.
    texts
        Path to content; directories are made from the paths.
    commands
        Name to output; those not named were skipped.
    units
        Name to ``enabled active``; those not named are absent.
    packages
        Name to version, as of dpkg; those not named are not installed.
    passwd, shadow, group
        Lines ``name:uid:home:shell[:password[;scheme][:gid]]``, ``name state max min [scheme]`` (``-`` for
        empty), ``name:gid:members``.
    walks
        Kind to (status, total, hits as (mode, uid, path)); a path that ends in ``/`` is a directory.
    unread
        (kind of record, key) to the status that it has instead of ``ok``.
    """
    texts, commands = texts or {}, commands or {}
    paths = sorted({*texts, *(files or {})})
    directories = {
        folder: tuple(p for p in paths if p.rpartition("/")[0] == folder)
        for folder in {p.rpartition("/")[0] for p in paths}
    }
    statuses = Absent()
    statuses |= {("file", path): "ok" for path in files or {}}
    statuses |= {("text", path): "ok" for path in texts}
    statuses |= {("command", name): "ok" for name in commands}
    statuses |= {("dir", path): "ok" for path in directories}
    statuses |= {("table", path): "ok" for path in TABLES}
    statuses["packages", "packages"] = "ok"
    statuses |= unread or {}
    return Evidence(
        schema=1,
        probe_version="1.0.0",
        meta=meta or {},
        statuses=statuses,
        stats={path: _stat(path, *row) for path, row in (files or {}).items()},
        texts={path: text(path, content) for path, content in texts.items()},
        outputs={n: Output(n, 0, text(n, out, comment="\0")) for n, out in commands.items()},
        walks={
            kind: Walk(kind, status, total, tuple(_hit(*row) for row in hits))
            for kind, (status, total, hits) in (walks or {}).items()
        },
        directories=directories,
        packages={n: Package(n, version, "dpkg") for n, version in (packages or {}).items()},
        units=_Units({name: _unit(name, *state.split()) for name, state in (units or {}).items()}),
        account_rows=tuple(_account(n, *row.split(":")) for n, row in enumerate(passwd.split(), 1)),
        shadow_rows=tuple(_shadow(n, *row.split()) for n, row in enumerate(shadow.splitlines(), 1)),
        group_rows=tuple(_group(n, *row.split(":")) for n, row in enumerate(group.split(), 1)),
    )


class _Units(dict[str, Unit]):
    def __contains__(self, _: object) -> bool:
        return True

    def __missing__(self, name: str) -> Unit:
        return Unit(name, "absent", "inactive", "systemctl")


def _unit(name: str, state: str, active: str, *programs: str) -> Unit:
    return Unit(name, state, active, "systemctl", programs)


def _stat(path: str, mode: int, uid: int, kind: str = "f", changed: int | None = None) -> FileStat:
    name = NAMES.get(uid, str(uid))
    return FileStat(path, kind, mode, uid, uid, name, name, 1, changed)


def _hit(mode: int, uid: int, path: str) -> Hit:
    return Hit("d" if path.endswith("/") else "f", mode, uid, uid, path.rstrip("/") or "/")


def _account(line: int, name: str, uid: str, home: str, shell: str, *rest: str) -> Account:
    password, gid = (*rest, *("x", uid)[len(rest) :])
    state, _, scheme = password.partition(";")
    return Account(line, name, int(uid), int(gid), home, shell, state, scheme)


def _shadow(line: int, name: str, state: str, maximum: str, *rest: str) -> Shadow:
    minimum, scheme = (*rest, "6")[:2]
    low, high = (None if v == "-" else int(v) for v in (minimum, maximum))
    return Shadow(line, name, state, scheme, 20000, low, high)


def _group(line: int, name: str, gid: str, members: str = "") -> Group:
    return Group(line, name, int(gid), tuple(m for m in members.split(",") if m))


def verdict(item: str, server: Evidence, benchmark: str = "kisa-2021") -> ItemVerdict:
    """The verdict of one item."""
    return judge_item(server, next(i for i in load(benchmark).items if i.id == item))


def checks(rule_id: str, server: Evidence, **params: object) -> list[Check]:
    """The checks of a rule with other parameters than the benchmark's."""
    rule = get_rule(rule_id)
    return list(rule.function(server, rule.params(params)))


def said(got: ItemVerdict) -> str:
    """Everything that the deciding facts say."""
    return "\n".join(f"{fact.source} {fact.value}" for fact in got.facts)
