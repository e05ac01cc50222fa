"""Samba's configuration as smbd reads it: sections, includes, copies, and the shares of users."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views import services
from cce.evidence.views.includes import Nested, is_hidden
from cce.evidence.views.once import once
from cce.evidence.views.settings import Setting
from cce.verdict import Fact

if TYPE_CHECKING:
    from cce.evidence.model import Evidence, Line

FILE: Final = "/etc/samba/smb.conf"
_USERSHARES: Final = "/var/lib/samba/usershares"
#: Other names of the same parameters, without blanks as all names here.
_SYNONYMS: Final = {"public": "guestok", "onlyguest": "guestonly", "directory": "path"}
_SPECIAL: Final = frozenset({"homes", "printers"})  # they need no path


@dataclass(slots=True)
class Section:
    """A share; what it does not set it has from ``[global]`` as that stood where the share began."""

    name: str
    settings: dict[str, Setting] = field(default_factory=dict)
    line: Line | None = None

    def is_on(self, name: str, *, default: bool) -> bool:
        """Whether a switch is on; what is no boolean changes nothing."""
        return _boolean(self.settings.get(name), default=default)

    def value(self, name: str) -> str:
        """The value; empty where it is not set."""
        found = self.settings.get(name)
        return found.value if found else ""

    @property
    def fact(self) -> Fact:
        """The line that begins it."""
        return self.line.fact if self.line else Fact(FILE, f"[{self.name}]")


@dataclass(frozen=True, slots=True)
class Samba:
    """The whole configuration."""

    globals: Section
    shares: tuple[Section, ...]


def _boolean(setting: Setting | None, *, default: bool) -> bool:
    word = setting.value.lower() if setting else ""
    return True if word in {"yes", "true", "1", "on"} else False if word in _NO else default


_NO: Final = frozenset({"no", "false", "0", "off"})


def uses(evidence: Evidence) -> list[Fact]:
    """What shows that Samba is in use: smbd, or the domain controller where the configuration makes it one.

    Debian enables the unit of the domain controller everywhere; it starts only where that is its role.
    """
    found = services.uses(evidence, "samba")
    if found:
        return found
    units = list(services.unit_uses(evidence, ("samba-ad-dc.service", "samba.service")))
    if units and "domain controller" in read(evidence).globals.value("serverrole").lower():
        return units
    return []


@once
def read(evidence: Evidence) -> Samba:
    """Read the configuration.

    Raises
    ------
    Unread
        When it, or something that it includes, was not read: also what depends on who connects (``%m``)
        and what stands in the registry.
    """
    reader = _Reader(evidence)
    if evidence.lines(FILE) is None:
        raise Unread(FILE, "absent")
    reader.read(FILE, ())
    if moved := reader.globals.value("configfile"):
        other = _Reader(evidence)
        other.read(_path(moved, reader.globals.settings["configfile"].line), ())
        reader = other
    registry = reader.globals.is_on("registryshares", default=False)
    if registry or reader.globals.value("configbackend").lower() == "registry":
        raise Unread("registry", "Samba's shares stand in its registry")
    return Samba(reader.globals, tuple(reader.shares.values()))


def _path(value: str, line: Line) -> str:
    if "%" in value or not value.startswith("/"):
        raise Unread(line.where, f"{value} depends on who connects, or on where Samba was started")
    return value


class _Reader:
    """Reads file by file into sections, as smbd does: the last of a name counts."""

    def __init__(self, evidence: Evidence) -> None:
        self.globals = Section("global")
        self.shares: dict[str, Section] = {}
        self.section = self.globals
        self.files = Nested(evidence)

    def read(self, path: str, above: tuple[str, ...]) -> None:
        """Read one file and what it includes; one that does not exist is passed over, as smbd does."""
        for line in self.files.lines(path, above):
            text = line.text.strip()
            if text.startswith("["):
                self._open(text[1:].partition("]")[0].strip(), line)
            elif text and text[0] not in "#;":
                self._set(text, line, (*above, path))

    def _open(self, name: str, line: Line) -> None:
        key = name.lower()
        if key in {"global", "globals"}:
            self.section = self.globals
            return
        if key not in self.shares:
            self.shares[key] = Section(name, dict(self.globals.settings), line)
        self.section = self.shares[key]

    def _set(self, text: str, line: Line, above: tuple[str, ...]) -> None:
        name, found, value = text.partition("=")
        key, value = re.sub(r"\s+", "", name).lower(), value.strip().strip('"')
        if not found:
            return
        if key == "include":
            if value.lower() == "registry":
                raise Unread("registry", f"included by {line.where}")
            self.read(_path(value, line), above)
        elif key == "copy" and value.lower() in self.shares:
            copied = self.shares[value.lower()].settings
            self.section.settings |= {k: v for k, v in copied.items() if k != "copy"}
        else:
            key = _SYNONYMS.get(key, key)
            self.section.settings[key] = Setting(key, value, line)


def guests(samba: Samba) -> tuple[tuple[Section, Setting], ...]:
    """The shares that let anybody in without an account, with the setting that does.

    ``map to guest`` does not matter for them: who gives no name at all is the guest in any case.
    """
    found = []
    for share in samba.shares:
        setting = share.settings.get("guestok")
        if setting is None or not share.is_on("guestok", default=False):
            continue
        there = share.is_on("available", default=True) and (
            share.name.lower() in _SPECIAL or bool(share.value("path"))
        )
        if there and _admits(share, samba.globals.value("guestaccount") or "nobody"):
            found.append((share, setting))
    return tuple(found)


def _admits(share: Section, guest: str) -> bool:
    """Whether the guest's account may use the share; a list of users that does not name it keeps it out."""
    refused, allowed = (_names(share.value(n)) for n in ("invalidusers", "validusers"))
    return guest.lower() not in refused and (not allowed or guest.lower() in allowed)


def _names(text: str) -> set[str]:
    return {w.lower() for w in re.split(r"[\s,]+", text) if w}


def user_shares(evidence: Evidence, samba: Samba) -> tuple[Line, ...]:
    """The lines that open a share of a user (``net usershare``) to guests, where users may do that."""
    top = samba.globals
    limit = top.settings.get("usersharemaxshares")
    if not top.is_on("usershareallowguests", default=False) or (limit is not None and limit.number == 0):
        return ()
    directory = top.value("usersharepath") or _USERSHARES
    if directory != _USERSHARES:
        raise Unread(directory, "shares of users that were not collected")
    lines = (
        line
        for path in evidence.directory(directory) or ()
        if not is_hidden(path)
        for line in evidence.lines(path) or ()
    )
    return tuple(line for line in lines if re.fullmatch(r"\s*guest_ok\s*=\s*[yY1].*", line.text))
