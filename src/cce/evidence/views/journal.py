"""systemd's journal: whether it runs, and whether it outlives a restart."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cce.evidence.views import selectors
from cce.evidence.views.settings import pairs
from cce.verdict import Fact

if TYPE_CHECKING:
    from cce.evidence.model import Evidence
    from cce.evidence.views.selectors import Messages
    from cce.evidence.views.settings import Setting

CONFIG: Final = "/etc/systemd/journald.conf"
UNIT: Final = "systemd-journald.service"
DIRECTORY: Final = "/var/log/journal"
#: A drop-in hides those of the same name in a directory further down.
_DROP_INS: Final = (
    "/etc/systemd/journald.conf.d",
    "/run/systemd/journald.conf.d",
    "/usr/lib/systemd/journald.conf.d",
)


@dataclass(frozen=True, slots=True)
class Journal:
    """``storage`` and ``level`` as set or journald's defaults; ``directory``: there is one that lasts."""

    running: bool
    storage: str
    directory: bool
    level: str
    facts: tuple[Fact, ...]

    @property
    def lasting(self) -> bool:
        """Whether it keeps messages over a restart."""
        return self.running and (
            self.storage == "persistent" or (self.storage not in {"volatile", "none"} and self.directory)
        )

    @property
    def kept(self) -> Messages:
        """The messages that it keeps over a restart."""
        return (selectors.selected(f"*.{self.level}") or {}) if self.lasting else {}


def settings(evidence: Evidence) -> dict[str, Setting]:
    """The settings in effect by their names in small letters: the drop-ins by name, over the main file."""
    drop_ins: dict[str, str] = {}
    for directory in reversed(_DROP_INS):
        for path in evidence.directory(directory) or ():
            if path.endswith(".conf"):
                drop_ins[posixpath.basename(path)] = path
    found = pairs(evidence.lines(CONFIG) or ())
    for _, path in sorted(drop_ins.items()):
        found |= pairs(evidence.lines(path) or ())
    return {name.lower(): setting for name, setting in found.items()}


def journal(evidence: Evidence) -> Journal:
    """The journal of the server."""
    unit = evidence.unit(UNIT)
    # It is started by systemd itself and enabled by nothing.
    running = unit is not None and unit.state != "masked" and unit.active in {"active", "unknown"}
    running = running and evidence.meta.get("init", "systemd") == "systemd"
    set_ = settings(evidence)
    storage, stat = set_.get("storage"), evidence.file(DIRECTORY)
    facts: tuple[Fact, ...] = (
        Fact(f"unit {UNIT}", "absent") if unit is None else unit.fact,
        storage.fact if storage else Fact(CONFIG, "Storage unset (default auto)"),
        Fact(DIRECTORY, "absent" if stat is None else stat.shown),
    )
    level = set_.get("maxlevelstore")
    if level is not None:
        facts += (level.fact,)
    return Journal(
        running,
        storage=(storage.value.lower() if storage else "") or "auto",
        directory=stat is not None and stat.kind == "d",
        level=_level(level.value if level else ""),
        facts=facts,
    )


def forwards(evidence: Evidence) -> bool:
    """Whether what programs log comes on to a syslog daemon's socket: not where journald was told not to."""
    told = settings(evidence).get("forwardtosyslog")
    off = told is not None and told.value.lower() in {"no", "n", "false", "f", "off", "0"}
    return evidence.meta.get("init", "systemd") != "systemd" or not off


def _level(value: str) -> str:
    """The name of a priority, also where it is written as a number; all is kept unless told otherwise."""
    names = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
    if len(value) == 1 and value in "01234567":
        return names[int(value)]
    return value.lower() if value.lower() in names else "debug"
