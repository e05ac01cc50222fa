"""Syslog selectors: which messages ``*.info;mail.none`` means."""

from __future__ import annotations

import re
from typing import Final

#: Of each facility the priorities, bit 0 for emerg to bit 7 for debug.
Messages = dict[str, int]

FACILITIES: Final = (
    "auth", "authpriv", "cron", "daemon", "ftp", "kern", "lpr", "mail", "news", "syslog", "user", "uucp",
    *(f"local{n}" for n in range(8)),
)  # fmt: skip
_ALIASES: Final = {"security": "auth"}
_PRIORITIES: Final = {
    "emerg": 0, "panic": 0, "alert": 1, "crit": 2, "err": 3, "error": 3, "warning": 4, "warn": 4,
    "notice": 5, "info": 6, "debug": 7,
}  # fmt: skip
_ALL: Final = 0xFF
EVERYTHING: Final[Messages] = dict.fromkeys(FACILITIES, _ALL)
_PIECE: Final = re.compile(r"([\w*,]+)\.(!?)(=?)([a-z]+|\*)", re.IGNORECASE)


def selected(selector: str) -> Messages | None:
    """The messages of a selector, read from left to right as syslogd does; ``None`` if it is none.

    A later piece adds to what an earlier one took of the same facility, and ``none`` and ``!`` take away.
    """
    chosen: Messages = {}
    for piece in re.sub(r"\s", "", selector).split(";"):
        match = _PIECE.fullmatch(piece)
        if match is None:
            if piece:
                return None
            continue
        for facility in _facilities(match[1]):
            bits = _bits(
                chosen.get(facility, 0), match[4].lower(), exact=bool(match[3]), without=bool(match[2])
            )
            if bits is None:
                return None
            chosen[facility] = bits
    return {facility: bits for facility, bits in chosen.items() if bits} if selector else None


def _facilities(text: str) -> tuple[str, ...]:
    """The facilities of a piece; unknown ones (``mark``) have no messages of programs."""
    names = [_ALIASES.get(name, name) for name in text.lower().split(",")]
    return FACILITIES if "*" in names else tuple(name for name in names if name in FACILITIES)


def _bits(before: int, priority: str, *, exact: bool, without: bool) -> int | None:
    if priority == "none":
        return _ALL if without else 0
    if priority == "*":
        bits = _ALL
    elif priority in _PRIORITIES:
        level = _PRIORITIES[priority]
        bits = 1 << level if exact else (1 << level + 1) - 1
    else:
        return None
    return before & ~bits if without else before | bits


def both(one: Messages, other: Messages) -> Messages:
    """The messages that are in both."""
    return {f: bits for f, rest in one.items() if (bits := rest & other.get(f, 0))}


def either(one: Messages, other: Messages) -> Messages:
    """The messages that are in one of them."""
    return {f: one.get(f, 0) | other.get(f, 0) for f in {**one, **other}}


def without(one: Messages, other: Messages) -> Messages:
    """The messages of ``one`` that are not in ``other``."""
    return {f: bits for f, rest in one.items() if (bits := rest & ~other.get(f, 0))}
