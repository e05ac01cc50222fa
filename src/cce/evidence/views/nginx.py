"""nginx's configuration: blocks with includes in place, and the values that hold in each."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Line, Unread
from cce.evidence.views.includes import visible_matching
from cce.evidence.views.once import once
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence

#: The main file, and what relative paths of ``root`` begin with.
LAYOUTS: Final = (
    ("/etc/nginx/nginx.conf", "/usr/share/nginx"),
    ("/usr/local/nginx/conf/nginx.conf", "/usr/local/nginx"),
)
_MARKS: Final = frozenset(";{}")
_MAX_DEPTH: Final = 20
_MAX_INCLUDES: Final = 2000
_MAX_STATEMENTS: Final = 50_000
_MAX_NESTING: Final = 60
_TOKEN: Final = re.compile(
    r'\s+|#[^\n]*|[;{}]|"(?:[^"\\]|\\.)*"?|\'(?:[^\'\\]|\\.)*\'?|(?:\\.|\$\{|[^\s;{\\])+|\\', re.DOTALL
)
#: Blocks whose contents mean something here; the names of others (``types``, ``stream``) may look the same.
_KNOWN: Final = frozenset({"", "http", "server", "location", "if"})
#: What answers a request instead of a file.
_HANDLERS: Final = frozenset(
    {
        "proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass", "return",
        "internal", "stub_status",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """A directive: ``autoindex on;``."""

    name: str
    args: tuple[str, ...]
    line: Line

    @property
    def fact(self) -> Fact:
        """The statement, and where it stands."""
        return Fact(self.line.where, f"{' '.join((self.name, *self.args))};")


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A block: ``http``, ``server``, ``location /x``; the outermost has no name."""

    name: str
    args: tuple[str, ...]
    line: Line
    outer: Block | None = None
    statements: list[Statement] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    depth: int = 0

    def own(self, *names: str) -> Statement | None:
        """The last statement of one of those names in the block itself."""
        return next((s for s in reversed(self.statements) if s.name in names), None)

    def value(self, *names: str) -> Statement | None:
        """The statement of those names that holds here: its own, or that of the nearest outer block."""
        block: Block | None = self
        while block is not None:
            if found := block.own(*names):
                return found
            block = block.outer
        return None

    def all(self, *names: str) -> Iterator[Block]:
        """The blocks of those names in it, at any depth."""
        for block in self.blocks:
            if block.name in names:
                yield block
            yield from block.all(*names)

    @property
    def title(self) -> str:
        """``server www.example``, ``location /x``."""
        names = self.own("server_name") if self.name == "server" else None
        shown = (
            self.name,
            *(names.args[:1] if names else ()),
            *(self.args if self.name == "location" else ()),
        )
        return " ".join(shown)

    @property
    def serves_files(self) -> bool:
        """Whether a request that ends here may get a file: it is not handed on, answered or denied."""
        if any(s.name in _HANDLERS for s in self.statements):
            return False
        denies = any(s.name == "deny" and s.args == ("all",) for s in self.statements)
        if denies and not any(s.name == "allow" for s in self.statements):
            return False
        # A server whose location / takes every request has none left itself.
        return self.name != "server" or not any(b.args in {("/",), ("^~", "/")} for b in self.blocks)


@once
def read(evidence: Evidence) -> tuple[Block, str]:
    """The configuration, and what relative paths begin with.

    Raises
    ------
    Unread
        When there is none where packages keep it, or a file was not read.
    """
    for main, prefix in LAYOUTS:
        if evidence.lines(main) is not None:
            whole = Block("", (), Line(main, 1, ""))
            _Reader(evidence, main).file(main, whole, 0)
            return whole, prefix
    raise Unread(LAYOUTS[0][0], "absent, although nginx is in use")


def contexts(whole: Block) -> Iterator[Block]:
    """The servers and their locations, or the block ``http`` while it has no server."""
    for http in whole.all("http"):
        servers = list(http.all("server"))
        for server in servers:
            yield server
            yield from server.all("location", "if")
        if not servers:
            yield http


@dataclass(slots=True)
class _Reader:
    evidence: Evidence
    main: str
    statements: int = 0
    includes: int = 0

    def file(self, path: str, block: Block, depth: int) -> None:
        """Read a file into ``block``; its blocks end with it."""
        self.includes += 1
        if depth > _MAX_DEPTH or self.includes > _MAX_INCLUDES:
            raise Unread(path, "included too deep or too often")
        lines = self.evidence.lines(path)
        if lines is None:
            raise Unread(path, "absent, although included")
        inner: list[Block | None] = [block]
        words: list[str] = []
        for token, line in _tokens(lines):
            if token not in _MARKS:
                words.append(token)
                continue
            self._count(path)
            self._ends(token, words, line, inner, depth)
            words = []

    def _count(self, path: str) -> None:
        self.statements += 1
        if self.statements > _MAX_STATEMENTS:
            raise Unread(path, "too many statements")

    def _ends(self, mark: str, words: list[str], line: Line, inner: list[Block | None], depth: int) -> None:
        block = inner[-1]
        name, *args = words or [""]
        if mark == "{":
            inside = block is not None and name in _KNOWN
            new = Block(name, tuple(args), line, block, depth=block.depth + 1) if block and inside else None
            if block is not None and new is not None:
                block.blocks.append(new)
            inner.append(new)
            if new is not None and new.depth > _MAX_NESTING:
                raise Unread(line.source, "nested too deep")
        elif mark == "}":
            if len(inner) > 1:
                inner.pop()
        elif block is not None and name == "include" and args:
            full = (
                args[0] if args[0].startswith("/") else posixpath.join(posixpath.dirname(self.main), args[0])
            )
            known = ("text", full) in self.evidence.statuses
            for path in [full] if known else visible_matching(self.evidence, full):
                self.file(path, block, depth + 1)
        elif block is not None and name:
            block.statements.append(Statement(name, tuple(args), line))


def _tokens(lines: tuple[Line, ...]) -> Iterator[tuple[str, Line]]:
    """The words and the marks ``;``, ``{``, ``}``, each with the line where it begins; quotes taken off."""
    text = "\n".join(line.text for line in lines)
    number = at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        token = match[0] if match else text[at]
        if not token.isspace() and not token.startswith("#"):
            bare = token
            if token[0] in "\"'":
                bare = token[1:-1] if len(token) > 1 and token[-1] == token[0] else token[1:]
                bare = token if bare in _MARKS or not bare else bare
            yield bare, lines[min(number, len(lines) - 1)]
        number += token.count("\n")
        at += len(token)
