"""Apache's configuration as it reads it: includes in place, variables replaced, conditions decided.

What is left is a tree of directives and of sections that mean places (``<Directory>``, ``<VirtualHost>`` …).
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Line, Unread
from cce.evidence.views import apache_version
from cce.evidence.views.includes import is_hidden, visible_matching
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cce.evidence.model import Evidence
    from cce.evidence.views.apache_layout import Layout


_MAX_DEPTH: Final = 20  # Apache's own limit for includes
_MAX_INCLUDES: Final = 2000
_MAX_NESTING: Final = 40
_MAX_LINES: Final = 50_000
#: Built into every Apache of a distribution.
_STATIC: Final = ("core", "so", "http", "log_config", "logio", "version", "unixd", "watchdog")
_NOWHERE: Final = Line("", 0, "")
_WORD: Final = re.compile(r'"((?:[^"\\]|\\.)*)"?|\'((?:[^\'\\]|\\.)*)\'?|(\S+)')
_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Directive:
    """One directive; ``name`` in lower case, ``args`` without quotes."""

    name: str
    args: tuple[str, ...]
    line: Line

    @property
    def fact(self) -> Fact:
        """The line as read, and what its variables stand for."""
        meant = f" ({' '.join(self.args)})" if "${" in self.line.text else ""
        return Fact(self.line.where, f"{self.line.text}{meant}")


@dataclass(frozen=True, slots=True)
class Section:
    """A section and what stands in it; those of ``<If…>`` modules, versions and defines are resolved."""

    name: str
    args: tuple[str, ...]
    line: Line
    body: list[Directive | Section] = field(default_factory=list)
    depth: int = 0

    def own(self, name: str = "") -> Iterator[Directive]:
        """The directives of that name that stand in the section itself, of every name if it is empty."""
        return (n for n in self.body if isinstance(n, Directive) and (not name or n.name == name))

    def sections(self, *names: str) -> Iterator[Section]:
        """The sections of those names that stand in it."""
        return (n for n in self.body if isinstance(n, Section) and n.name in names)

    def everywhere(self, name: str) -> Iterator[Directive]:
        """The directives of that name in it and in its sections, in reading order."""
        for node in self.body:
            if isinstance(node, Section):
                yield from node.everywhere(name)
            elif node.name == name:
                yield node


@dataclass(slots=True)
class _Reader:
    """What Apache knows while it reads: modules, defines, its root."""

    evidence: Evidence
    layout: Layout
    modules: set[str]
    defines: dict[str, str]
    root: str
    lines: int = 0
    includes: int = 0

    def file(self, path: str, section: Section, depth: int) -> None:
        """Read a file into ``section``; its own sections end with it."""
        self.includes += 1
        if depth > _MAX_DEPTH or self.includes > _MAX_INCLUDES:
            raise Unread(path, "included too deep or too often")
        stack: list[tuple[str, Section | None]] = [("", section)]
        for line in _joined(self.evidence.lines(path) or ()):
            self.lines += 1
            if self.lines > _MAX_LINES:
                raise Unread(path, "too many lines")
            top = stack[-1][1]
            if line.text.startswith("</"):
                if len(stack) > 1 and stack[-1][0] == line.text[2:].rstrip("> \t").lower():
                    stack.pop()
            elif line.text.startswith("<"):
                stack.append(self._open(line, top))
            elif top is not None:
                self._directive(line, top, depth)

    def _open(self, line: Line, top: Section | None) -> tuple[str, Section | None]:
        name, *args = self._words(line.text.removeprefix("<").removesuffix(">")) or [""]
        name = name.lower()
        if top is None or not name.startswith("if") or name == "if":
            if top is None:
                return name, None
            inner = Section(name, tuple(args), line, depth=top.depth + 1)
            if inner.depth > _MAX_NESTING:
                raise Unread(line.source, "sections nested too deep")
            top.body.append(inner)
            return name, inner
        return name, top if self._holds(name, args) else None

    def _holds(self, name: str, args: list[str]) -> bool:
        wanted = args[0].removeprefix("!") if args else ""
        if name == "ifversion":
            met = apache_version.meets(self.evidence, self.layout.package, args)
        elif name == "ifdefine":
            met = wanted in self.defines
        elif name == "ifmodule":
            met = _module(wanted) in self.modules or self._may_be_static()
        else:
            raise Unread(f"<{name}>", "not evaluated")  # IfFile, IfDirective, IfSection ask the server itself
        return met != (bool(args) and args[0].startswith("!"))

    def _may_be_static(self) -> bool:
        """Whether modules may be built in: of one made from source that loads none, all that are named."""
        return not self.layout.package and len(self.modules) == len(_STATIC)

    def _directive(self, line: Line, top: Section, depth: int) -> None:
        name, *args = self._words(line.text) or [""]
        name = name.lower()
        if name in {"include", "includeoptional"} and args:
            for path in self._included(args[0]):
                self.file(path, top, depth + 1)
            return
        if name == "use":
            raise Unread(line.where, "mod_macro is not evaluated")
        if name == "loadmodule" and args:
            self.modules.add(_module(args[0]))
        elif name == "define" and args:
            self.defines[args[0]] = args[1] if len(args) > 1 else ""
        elif name == "undefine" and args:
            self.defines.pop(args[0], None)
        elif name == "serverroot" and args:
            self.root = args[0]
        top.body.append(Directive(name, tuple(args), line))

    def _words(self, text: str) -> list[str]:
        replaced = _VARIABLE.sub(lambda m: self.defines.get(m[1], m[0]), text)
        return ["".join(groups) for groups in _WORD.findall(replaced)]

    def _included(self, pattern: str) -> list[str]:
        """The files that an Include means, sorted; one that was not collected stays in, to raise Unread."""
        full = pattern if pattern.startswith("/") else posixpath.join(self.root, pattern)
        if ("text", full) in self.evidence.statuses:
            return [full]
        if ("dir", full) in self.evidence.statuses:
            return [p for p in self.evidence.directory(full) or () if not is_hidden(p)]
        return visible_matching(self.evidence, full)


def read(evidence: Evidence, layout: Layout) -> tuple[Section, frozenset[str]]:
    """The configuration as one section without a name, and the modules that are loaded.

    Raises
    ------
    Unread
        When a file that is included was not read, or the configuration cannot be told from its text.
    """
    variables = dict(_environment(evidence, layout))
    reader = _Reader(evidence, layout, {_module(m) for m in _STATIC}, variables, layout.server_root)
    whole = Section("", (), _main_line(evidence, layout))
    for path in (*layout.before, layout.main, *layout.after):
        reader.file(path, whole, 0)
    return whole, frozenset(reader.modules)


def access_file(evidence: Evidence, layout: Layout, modules: frozenset[str], path: str) -> Section:
    """What stands in a ``.htaccess``."""
    reader = _Reader(evidence, layout, set(modules), {}, layout.server_root)
    section = Section(".htaccess", (), _NOWHERE)
    reader.file(path, section, 0)
    return section


def _main_line(evidence: Evidence, layout: Layout) -> Line:
    lines = evidence.lines(layout.main)
    if not lines:
        raise Unread(layout.main, "absent or empty, although Apache is in use")
    return lines[0]


def _environment(evidence: Evidence, layout: Layout) -> Iterator[tuple[str, str]]:
    """The variables and the ``-D`` defines that the service is started with."""
    yield from ((name, "") for name in layout.defines)
    yield "APACHE_CONFDIR", layout.server_root
    for line in evidence.lines(layout.environment) or () if layout.environment else ():
        match = re.search(r"([A-Z_]+):?=[\"']?([^\"'}]*)", line.text)
        if match is None:
            continue
        name, value = match[1], match[2].strip()
        if name in {"APACHE_ARGUMENTS", "OPTIONS"}:
            yield from ((word, "") for word in re.findall(r"-D\s*(\w+)", value))
        elif name == "APACHE_SERVER_FLAGS":
            yield from ((word.removeprefix("-D"), "") for word in value.split())
        else:
            yield name, value


def _joined(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines with continued ones as one, by the number of the first."""
    begun: Line | None = None
    for line in lines:
        text = (begun.text + line.text) if begun else line.text
        begun = type(line)(line.source, begun.number if begun else line.number, text.removesuffix("\\"))
        if not text.endswith("\\"):
            yield begun
            begun = None
    if begun is not None:
        yield begun


def _module(name: str) -> str:
    """One name for ``autoindex_module``, ``mod_autoindex.c`` and ``autoindex``: ``autoindex``."""
    bare = name.removesuffix(".c").removesuffix("_module").removeprefix("mod_")
    return bare.removeprefix("mpm_").removeprefix("http_core") or "http"


def loads(modules: frozenset[str], name: str) -> bool:
    """Whether the module is loaded."""
    return _module(name) in modules
