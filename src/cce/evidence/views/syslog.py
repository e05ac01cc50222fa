"""Where rsyslog (and syslogd) puts which messages: selectors, RainerScript, includes in place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Line, Unread
from cce.evidence.views import includes
from cce.evidence.views.once import once
from cce.evidence.views.selectors import EVERYTHING, Messages, both, either, selected, without
from cce.verdict import Fact

if TYPE_CHECKING:
    from cce.evidence.model import Evidence

RSYSLOG: Final = "/etc/rsyslog.conf"
SYSLOGD: Final = "/etc/syslog.conf"

_SELECTOR: Final = re.compile(r"((?:[\w*,!=.]+(?:;\s*|,\s+))*[\w*,!=]+\.[\w*,!=.]+);?\s+(\S.*)")
_MAX_FILES: Final = 200
_MAX_DEPTH: Final = 16
_DEFAULT_RULES: Final = "rsyslog_defaultruleset"
_NOTHING: Final[Messages] = {}
#: Kinds of destination that keep what they get. Users and consoles only show it.
KEEPING: Final = frozenset({"file", "remote", "module"})
_FILE_MODULES: Final = frozenset({"omfile", "builtin:omfile"})
_REMOTE_MODULES: Final = frozenset({"omfwd", "builtin:omfwd", "omrelp", "omgssapi", "omudpspoof"})
_SHOWING_MODULES: Final = frozenset({"omusrmsg", "builtin:omusrmsg"})
_LOSING_MODULES: Final = frozenset({"omstdout", "omtesting", "omdiscard", "builtin:omdiscard"})


@dataclass(frozen=True, slots=True)
class Route:
    """One action and the messages that reach it; ``None`` where a filter decides that is not read here."""

    messages: Messages | None
    kind: str  # file, remote, module, users, console, nowhere, discard, call
    target: str
    line: Line

    @property
    def fact(self) -> Fact:
        """The line as read, with single blanks."""
        return Fact(self.line.where, " ".join(self.line.text.split()))


def routes(evidence: Evidence, path: str) -> tuple[Route, ...]:
    """Every action in the order the daemon meets them; what was discarded before no longer reaches it.

    Raises
    ------
    Unread
        When the configuration or a file that it includes was not read, or there is none.
    """
    return tuple(_read(evidence, path).found)


def inputs(evidence: Evidence, path: str) -> frozenset[str] | None:
    """The modules that are loaded, in small letters; imuxsock only where it reads the system's own socket.

    ``None`` where the evidence names none: an older probe kept no such line.
    """
    reader = _read(evidence, path)
    if not reader.loaded:
        return None
    return frozenset(reader.loaded) - ({"imuxsock"} if reader.no_socket else set())


@once
def _read(evidence: Evidence, path: str) -> _Reader:
    if evidence.lines(path) is None:
        raise Unread(path, "absent")
    reader = _Reader(evidence)
    reader.file(path)
    return reader


def kept(found: tuple[Route, ...]) -> Messages:
    """The messages that end in a file, on another host or in a database."""
    total = _NOTHING
    for route in found:
        if route.kind in KEEPING and route.messages is not None:
            total = either(total, route.messages)
    return total


def uncertain(found: tuple[Route, ...]) -> bool:
    """Whether more may be kept than :func:`kept` says: by a filter or a ruleset not evaluated here."""
    return any(r.kind == "call" or (r.kind in KEEPING and r.messages is None) for r in found)


def shown(found: tuple[Route, ...]) -> Messages:
    """The messages that somebody sees: on a console or as a user who is logged in."""
    total = _NOTHING
    for route in found:
        if route.kind in {"users", "console"} and route.messages is not None:
            total = either(total, route.messages)
    return total


class _Reader:
    """Reads statement after statement; ``blocks`` are the filters of the braces around it."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.found: list[Route] = []
        self.loaded: set[str] = set()
        self.no_socket = False
        self.seen: set[str] = set()
        self.depth = 0
        self.left: Messages = EVERYTHING
        self.base: Messages = EVERYTHING
        self.blocks: list[Messages | None] = []
        self.filter: Messages | None = EVERYTHING  # of the statement that comes next
        self.last: Messages | None = EVERYTHING  # of the statement before, for `&`
        self.open = ""  # a statement whose parenthesis is not closed yet, or an `if` without its `then`

    def file(self, path: str) -> None:
        if path in self.seen:
            return
        if len(self.seen) >= _MAX_FILES or self.depth >= _MAX_DEPTH:
            raise Unread(path, "included too deep")
        self.seen.add(path)
        self.depth += 1
        for line in self.evidence.lines(path) or ():
            rest = f"{self.open} {line.text}" if self.open else line.text
            self.open = ""
            while rest := rest.strip():
                rest = self._statement(rest[:4000], line)
        if self.open:
            raise Unread(path, "a statement does not end")
        self.depth -= 1

    def _statement(self, text: str, line: Line) -> str:
        """Take one statement off the front; what is left of the line."""
        if text[0] in "{}":
            return self._brace(text)
        if self._loads(text):
            return ""
        word = re.match(
            r"(\$(?:includeconfig|ruleset)\b|(?:action|include|ruleset)(?=\s*\()|(?:if|else|call)\b|&)",
            text,
            re.IGNORECASE,
        )
        if word is not None:
            return self._keyword(word[1].lower(), text, line)
        if text[0] == ":" and not text.startswith(":om"):
            self.last = None  # a filter on a property: the next `&` is its own
            return ""
        if match := _SELECTOR.match(text):
            self.filter = selected(match[1])
            return match[2]
        self._action(text, line)
        return ""

    def _loads(self, text: str) -> bool:
        """Take note of a module; what its parameters are on lines of their own says nothing more."""
        low = text.lower()
        self.no_socket = self.no_socket or re.search(r"\bsyssock\.use\s*=\s*[\"']off", low) is not None
        if module := re.match(r"\$modload\s+(\S+)|(?:module\s*\(.*?\b)?load\s*=\s*[\"']([^\"']*)", low):
            self.loaded.add((module[1] or module[2]).removesuffix(".so"))
        return low.startswith(("$modload", "module", "load", "syssock."))

    def _keyword(self, word: str, text: str, line: Line) -> str:
        rest = text[len(word) :]
        argument = (rest.split() or ["/"])[0]
        if word == "$includeconfig":
            self._include(argument)
        elif word == "$ruleset":
            self.base = EVERYTHING if argument.lower() == _DEFAULT_RULES else _NOTHING
        elif word == "call":
            self._route("call", argument, line)
        else:
            return self._script(word, text, line)
        return ""

    def _script(self, word: str, text: str, line: Line) -> str:
        """A keyword of RainerScript; what is left of the line."""
        if word == "if":
            return self._condition(text)
        if word in {"else", "&"}:
            self.filter = self.last if word == "&" else None
            return text[len(word) :]
        return self._call(word, text, line)

    def _include(self, pattern: str) -> None:
        for path in includes.matching(self.evidence, pattern):
            self.file(path)

    def _brace(self, text: str) -> str:
        if text[0] == "{":
            self.blocks.append(self.filter)
        elif self.blocks:
            self.blocks.pop()
        self.filter = EVERYTHING
        return text[1:]

    def _call(self, name: str, text: str, line: Line) -> str:
        end = _closing(text)
        if end < 0:
            self.open = text
            return ""
        values = {k.lower(): v for k, _, v in re.findall(r"(\w+)\s*=\s*([\"'])(.*?)\2", text[:end])}
        if name == "include":
            self._include(values.get("file", "/"))
        elif name == "ruleset":
            self.filter = _NOTHING  # only what is bound to it: not the messages of this server
        else:
            whole = line if text[:end] in line.text else Line(line.source, line.number, text[:end])
            self._route(*_module(values), whole)
        return text[end:]

    def _condition(self, text: str) -> str:
        match = re.match(r"if\b(.*?)\bthen\b", text, re.IGNORECASE)
        if match is None:
            self.open = text
            return ""
        self.filter = _filter(match[1].strip())
        return text[match.end() :]

    def _action(self, text: str, line: Line) -> None:
        kind, target = _classic(text)
        if kind:
            self._route(kind, target, line)
        else:
            self.filter = EVERYTHING

    def _route(self, kind: str, target: str, line: Line) -> None:
        reached: Messages | None = self.left
        for part in (self.base, *self.blocks, self.filter):
            reached = None if reached is None or part is None else both(reached, part)
        if kind == "discard" and reached is not None:
            self.left = without(self.left, reached)
        self.found.append(Route(reached, kind, target, line))
        self.last, self.filter = self.filter, EVERYTHING


def _closing(text: str) -> int:
    """The index behind the parenthesis that closes the first one; -1 if none does."""
    depth, quote = 0, ""
    for index, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "()":
            depth += 1 if char == "(" else -1
            if depth == 0:
                return index + 1
    return -1


def _filter(condition: str) -> Messages | None:
    """The messages of a condition about facilities alone; ``None`` for any other."""
    if match := re.fullmatch(r"\(?\s*prifilt\(\s*[\"']([^\"']*)[\"']\s*\)\s*\)?", condition, re.IGNORECASE):
        return selected(match[1])
    facility = r"\(?\s*\$syslogfacility-text\s*==\s*(.*?)\s*\)?"
    if match := re.fullmatch(facility, condition, re.IGNORECASE):
        names = re.fullmatch(r"(?:[\"']\w+[\"']|\[[\"'\w\s,]*\])", match[1])
        return None if names is None else selected(",".join(re.findall(r"\w+", match[1])) + ".*")
    return None


def _module(values: dict[str, str]) -> tuple[str, str]:
    """Kind and target of an ``action()``."""
    module = values.get("type", "").lower()
    if module in _FILE_MODULES:
        return _path(values.get("file") or values.get("dynafile", ""))
    if module in _REMOTE_MODULES:
        return "remote", values.get("target", "")
    if module in _SHOWING_MODULES:
        return "users", values.get("users", "*")
    return ("nowhere" if module in _LOSING_MODULES or not module else "module"), module


def _classic(text: str) -> tuple[str, str]:
    """Kind and target of an action after a selector; an empty kind if it is no action."""
    target = text.split(maxsplit=1)[0].removeprefix("-")
    first = target[:1]
    if target in {"~", "stop", ":omdiscard:"}:
        return "discard", target
    if first == "/":
        return _path(target.split(";")[0])
    if first == "@":
        return "remote", target
    if target.startswith((":omusrmsg:", "*")) or re.fullmatch(r"[a-z_][\w,.-]*", target):
        return "users", target
    if first == "|":
        return ("nowhere" if target == "|/dev/xconsole" else "module"), target
    kind = "file" if first == "?" else "module" if target.startswith((":om", ">", "^")) else ""
    return kind, target


def _path(path: str) -> tuple[str, str]:
    if path == "/dev/null":
        return "nowhere", path
    return ("console" if re.match(r"/dev/(console|tty|xconsole)", path) else "file"), path
