"""proftpd's configuration as proftpd reads it: includes in place, conditional blocks decided, per server."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread
from cce.evidence.views.includes import Nested, is_hidden, is_pattern, matching
from cce.evidence.views.once import once
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cce.evidence.model import Evidence, Line

FILES: Final = ("/etc/proftpd/proftpd.conf", "/etc/proftpd.conf")
#: Where the packages keep the options that proftpd is started with: ``-DTLS`` decides ``<IfDefine TLS>``.
_OPTIONS: Final = ("/etc/default/proftpd", "/etc/sysconfig/proftpd")
#: Modules that the distributions build as shared ones: there only after a LoadModule. Others are built in.
_SHARED: Final = re.compile(r"mod_(?:tls|sftp|wrap2?)\.c")
_TAG: Final = re.compile(r"<\s*(/?)\s*(\w+)\s*([^>]*?)\s*>?")


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive, its name in small letters."""

    name: str
    words: tuple[str, ...]
    line: Line

    @property
    def fact(self) -> Fact:
        """The line as read."""
        return self.line.fact

    @property
    def value(self) -> str:
        """The first word in small letters; empty where there is none."""
        return self.words[0].lower() if self.words else ""


@dataclass(slots=True)
class Block:
    """A block: the whole configuration (``server``), a virtual host, ``global``, ``anonymous``, ``limit``."""

    name: str
    argument: str = ""
    line: Line | None = None
    directives: list[Directive] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    @property
    def fact(self) -> Fact:
        """The line that opens it."""
        return self.line.fact if self.line else Fact(FILES[0], "the main server")

    def named(self, name: str) -> Iterator[Block]:
        """The blocks of that name that stand directly in this one."""
        return (block for block in self.blocks if block.name == name)


@dataclass(frozen=True, slots=True)
class Server:
    """One server: the main one or a virtual host, with the ``<Global>`` blocks that are for all."""

    block: Block
    shared: tuple[Block, ...]

    @property
    def name(self) -> str:
        """How reports call it."""
        return f"VirtualHost {self.block.argument}" if self.block.argument else "proftpd"

    def get(self, name: str) -> Directive | None:
        """The directive in effect: the first of several, and the server's own before the shared one."""
        for block in (self.block, *self.shared):
            for directive in block.directives:
                if directive.name == name:
                    return directive
        return None

    def is_on(self, name: str) -> Directive | None:
        """The directive in effect if it switches something on."""
        found = self.get(name)
        return found if found and found.value in {"on", "yes", "true", "1"} else None

    def blocks(self, name: str) -> tuple[Block, ...]:
        """The blocks of that name that are for this server."""
        return tuple(b for block in (self.block, *self.shared) for b in block.named(name))


@once
def servers(evidence: Evidence) -> tuple[Server, ...]:
    """The servers that proftpd offers FTP on: not those with ``Port 0`` and not those of SFTP.

    Raises
    ------
    Unread
        When the configuration or something that it includes was not read, or is not where packages keep it.
    """
    path = next((p for p in FILES if evidence.lines(p) is not None), None)
    if path is None:
        raise Unread(FILES[0], "absent, although proftpd is in use")
    reader = _Reader(evidence)
    reader.read(path, ())
    main = reader.stack[0]
    shared = tuple(main.named("global"))
    every = [Server(block, shared) for block in (main, *main.named("virtualhost"))]
    return tuple(s for s in every if not _closed(s) and s.is_on("sftpengine") is None)


def _closed(server: Server) -> bool:
    port = server.get("port")
    return port is not None and port.value == "0"


class _Reader:
    """Builds the tree while reading; ``stack`` holds the open blocks, the whole configuration first."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.stack = [Block("server")]
        self.conditions: list[bool] = []
        self.known = {
            word[2:]
            for path in _OPTIONS
            for line in evidence.lines(path) or ()
            for word in re.findall(r"-D\w+", line.text)
        }
        self.files = Nested(evidence)

    def read(self, path: str, above: tuple[str, ...]) -> None:
        """Read one file and what it includes."""
        for line in self.files.lines(path, above):
            text = line.text.strip()
            if tag := _TAG.fullmatch(text):
                self._tag(tag[1] == "/", tag[2].lower(), tag[3], line)
            elif all(self.conditions) and text:
                self._directive(text, line, (*above, path))

    def _tag(self, closes: bool, name: str, argument: str, line: Line) -> None:  # noqa: FBT001 - from a match
        if name in {"ifmodule", "ifdefine", "ifversion"}:
            if not closes:
                self.conditions.append(name == "ifversion" or self._holds(name, argument))
            elif self.conditions:
                self.conditions.pop()
        elif not all(self.conditions):
            return
        elif not closes:
            block = Block(name, argument, line)
            self.stack[-1].blocks.append(block)
            self.stack.append(block)
        elif len(self.stack) > 1:
            self.stack.pop()

    def _holds(self, name: str, argument: str) -> bool:
        wanted = argument.lstrip("! ")
        there = wanted in self.known
        if name == "ifmodule":
            there = there or not _SHARED.fullmatch(wanted)
        return there != argument.startswith("!")

    def _directive(self, text: str, line: Line, above: tuple[str, ...]) -> None:
        name, *rest = (word.strip('"') for word in re.findall(r'"[^"]*"?|[^\s"]+', text))
        name = name.lower()
        if name == "include":
            for path in _included(self.evidence, rest[0] if rest else ""):
                self.read(path, above)
        elif name in {"loadmodule", "define"} and rest:
            self.known.add(rest[0])
        else:
            self.stack[-1].directives.append(Directive(name, tuple(rest), line))


def _included(evidence: Evidence, pattern: str) -> Iterable[str]:
    """The files that an Include means: one, those of a pattern, or all of a directory."""
    full = pattern if pattern.startswith("/") else f"/etc/proftpd/{pattern}"
    if ("text", full) in evidence.statuses:
        return [full]
    if ("dir", full.rstrip("/")) in evidence.statuses:
        entries = evidence.directory(full.rstrip("/")) or ()
        return [e for e in entries if not is_hidden(e)]
    if not is_pattern(full):
        raise Unread(full, "not collected")
    return matching(evidence, full)


#: Who gets in by a ``<Limit LOGIN>``: anybody, certain hosts or classes, nobody.
ANYBODY, SOME, NOBODY = "anybody", "some", "nobody"


def login(blocks: Iterable[Block]) -> tuple[str, Block | None]:
    """Who the ``<Limit LOGIN>`` among ``blocks`` lets in from where, and the block that says so.

    Limits by user do not count: they say who, not from where.
    """
    for block in blocks:
        if "login" in block.argument.lower().split():  # ALL does not mean it
            return _who(block), block
    return ANYBODY, None


def _who(block: Block) -> str:
    allowed, denied = _side(block, "allow"), _side(block, "deny")
    order = next((d.words for d in block.directives if d.name == "order"), ())
    deny_first = "".join(order).lower().replace(",", "").startswith("deny")
    users = any(d.name in {"allowuser", "allowgroup"} for d in block.directives)
    if ANYBODY in allowed:
        return ANYBODY
    closed = ANYBODY in denied or (deny_first and SOME in allowed)
    if not closed:
        return ANYBODY
    return SOME if SOME in allowed else ANYBODY if users else NOBODY


def _side(block: Block, side: str) -> set[str]:
    """Whether the directives of one side mean everybody or certain hosts."""
    found = set()
    for directive in block.directives:
        words = {w.lower() for word in directive.words for w in word.split(",") if w} - {"from", "none"}
        if directive.name == f"{side}all":
            found.add(ANYBODY)
        elif directive.name == side and words:
            everybody = words & {"all", "0.0.0.0/0", "::/0"}
            found.add(ANYBODY if everybody else SOME)
        elif directive.name == f"{side}class" and words:
            found.add(SOME)
    return found
