"""Files that include others: which ones a pattern means, and how far they are followed."""

from __future__ import annotations

import posixpath
import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views.once import once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cce.evidence.model import Evidence, Line

_MOST: Final = 1000
_MAX_DEPTH: Final = 16
_MAX_LINES: Final = 20_000


class Budget:
    """How often includes may still be followed: files that name each other several times multiply."""

    def __init__(self, left: int = _MOST) -> None:
        self.left = left

    def spend(self, path: str) -> None:
        """Follow one more.

        Raises
        ------
        Unread
            When there were too many.
        """
        self.left -= 1
        if self.left < 0:
            raise Unread(path, "too many included files")


class Nested:
    """The lines of files that are read within each other, with an end to it whatever they say."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._left = _MAX_LINES

    def lines(self, path: str, above: tuple[str, ...]) -> Iterator[Line]:
        """The lines of one file; ``above`` are those that include it, the outermost first.

        Raises
        ------
        Unread
            When it includes itself, or there are too many levels or lines.
        """
        if path in above or len(above) > _MAX_DEPTH:
            raise Unread(path, "included by itself or too deep")
        for line in self._evidence.lines(path) or ():
            self._left -= 1
            if self._left < 0:
                raise Unread(path, "too many lines")
            yield line


def followed(
    evidence: Evidence, path: str, included: Callable[[Line], Iterable[str]], seen: set[str] | None = None
) -> Iterator[Line]:
    """The lines of a file that are not blank, and behind each those of the files it includes; each file once.

    Raises
    ------
    Unread
        When a file was not read, a line not whole, or there are too many files.
    """
    seen = set() if seen is None else seen
    if path in seen:
        return
    if len(seen) > _MOST:
        raise Unread(path, "too many included files")
    seen.add(path)
    for line in evidence.lines(path) or ():
        if "<shortened>" in line.text:
            raise Unread(line.where, "shortened")
        if not line.text.split():
            continue
        yield line
        for further in included(line):
            yield from followed(evidence, further, included, seen)


def is_pattern(path: str) -> bool:
    """Whether it holds a wildcard."""
    return re.search(r"[*?\[]", path) is not None


def is_hidden(path: str) -> bool:
    """Whether its name begins with a dot, which wildcards and included directories pass over."""
    return posixpath.basename(path).startswith(".")


def matching(evidence: Evidence, pattern: str) -> list[str]:
    """The paths in glob order; one that was not collected stays in, to raise Unread when it is read."""
    if ("text", pattern) in evidence.statuses or not is_pattern(pattern):
        return [pattern]
    directory = pattern.rpartition("/")[0]
    if ("dir", directory) in evidence.statuses:
        evidence.directory(directory)  # one that could not be listed hides files
    return [path for path in texts_in(evidence).get(directory, ()) if fnmatchcase(path, pattern)]


def visible_matching(evidence: Evidence, pattern: str) -> list[str]:
    """The collected texts that a pattern of a web server means, sorted; the path itself if it is none."""
    if not is_pattern(pattern):
        return [pattern]
    pattern = pattern.replace("[^", "[!")
    known = texts_in(evidence).get(posixpath.dirname(pattern), ())
    return [path for path in known if fnmatchcase(path, pattern) and not is_hidden(path)]


@once
def texts_in(evidence: Evidence) -> dict[str, list[str]]:
    """The texts of the evidence by their directory, sorted; also those that could not be read."""
    found: dict[str, list[str]] = {}
    for path in sorted(key for kind, key in evidence.statuses if kind == "text"):
        found.setdefault(path.rpartition("/")[0], []).append(path)
    return found
