"""What login shells read at their start, in the order they read it.

The probe keeps only statements about PATH, TMOUT, umask and autologout and the names of sourced
files. Conditions are not evaluated: a view shows every statement, in order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views.once import once
from cce.evidence.views.people import ordinary_accounts, root_home
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, Line

#: Shells read these when they are interactive; Debian's and RHEL's name for the same file.
_INTERACTIVE: Final = ("/etc/bash.bashrc", "/etc/bashrc")
_SYSTEM: Final = ("/etc/environment", "/etc/profile", *_INTERACTIVE)
_CSH: Final = ("/etc/csh.cshrc", "/etc/csh.login")
_SOURCE: Final = {
    "sh": re.compile(r"""(?:^|[\s({])(?:source|\.)\s+["']?([^\s"')};]+)"""),
    "csh": re.compile(r"""(?:^|\s)source\s+["']?([^\s"')};]+)"""),  # a dot there is the current directory
}
_HOME: Final = re.compile(r"(?:~|\$\{?HOME\}?)/")
_ASSIGNED: Final = r"(?:^|[\s({{]){name}{sign}=((?:\"[^\"]*\"?|'[^']*'?|\$\{{[^}}]*\}}|[^\s)}}\"'])*)"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a start file."""

    text: str
    line: Line

    @property
    def fact(self) -> Fact:
        """The statement as read."""
        return Fact(self.line.where, self.text)

    def assigned(self, name: str) -> str | None:
        """What the statement assigns to a variable, without quotes; ``None`` if it does not."""
        return self._value(name, "")

    def appended(self, name: str) -> str | None:
        """What ``NAME+=`` adds to a variable, without quotes; ``None`` if the statement has no such thing."""
        return self._value(name, r"\+")

    def _value(self, name: str, sign: str) -> str | None:
        match = re.search(_ASSIGNED.format(name=name, sign=sign), self.text)
        return re.sub("[\"']", "", match[1]) if match else None


def system(evidence: Evidence) -> tuple[Statement, ...]:
    """What sh, bash and ksh get: pam_env's variables, ``/etc/profile`` and what it sources, bashrc.

    Where people can log in, without the files that only root may read: their shells pass them over.
    """
    return tuple(s for s in _system(evidence) if s.line.source not in _of_root_alone(evidence))


def kept_from_people(evidence: Evidence) -> tuple[Fact, ...]:
    """The start files for everybody that only root may read, though people can log in."""
    return tuple(Fact(path, shown) for path, shown in _of_root_alone(evidence).items())


@once
def _system(evidence: Evidence) -> tuple[Statement, ...]:
    seen: set[str] = set()
    return tuple(s for path in _SYSTEM for s in _file(evidence, path, seen, "sh"))


@once
def _of_root_alone(evidence: Evidence) -> dict[str, str]:
    """Path to owner and mode."""
    found = {}
    for path in (
        dict.fromkeys(s.line.source for s in _system(evidence)) if ordinary_accounts(evidence) else ()
    ):
        try:
            stat = evidence.file(path)
        except Unread:
            continue  # an older probe did not look
        if stat is not None and not stat.mode & 0o004:
            found[path] = stat.shown
    return found


@once
def of_root(evidence: Evidence) -> tuple[Statement, ...]:
    """What root's own start files add to :func:`system`, and the files that root alone may read.

    bash reads the first of its three profile files that exists, and ``.bashrc`` when interactive.
    """
    home = root_home(evidence)
    profiles = (f"{home}/{name}" for name in (".bash_profile", ".bash_login", ".profile"))
    profile = next((path for path in profiles if evidence.lines(path) is not None), "")
    seen = {*_SYSTEM, ""}
    own = (s for path in (profile, f"{home}/.bashrc") for s in _file(evidence, path, seen, "sh"))
    return (*(s for s in _system(evidence) if s.line.source in _of_root_alone(evidence)), *own)


def csh(evidence: Evidence) -> tuple[Statement, ...]:
    """What csh and tcsh read for everybody."""
    seen: set[str] = set()
    return tuple(s for path in _CSH for s in _file(evidence, path, seen, "csh"))


def csh_of_root(evidence: Evidence) -> tuple[Statement, ...]:
    """What root's own csh start files add."""
    home, seen = root_home(evidence), set(_CSH)
    paths = (f"{home}/{name}" for name in (".tcshrc", ".cshrc", ".login"))
    return tuple(s for path in paths for s in _file(evidence, path, seen, "csh"))


def printed(evidence: Evidence, command: str) -> Fact | None:
    """The first line of a command of root's login shell; ``None`` where it does not run.

    It is skipped in a root directory and for a shell that the probe does not know.
    """
    try:
        output = evidence.command(command)
    except Unread as unread:
        if unread.why != "skipped":
            raise
        return None
    return Fact(command, output.lines[0].text) if output and output.lines else None


def _file(evidence: Evidence, path: str, seen: set[str], suffix: str) -> Iterator[Statement]:
    if path in seen:
        return
    seen.add(path)
    for line in evidence.lines(path) or ():
        for part in line.text.split(";"):
            text = part.strip()
            if source := _SOURCE[suffix].search(text):
                for sourced in _sourced(evidence, source[1], suffix):
                    yield from _file(evidence, sourced, seen, suffix)
            elif text and not text.startswith("#"):
                yield Statement(text, line)


def _sourced(evidence: Evidence, target: str, suffix: str) -> tuple[str, ...]:
    """The collected files that a source statement means.

    A bare variable is the loop over ``/etc/profile.d`` that every distribution has. Files that were not
    collected (completions, locale settings) belong to programs and are left out.
    """
    if re.fullmatch(r"\$\{?\w+\}?", target):
        return tuple(p for p in evidence.directory("/etc/profile.d") or () if p.endswith(f".{suffix}"))
    full = _HOME.sub(f"{root_home(evidence)}/", target, count=1)
    return (full,) if ("text", full) in evidence.statuses else ()
