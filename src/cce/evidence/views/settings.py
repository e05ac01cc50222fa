"""Files of names and values: login.defs, faillock.conf, pwquality.conf and its drop-ins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cce.evidence.views.once import once

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cce.evidence.model import Evidence, Line
    from cce.verdict import Fact

_PAIR = re.compile(r"\s*([A-Za-z_]\w*)\s*=?\s*(.*?)\s*")


@dataclass(frozen=True, slots=True)
class Setting:
    """A value and where it was set."""

    name: str
    value: str
    line: Line

    @property
    def number(self) -> int | None:
        """The value as a whole number; ``None`` if it is none."""
        return whole_number(self.value)

    @property
    def fact(self) -> Fact:
        """The line as read."""
        return self.line.fact


def whole_number(text: str) -> int | None:
    """The decimal number that ``text`` is; ``None`` if it is none (or absurdly long)."""
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,9}", text) else None


@once
def login_defs(evidence: Evidence) -> dict[str, Setting]:
    """The settings of ``/etc/login.defs``; of a repeated one the last counts, as in shadow-utils."""
    settings: dict[str, Setting] = {}
    for line in evidence.lines("/etc/login.defs") or ():
        name, *value = line.text.split(maxsplit=1) or [""]
        if name and not name.startswith("#"):
            settings[name] = Setting(name, "".join(value).strip().strip('"'), line)
    return settings


@once
def faillock_conf(evidence: Evidence) -> dict[str, Setting]:
    """The settings of ``/etc/security/faillock.conf``; the last of a name counts."""
    return pairs(evidence.lines("/etc/security/faillock.conf") or ())


@once
def pwquality_conf(evidence: Evidence) -> dict[str, Setting]:
    """The settings of pwquality: its drop-ins in order, then ``pwquality.conf``, which overrides them.

    The order is libpwquality's own (pwquality.conf(5): it "first reads" the drop-ins) and the reverse
    of what most programs do.
    """
    settings: dict[str, Setting] = {}
    for path in evidence.directory("/etc/security/pwquality.conf.d") or ():
        if path.endswith(".conf"):
            settings |= pairs(evidence.lines(path) or ())
    return settings | pairs(evidence.lines("/etc/security/pwquality.conf") or ())


def pairs(lines: Iterable[Line]) -> dict[str, Setting]:
    """Read ``name = value``, ``name value`` and bare names; ``#`` begins a comment anywhere."""
    settings: dict[str, Setting] = {}
    for line in lines:
        if match := _PAIR.fullmatch(line.text.partition("#")[0]):
            settings[match[1]] = Setting(match[1], match[2], line)
    return settings
