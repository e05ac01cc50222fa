"""Sendmail: what its ``sendmail.cf`` comes to, and what its access database may relay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views.once import once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, Line
    from cce.evidence.views.networks import Reach

FILES: Final = ("/etc/mail/sendmail.cf", "/etc/sendmail.cf")
_PRIVACY: Final = re.compile(r"(?:O\s+(?i:priv)\w*\s*=|Op)\s*(.*)", re.DOTALL)
_GREETING: Final = re.compile(r"O\s+(?i:smtpg)\w*\s*=\s*(.*)", re.DOTALL)
#: A single word of another kind is a host of one's own.
_TOP_LEVEL: Final = re.compile(r"\.?(?:[a-z]{2}|com|net|org|info|biz|edu|gov|mil)")
#: What ``goaway`` sets, of the flags that rules ask for (not restrictqrun, since 8.12).
_GOAWAY: Final = frozenset({"goaway", "noexpn", "novrfy"})


@once
def configuration(evidence: Evidence) -> tuple[Line, ...]:
    """The lines of ``sendmail.cf`` that rules need; ``sendmail.mc``, its source, is not in effect."""
    for path in FILES:
        lines = evidence.lines(path)
        if lines is not None:
            return lines
    raise Unread(FILES[0], "absent, although sendmail is in use")


def privacy(lines: tuple[Line, ...]) -> dict[str, Line]:
    """The privacy flags, in small letters, each with the line that sets it; several lines add up."""
    flags: dict[str, Line] = {}
    for line in lines:
        if match := _PRIVACY.fullmatch(line.text):
            for flag in re.split(r"[\s,]+", match[1].lower()):
                flags |= dict.fromkeys(_GOAWAY if flag == "goaway" else {flag} - {""}, line)
    return flags


def privacy_lines(lines: tuple[Line, ...]) -> list[Line]:
    """The lines that set privacy flags."""
    return [line for line in lines if _PRIVACY.fullmatch(line.text)]


def greeting(lines: tuple[Line, ...]) -> tuple[Line, str] | None:
    """The line of ``SmtpGreetingMessage`` that counts, the last, and its text; ``None`` where it is unset."""
    found = [(line, match[1]) for line in lines if (match := _GREETING.fullmatch(line.text))]
    return found[-1] if found else None


def listens(lines: tuple[Line, ...]) -> list[Line]:
    """The lines that say where the daemon listens."""
    return [line for line in lines if re.match(r"o\s+daemonp", line.text, re.IGNORECASE)]


def denials(lines: tuple[Line, ...]) -> list[Line]:
    """The rules that refuse what nothing before them let relay (``"550 Relaying denied"``)."""
    return [line for line in lines if re.match(r"R\$\*\s+\$#error", line.text)]


def by_sender(lines: tuple[Line, ...]) -> list[Line]:
    """The rules that relay for whoever names a local sender (``FEATURE(relay_local_from)``)."""
    return [line for line in lines if re.match(r"R<\?>.*RELAY.*FROM", line.text)]


def relayed_for(evidence: Evidence, lines: tuple[Line, ...]) -> Iterator[tuple[str, Line]]:
    """The networks and domains that may relay: class R, the file it is read from, the access database."""
    for line in lines:
        if match := re.match(r"F(?:R|\{R\})\s*(?:-o\s+)?(\S+)", line.text):
            for entry in evidence.lines(match[1]) or ():
                yield _first(entry), entry
        elif match := re.match(r"C(?:R|\{R\})\s*(.*)", line.text, re.DOTALL):
            for word in match[1].split():
                yield word, line
        elif line.text.startswith("Kaccess"):
            path = re.search(r"\s(/\S+)\s*$", line.text)
            if path is None:
                raise Unread(line.where, "a database that is not collected")
            for entry in evidence.lines(path[1]) or ():
                key = re.sub(r"^(?:connect|to|from):", "", _first(entry), flags=re.IGNORECASE)
                yield key, entry


def _first(line: Line) -> str:
    return (line.text.split() or [""])[0]


def too_wide(key: str, reach: Reach) -> bool:
    """Whether a network or domain that may relay takes in strangers (a top-level domain)."""
    key = re.sub(r"^IPv6:", "", key, flags=re.IGNORECASE).lower()
    return reach.too_wide_octets(key) or reach.too_wide(key) or _TOP_LEVEL.fullmatch(key) is not None
