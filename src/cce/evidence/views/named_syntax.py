"""The grammar of named.conf: words, quotes, braces, semicolons. The probe has taken the comments out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cce.evidence.model import Line

_TOKEN: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|([{};])|([^\s{};"]+|")', re.DOTALL)
_MAX_DEPTH: Final = 30


@dataclass(frozen=True, slots=True)
class Statement:
    """Words up to a semicolon; ``block`` holds the statements in its braces, ``None`` without any."""

    words: tuple[str, ...]
    block: tuple[Statement, ...] | None
    line: Line

    @property
    def name(self) -> str:
        """Its first word, which named reads in any case."""
        return self.words[0].lower() if self.words else ""

    @property
    def argument(self) -> str:
        """Its second word, or nothing."""
        return self.words[1] if len(self.words) > 1 else ""

    @property
    def shown(self) -> str:
        """``allow-transfer { 10.111.0.2; };``, as reports show it."""
        inner = "" if self.block is None else f" {{ {' '.join(s.shown for s in self.block)} }}"
        return f"{' '.join(self.words)}{inner};"


def parse(path: str, lines: Iterable[Line]) -> tuple[Statement, ...]:
    """The statements of a file.

    Raises
    ------
    Unread
        When its braces do not match or the probe had to shorten a word.
    """
    tokens = _tokens(path, lines)
    statements = tuple(_statements(path, tokens, 0))
    if next(tokens, None) is not None:
        raise Unread(path, "its braces do not match")
    return statements


def _tokens(path: str, lines: Iterable[Line]) -> Iterator[tuple[str, bool, Line]]:
    """Each word, whether it is a brace or a semicolon, and its line."""
    for line in lines:
        for match in _TOKEN.finditer(line.text):
            quoted, mark, word = match.groups()
            if "<shortened>" in match[0] or "<redacted>" in match[0]:
                raise Unread(path, "shortened")
            yield (mark or word or quoted or ""), mark is not None, line


def _statements(path: str, tokens: Iterator[tuple[str, bool, Line]], depth: int) -> Iterator[Statement]:
    """The statements up to the closing brace, which is taken too; at depth 0 up to the end."""
    words: list[str] = []
    block: tuple[Statement, ...] | None = None
    first: Line | None = None
    for text, mark, line in tokens:
        if mark and text == "}":
            if depth == 0:
                raise Unread(path, "its braces do not match")
            if first is not None:
                yield Statement(tuple(words), block, first)
            return
        first = first or line
        if not mark:
            words.append(text)
        elif text == "{":
            if depth == _MAX_DEPTH:
                raise Unread(path, "its braces are nested too deep")
            block = (*(block or ()), *_statements(path, tokens, depth + 1))
        else:
            yield Statement(tuple(words), block, first)
            words, block, first = [], None, None
    if depth or first is not None:
        raise Unread(path, "its braces do not match")
