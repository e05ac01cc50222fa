"""The records of a probe, parsed into :class:`~cce.evidence.model.Evidence`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.errors import EvidenceError
from cce.evidence.escape import decode, unescape
from cce.evidence.frame import SCHEMA, unframe
from cce.evidence.model import (
    Account,
    Evidence,
    FileStat,
    Group,
    Hit,
    Line,
    Output,
    Package,
    Problem,
    Shadow,
    Unit,
    Walk,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_NUMBER: Final = 2**63
_STATUSES: Final = frozenset(
    {"ok", "absent", "denied", "error", "special", "cut", "timeout", "skipped", "failed"}
)


def read(stdout: str) -> Evidence:
    """The evidence that a probe printed.

    Raises
    ------
    EvidenceError
        When it is no evidence; see :func:`~cce.evidence.frame.unframe` and :func:`parse`.
    """
    return parse(unframe(stdout))


def parse(records: bytes) -> Evidence:
    """Parse the records of a document.

    Records of unknown kinds are ignored, so that a newer probe of the same schema can say more.

    Raises
    ------
    EvidenceError
        When the first or the last record is wrong, records are missing, or a field is invalid; the
        message names the record's number.
    """
    rows = decode(records).split("\n")
    if rows.pop() != "":
        raise EvidenceError("the last record of the evidence does not end; run the probe again")
    version = _first(rows)
    _last(rows)
    builder = _Builder()
    for number, row in enumerate(rows, 1):
        kind, *fields = row.split("\t")
        take = _TAKERS.get(kind)
        if take is None:
            continue
        try:
            take(builder, [unescape(field) for field in fields] if "\\" in row else fields)
        except (ValueError, EvidenceError) as error:
            why = error.message if isinstance(error, EvidenceError) else str(error)
            message = f"record {number} of the evidence ({kind}) is invalid: {why}"
            raise EvidenceError(message) from error
    return builder.build(version)


def _first(rows: list[str]) -> str:
    kind, *fields = rows[0].split("\t") if rows else [""]
    if kind != "cce" or len(fields) != 2:  # noqa: PLR2004 - schema and version
        raise EvidenceError("the first record of the evidence is not `cce`; it is damaged, or none")
    if fields[0] != str(SCHEMA):
        message = f"the evidence has schema version {fields[0][:20]!r}, this program reads {SCHEMA}"
        raise EvidenceError(message)
    return unescape(fields[1])


def _last(rows: list[str]) -> None:
    kind, *fields = rows[-1].split("\t")
    if kind != "end" or len(fields) != 1:
        raise EvidenceError("the last record of the evidence is not `end`: the probe did not finish")
    if fields[0] != str(len(rows) - 1):
        message = f"the evidence holds {len(rows) - 1} records, its last one says {fields[0][:20]!r}"
        raise EvidenceError(message)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) < _MAX_NUMBER):  # noqa: PLR2004
        message = f"{text[:30]!r} is no number"
        raise ValueError(message)
    return int(text)


def _optional(text: str) -> int | None:
    """A field of shadow: empty, or a number that may be -1."""
    if not text:
        return None
    return -_number(text[1:]) if text.startswith("-") else _number(text)


def _mode(text: str) -> int:
    if not (0 < len(text) <= 5 and set(text) <= set("01234567")):  # noqa: PLR2004 - "07777"
        message = f"{text[:30]!r} is no mode"
        raise ValueError(message)
    return int(text, 8) & 0o7777


def _status(text: str) -> str:
    if text not in _STATUSES:
        message = f"{text[:30]!r} is no status"
        raise ValueError(message)
    return text


class _Builder:
    """Collects records; one method for each kind."""

    def __init__(self) -> None:
        self.meta: dict[str, str] = {}
        self.statuses: dict[tuple[str, str], str] = {}
        self.stats: dict[str, tuple[str, str, int, int, int, int, int | None]] = {}
        self.texts: dict[str, list[Line]] = {}
        self.commands: dict[str, int] = {}
        self.outputs: dict[str, list[Line]] = {}
        self.walks: dict[str, tuple[str, int]] = {}
        self.hits: dict[str, list[Hit]] = {}
        self.directories: dict[str, tuple[str, ...]] = {}
        self.units: dict[str, Unit] = {}
        self.manager = ""
        self.packages: dict[str, str] = {}
        self.accounts: list[Account] = []
        self.shadow: list[Shadow] = []
        self.groups: list[Group] = []
        self.problems: list[Problem] = []

    def take_meta(self, fields: list[str]) -> None:
        key, value = fields
        self.meta[key] = value

    def take_file(self, fields: list[str]) -> None:
        path, status, *rest = fields
        self.statuses["file", path] = _status(status)
        if status == "ok":
            kind, mode, uid, gid, size, *time = rest
            (changed,) = map(_number, time) if time else (None,)
            self.stats[path] = (path, kind, _mode(mode), _number(uid), _number(gid), _number(size), changed)

    def take_dir(self, fields: list[str]) -> None:
        path, status, *names = fields
        self.statuses["dir", path] = _status(status)
        if status == "ok":
            top = path.rstrip("/")
            self.directories[path] = tuple(sorted(f"{top}/{name}" for name in names))

    def take_text(self, fields: list[str]) -> None:
        path, status = fields
        self.statuses["text", path] = _status(status)

    def take_line(self, fields: list[str]) -> None:
        path, number, text = fields
        self.texts.setdefault(path, []).append(Line(path, _number(number), text))

    def take_command(self, fields: list[str]) -> None:
        name, status, exit_status = fields
        self.statuses["command", name] = _status(status)
        self.commands[name] = _number(exit_status)

    def take_output(self, fields: list[str]) -> None:
        name, number, text = fields
        self.outputs.setdefault(name, []).append(Line(name, _number(number), text))

    def take_unit(self, fields: list[str]) -> None:
        *known, daemons = fields if len(fields) > 4 else (*fields, "")  # noqa: PLR2004 - without a daemon
        name, state, active, read_by = known
        self.units[name] = Unit(name, state, active, read_by, tuple(daemons.split(",")) if daemons else ())

    def take_package(self, fields: list[str]) -> None:
        name, version = fields
        self.packages[name] = version

    def take_packages(self, fields: list[str]) -> None:
        self.manager, status = fields
        self.statuses["packages", "packages"] = _status(status)

    def take_table(self, fields: list[str]) -> None:
        path, status = fields
        self.statuses["table", path] = _status(status)

    def take_account(self, fields: list[str]) -> None:
        line, name, uid, gid, home, shell, password = fields
        state, _, scheme = password.partition(":")
        row = Account(_number(line), name, _number(uid), _number(gid), home, shell, state, scheme)
        self.accounts.append(row)

    def take_shadow(self, fields: list[str]) -> None:
        line, name, state, scheme, changed, minimum, maximum = fields
        days = _optional(changed), _optional(minimum), _optional(maximum)
        self.shadow.append(Shadow(_number(line), name, state, scheme, *days))

    def take_group(self, fields: list[str]) -> None:
        line, name, gid, members = fields
        listed = tuple(filter(None, members.split(",")))
        self.groups.append(Group(_number(line), name, _number(gid), listed))

    def take_walk(self, fields: list[str]) -> None:
        kind, status, total = fields
        self.walks[kind] = (_status(status), _number(total))

    def take_hit(self, fields: list[str]) -> None:
        kind, letter, mode, uid, gid, *paths = fields
        if not paths:
            raise ValueError("not enough values")
        alike = letter, _mode(mode), _number(uid), _number(gid)
        self.hits.setdefault(kind, []).extend(Hit(*alike, path) for path in paths)

    def take_problem(self, fields: list[str]) -> None:
        section, reason = fields
        self.problems.append(Problem(section, reason))

    def build(self, version: str) -> Evidence:
        # The first entry of a number is its name, as the system resolves it.
        users = {row.uid: row.name for row in reversed(self.accounts)}
        groups = {row.gid: row.name for row in reversed(self.groups)}
        stats = {
            path: FileStat(path, kind, mode, u, g, users.get(u, str(u)), groups.get(g, str(g)), size, changed)
            for path, kind, mode, u, g, size, changed in self.stats.values()
        }
        return Evidence(
            schema=SCHEMA,
            probe_version=version,
            meta=self.meta,
            statuses=self.statuses,
            stats=stats,
            texts={path: tuple(lines) for path, lines in self.texts.items()},
            outputs={
                name: Output(name, status, tuple(self.outputs.get(name, ())))
                for name, status in self.commands.items()
            },
            walks={
                kind: Walk(kind, status, total, tuple(self.hits.get(kind, ())))
                for kind, (status, total) in self.walks.items()
            },
            directories=self.directories,
            units=self.units,
            packages={name: Package(name, version, self.manager) for name, version in self.packages.items()},
            account_rows=tuple(self.accounts),
            shadow_rows=tuple(self.shadow),
            group_rows=tuple(self.groups),
            problems=tuple(self.problems),
        )


_TAKERS: Final[dict[str, Callable[[_Builder, list[str]], None]]] = {
    name.removeprefix("take_"): method for name, method in vars(_Builder).items() if name.startswith("take_")
}
