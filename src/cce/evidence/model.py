"""Evidence: the facts that a probe read on one server, with where each was read from.

Every accessor has three answers, and a rule cannot mix them up: the fact, ``None`` where the thing
does not exist on the server, and :class:`Unread` where it exists but could not be read, or was
never collected.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping


class Unread(Exception):  # noqa: N818 - it is the state of a fact, a rule's way out, not a failure
    """The evidence does not say: the fact was not collected or could not be read on the server.

    Parameters
    ----------
    source
        What was to be read: a path, a command, ``walk suid``.
    why
        Why it could not: ``denied``, ``timeout``, ``cut``, ``not collected`` …
    """

    def __init__(self, source: str, why: str) -> None:
        super().__init__(f"{source}: {why}")
        self.source = source
        self.why = why


@dataclass(frozen=True, slots=True)
class FileStat:
    """Owner, mode and type of one file (``stat``; symbolic links followed inside the root)."""

    path: str
    kind: str  # the letter of `find -printf %y`: f d c b p s
    mode: int  # permission bits, 0o0000 … 0o7777
    uid: int
    gid: int
    user: str  # name, or the number as text where passwd has none
    group: str
    size: int
    changed: int | None = None  # epoch seconds; collected only for logs and what package managers write

    @property
    def shown(self) -> str:
        """``root:root 0644``, as reports show it."""
        return f"{self.user}:{self.group} {self.mode:04o}"


@dataclass(frozen=True, slots=True)
class Line:
    """One significant line of a file or of a command's output, with its number from 1."""

    source: str  # the path, or the command
    number: int
    text: str

    @property
    def where(self) -> str:
        """``/etc/login.defs:12``."""
        return f"{self.source}:{self.number}"

    @property
    def fact(self) -> Fact:
        """The line as read, and where it stands."""
        return Fact(self.where, self.text)


@dataclass(frozen=True, slots=True)
class Output:
    """What a command printed."""

    name: str
    exit_status: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One file that the filesystem walk was looking for."""

    kind: str  # f d l …
    mode: int
    uid: int
    gid: int
    path: str

    @property
    def shown(self) -> str:
        """``4755 0:0``, as reports show it."""
        return f"{self.mode:04o} {self.uid}:{self.gid}"


@dataclass(frozen=True, slots=True)
class Walk:
    """The hits of one kind of the filesystem walk.

    ``hits`` holds the first ones, ``total`` counts all. ``status`` is ``ok``, ``cut`` (counted to
    the end, listed in part), or why the walk did not see everything (``timeout`` …).
    """

    kind: str
    status: str
    total: int
    hits: tuple[Hit, ...]

    def require_complete(self) -> None:
        """Raise :class:`Unread` unless every file system was walked to its end."""
        if self.status not in {"ok", "cut"}:
            raise Unread(f"walk {self.kind}", self.status)


@dataclass(frozen=True, slots=True)
class Account:
    """A line of ``/etc/passwd``; ``password`` is never a hash but its state.

    ``x`` (shadowed), ``empty``, ``locked`` (``*``, ``!``…) or ``hash`` (something else stands there), of
    which ``scheme`` is what it is of a :class:`Shadow`, or empty where an older probe did not say it.
    """

    line: int
    name: str
    uid: int
    gid: int
    home: str
    shell: str
    password: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Shadow:
    """A line of ``/etc/shadow`` reduced to what rules need. ``None``: the field is empty.

    ``state`` is ``set``, ``locked`` (``!`` before a hash), ``none`` (``*`` or ``!``: no password
    can match) or ``empty``; ``scheme`` is the crypt(5) prefix without hash or salt (``6``, ``y``,
    ``1``, ``des``).
    """

    line: int
    name: str
    state: str
    scheme: str
    last_change: int | None
    minimum: int | None
    maximum: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """A line of ``/etc/group``."""

    line: int
    name: str
    gid: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """State of a service manager's unit; ``state`` as ``systemctl is-enabled``, ``active`` as ``is-active``.

    ``active`` is ``unknown`` where nothing runs (a root directory). ``programs`` are the daemons that a unit
    starts whose name says nothing of them.
    """

    name: str
    state: str
    active: str
    read_by: str
    programs: tuple[str, ...] = ()

    @property
    def in_use(self) -> bool:
        """Whether it runs now or is started at boot."""
        return self.active == "active" or self.state == "enabled"

    @property
    def runs(self) -> bool:
        """Whether it runs; where nothing can be seen running, whether it is started at boot."""
        return self.active == "active" or (self.active == "unknown" and self.state == "enabled")

    @property
    def fact(self) -> Fact:
        """``unit ssh.service: enabled, active``."""
        return Fact(f"unit {self.name}", f"{self.state}, {self.active}")


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package of a program that items ask about; ``manager`` is ``dpkg`` or ``rpm``."""

    name: str
    version: str  # with the distribution's release: 1:9.18.28-1~deb12u2
    manager: str

    @property
    def fact(self) -> Fact:
        """``dpkg: bind9 1:9.18.28-1~deb12u2``."""
        return Fact(self.manager, f"{self.name} {self.version}")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong in the probe itself: in which section, and what."""

    section: str
    reason: str


@dataclass(frozen=True)
class Evidence:
    """Everything one probe run read on one server.

    Built by :func:`cce.evidence.records.parse`; the fields hold the records, the methods are how rules
    read them.
    """

    schema: int
    probe_version: str
    meta: Mapping[str, str]
    statuses: Mapping[tuple[str, str], str]  # (record kind, key) -> ok, absent, denied, cut …
    stats: Mapping[str, FileStat] = field(default_factory=dict)
    texts: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    outputs: Mapping[str, Output] = field(default_factory=dict)
    walks: Mapping[str, Walk] = field(default_factory=dict)
    directories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    packages: Mapping[str, Package] = field(default_factory=dict)
    account_rows: tuple[Account, ...] = ()
    shadow_rows: tuple[Shadow, ...] = ()
    group_rows: tuple[Group, ...] = ()
    problems: tuple[Problem, ...] = ()
    #: What views computed of it, by :func:`cce.evidence.views.once.once`.
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def collected_at(self) -> str:
        """When the probe finished on the server, ISO 8601 in UTC; empty if it does not say."""
        finished = self.meta.get("finished", "")
        if not finished.isdigit():
            return ""
        return f"{datetime.fromtimestamp(int(finished), UTC):%Y-%m-%dT%H:%M:%SZ}"

    def _exists(self, kind: str, key: str, *, readable: frozenset[str] = frozenset({"ok"})) -> bool:
        status = self.statuses.get((kind, key), "not collected")
        if status == "absent":
            return False
        if status not in readable:
            raise Unread(key, status)
        return True

    def file(self, path: str) -> FileStat | None:
        """Owner and mode of ``path``; ``None`` if there is no such file."""
        return self.stats[path] if self._exists("file", path) else None

    def lines(self, path: str) -> tuple[Line, ...] | None:
        """The significant lines of the file; ``None`` if there is no such file."""
        return self.texts.get(path, ()) if self._exists("text", path) else None

    def command(self, name: str) -> Output | None:
        """What the command printed; ``None`` if the server does not have it."""
        return self.outputs[name] if self._exists("command", name) else None

    def directory(self, path: str) -> tuple[str, ...] | None:
        """Full paths of the entries of a directory, sorted; ``None`` if there is no such directory."""
        return self.directories.get(path, ()) if self._exists("dir", path) else None

    def unit(self, name: str) -> Unit | None:
        """State of the unit; ``None`` if the server has no such unit."""
        if name not in self.units:
            raise Unread(f"unit {name}", "not collected")
        unit = self.units[name]
        if unit.state == "unknown":
            raise Unread(f"unit {name}", "unknown")
        return None if unit.state == "absent" else unit

    def package(self, name: str) -> Package | None:
        """The installed package; ``None`` if it is not installed."""
        return self.packages.get(name) if self._exists("packages", "packages") else None

    def walk(self, kind: str) -> Walk:
        """The hits of one kind of the filesystem walk: ``suid``, ``hidden``, ``start_script``."""
        if kind not in self.walks:
            raise Unread(f"walk {kind}", "not collected")
        return self.walks[kind]

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The accounts of ``/etc/passwd``."""
        self._require("/etc/passwd")
        return self.account_rows

    @property
    def shadow(self) -> tuple[Shadow, ...] | None:
        """The entries of ``/etc/shadow``; ``None`` if there is no such file."""
        return self.shadow_rows if self._exists("table", "/etc/shadow") else None

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups of ``/etc/group``."""
        self._require("/etc/group")
        return self.group_rows

    def _require(self, table: str) -> None:
        if not self._exists("table", table):
            raise Unread(table, "absent")
