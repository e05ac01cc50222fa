"""sshd's configuration as sshd itself reads it: includes in place, Match blocks told apart."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views import includes, services
from cce.evidence.views.once import once
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, Line

CONFIG: Final = "/etc/ssh/sshd_config"
UNITS: Final = ("ssh.service", "sshd.service", "ssh.socket", "sshd.socket")
_WORD: Final = re.compile(r'"([^"]*)"?|([^\s"]+)')
_MAX_DEPTH: Final = 16  # sshd's own limit


@dataclass(frozen=True, slots=True)
class Directive:
    """One value of a keyword; ``match`` holds the criteria of the Match block it stands in, or ``""``."""

    value: str
    match: str
    line: Line

    @property
    def fact(self) -> Fact:
        """The line as read, with the Match block it stands in."""
        block = f" (Match {self.match})" if self.match else ""
        return Fact(self.line.where, f"{self.line.text}{block}")


@dataclass(frozen=True, slots=True)
class Setting:
    """A value in effect, and what says so."""

    value: str
    fact: Fact


def effective(evidence: Evidence, keyword: str) -> Line | None:
    """What ``sshd -T`` says; ``None`` where it did not run, or does not print the keyword."""
    try:
        output = evidence.command("sshd -T")
    except Unread:
        return None  # the files say it as well
    if output is None or output.exit_status != 0:
        return None
    return next((line for line in output.lines if line.text.lower().startswith(f"{keyword.lower()} ")), None)


def directives(evidence: Evidence, keyword: str) -> tuple[Directive, ...]:
    """Every value of ``keyword`` in reading order: of those in effect together the first counts.

    Raises
    ------
    Unread
        When the configuration or a file that it includes was not read.
    """
    return tuple(d for word, d in _all(evidence) if word == keyword.lower())


def setting(evidence: Evidence, keyword: str, default: str) -> Setting:
    """The value outside of Match blocks: what ``sshd -T`` says, else what is configured, else the default.

    Raises
    ------
    Unread
        When ``sshd -T`` did not run and the configuration was not read.
    """
    line = effective(evidence, keyword)
    if line is not None:
        return Setting(words(line.text)[1], Fact(line.where, line.text))
    plain = next((d for d in directives(evidence, keyword) if not d.match), None)
    if plain is not None:
        return Setting(plain.value, plain.fact)
    return Setting(default, Fact(CONFIG, f"{keyword} unset (default {default})"))


def in_use(evidence: Evidence) -> bool:
    """Whether sshd is used: not where a unit of it exists and none is; without any something may start it."""
    try:
        found = [unit for name in UNITS if (unit := evidence.unit(name)) is not None]
    except Unread:
        return True  # it is installed: judge its configuration
    return not found or any(unit.in_use for unit in found) or any(services.listening(evidence, "tcp", (22,)))


@once
def _all(evidence: Evidence) -> tuple[tuple[str, Directive], ...]:
    return tuple(_file(evidence, CONFIG, "", 0, includes.Budget()))


def _file(
    evidence: Evidence, path: str, match: str, depth: int, budget: includes.Budget
) -> Iterator[tuple[str, Directive]]:
    if depth > _MAX_DEPTH:
        raise Unread(path, "included too deep")
    block = match
    for line in evidence.lines(path) or ():
        word, *values = words(line.text) or [""]
        word = word.lower()
        if word == "match":
            block = " ".join(values) if not match else f"{match} {' '.join(values)}"
        elif word == "include":
            for pattern in values:
                budget.spend(path)  # a pattern that nothing matches takes its time too
                for included in _included(evidence, pattern):
                    budget.spend(included)
                    yield from _file(evidence, included, block, depth + 1, budget)
        elif values:
            yield word, Directive(values[0], block, line)


def _included(evidence: Evidence, pattern: str) -> list[str]:
    """The files an Include means: a relative name is one beside the configuration."""
    return includes.matching(evidence, posixpath.join(posixpath.dirname(CONFIG), pattern))


def words(text: str) -> list[str]:
    """Split a line as sshd does: a keyword, blanks or one ``=``, then arguments, perhaps in quotes."""
    keyword = re.match(r"\s*([A-Za-z][A-Za-z0-9]*)\s*=?\s*(.*)", text)
    if keyword is None:
        return []
    values = []
    for quoted, plain in _WORD.findall(keyword[2]):
        if plain.startswith("#"):
            break
        values.append(quoted or plain)
    return [keyword[1], *values]


def may_be_root(match: str) -> bool:
    """Whether a Match block can apply to a login of root: only one for other users cannot."""
    users = _criterion(match, "user")
    return users is None or _matches_root(users)


def always_root(match: str) -> bool:
    """Whether a Match block applies to every login of root: ``all``, or ``User`` and nothing else."""
    words_ = match.lower().split()
    if words_ == ["all"]:
        return True
    users = _criterion(match, "user")
    return users is not None and len(words_) == len(["user", "x"]) and _matches_root(users)


def _criterion(match: str, name: str) -> str | None:
    found = re.search(rf"(?:^|\s){name}[\s=]+(\S+)", match, re.IGNORECASE)
    return found[1] if found else None


def _matches_root(patterns: str) -> bool:
    parts = patterns.split(",")
    if any(p.startswith("!") and fnmatchcase("root", p[1:]) for p in parts):
        return False
    return any(fnmatchcase("root", p) for p in parts if not p.startswith("!"))
