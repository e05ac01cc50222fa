"""Reads API Gateway's mapping templates: the part of Velocity that our compiler writes, and nothing beyond.

MiniStack does not evaluate templates of mock integrations. What this reader does not know it refuses, so that
a template that means more than was meant fails a test instead of passing unread.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_plus

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_DIRECTIVE: Final = re.compile(r"#(set|if|elseif|else|end)\b")
_LINE_END: Final = re.compile(r"[ \t]*(?:\r\n|\r|\n)")


class TemplateError(Exception):
    """The template holds what this reader does not know; the text says what and where."""


@dataclass
class Answer:
    """What a template makes: the body, and what it overrides."""

    body: str = ""
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)


def render(
    template: str, *, path: Mapping[str, str], headers: Mapping[str, str], request_id: str = "request"
) -> Answer:
    """Evaluate a response template for the path variables and headers of a request.

    Raises
    ------
    TemplateError
        For whatever this reader does not know.
    """
    reader = _Reader(template, {"path": dict(path), "header": dict(headers)}, request_id)
    reader.answer.body = reader.block(writes=True, stops=())
    if not reader.at_end:
        reader.fail("is left over")
    return reader.answer


class _Reader:
    def __init__(self, text: str, params: dict[str, dict[str, str]], request_id: str) -> None:
        self.text, self.place = text, 0
        self.params, self.request_id = params, request_id
        self.variables: dict[str, Any] = {}
        self.answer = Answer()

    @property
    def at_end(self) -> bool:
        return self.place >= len(self.text)

    def fail(self, why: str) -> None:
        raise TemplateError(f"{self.text[self.place : self.place + 40]!r} {why}")

    def block(self, *, writes: bool, stops: tuple[str, ...]) -> str:
        """Read to one of the directives named, which is left for the caller."""
        written: list[str] = []
        while not self.at_end:
            char = self.text[self.place]
            found = _DIRECTIVE.match(self.text, self.place)
            if found and found[1] in stops:
                break
            if found:
                written.append(self._directive(found[1], writes=writes))
            elif char == "$":
                written.append(_shown(self._reference(), self.text))
            elif char in "#\\":
                self.fail("is neither a directive nor a text")
            else:
                written.append(char)
                self.place += 1
        return "".join(written) if writes else ""

    def _directive(self, name: str, *, writes: bool) -> str:
        if name == "set":
            self._take("#set(")
            target = self._target()
            self._blank("=")
            value = self._expression()
            self._take(")")
            self._line_end()
            if writes:
                self._assign(target, value)
            return ""
        if name != "if":
            self.fail("stands without its #if")
        return self._conditional(writes=writes)

    def _conditional(self, *, writes: bool) -> str:
        done, written = False, ""
        while True:
            found = _DIRECTIVE.match(self.text, self.place)
            name = found[1] if found else ""
            self._take(f"#{name}")
            if name == "end":
                return written
            holds = True
            if name != "else":
                self._take("(")
                holds = self._condition()
                self._take(")")
            chosen = writes and holds and not done
            made = self.block(writes=chosen, stops=("elseif", "else", "end"))
            done = done or holds
            written = made if chosen else written

    def _condition(self) -> bool:
        holds = self._comparison()
        while self._skip("||"):
            holds = self._comparison() or holds
        return holds

    def _comparison(self) -> bool:
        left = self._expression()
        if self._skip("=="):
            return bool(left == self._expression())
        return bool(left)

    def _expression(self) -> Any:  # noqa: ANN401 - a value of Velocity
        self._blank()
        char = self.text[self.place : self.place + 1]
        if char == "$":
            value = self._reference()
        elif char in {"'", '"'}:
            value = self._string(char)
        elif number := re.compile(r"\d+").match(self.text, self.place):
            self.place = number.end()
            value = int(number[0])
        else:
            self.fail("is no value")
        self._blank()
        return value

    def _string(self, quote: str) -> str:
        end = self.text.find(quote, self.place + 1)
        if end < 0:
            self.fail("is not closed")
        inner, self.place = self.text[self.place + 1 : end], end + 1
        if quote == "'" or not re.search(r"[$#]", inner):
            return inner
        nested = _Reader(inner, self.params, self.request_id)
        nested.variables, nested.answer = self.variables, self.answer
        return nested.block(writes=True, stops=())

    def _reference(self) -> Any:  # noqa: ANN401
        self._take("$")
        braced = self._skip("{")
        value = self._root(self._word())
        while self.text[self.place : self.place + 1] == "." and _NAME.match(self.text, self.place + 1):
            self.place += 1
            value = self._step(value, self._word())
        if braced:
            self._take("}")
        return value

    def _root(self, name: str) -> Any:  # noqa: ANN401
        if name in {"input", "util", "context"}:
            return name
        if name not in self.variables:
            self.fail(f"follows ${name}, which nothing set")
        return self.variables[name]

    def _step(self, value: Any, name: str) -> Any:  # noqa: ANN401
        if not self._skip("("):
            if value == "context" and name == "requestId":
                return self.request_id
            if isinstance(value, dict) and name in {"path", "header"}:
                return value[name]
            self.fail(f"follows .{name}, which is not known")
        arguments = [self._expression()] if self.text[self.place] != ")" else []
        while self._skip(","):
            arguments.append(self._expression())
        self._take(")")
        return self._called(value, name, arguments)

    def _called(self, value: Any, name: str, given: list[Any]) -> Any:  # noqa: ANN401
        if (value, name, given) == ("input", "params", []):
            return self.params
        if isinstance(value, dict) and name == "get":
            return value.get(given[0])
        if (value, name) == ("util", "urlDecode"):
            return unquote_plus(given[0])
        if (value, name) == ("util", "escapeJavaScript"):
            return escape_java_script(given[0])
        if isinstance(value, str) and name == "replaceAll":
            return re.sub(given[0].replace(r"\p{Cntrl}", r"[\x00-\x1f\x7f]"), lambda _: given[1], value)
        self.fail(f"follows .{name}(), which is not known")
        return None

    def _target(self) -> tuple[str, ...]:
        self._take("$")
        words = [self._word()]
        while self._skip("."):
            words.append(self._word())
        return tuple(words)

    def _assign(self, target: tuple[str, ...], value: Any) -> None:  # noqa: ANN401
        match target:
            case ("context", "responseOverride", "status"):
                self.answer.status = value
            case ("context", "responseOverride", "header", name):
                self.answer.headers[name] = value
            case (name,):
                self.variables[name] = value
            case _:
                self.fail(f"follows {target}, which cannot be set")

    def _word(self) -> str:
        found = _NAME.match(self.text, self.place)
        if not found:
            raise TemplateError(f"{self.text[self.place : self.place + 40]!r} is no name")
        self.place = found.end()
        return found[0]

    def _take(self, wanted: str) -> None:
        if not self._skip(wanted):
            self.fail(f"should be {wanted}")

    def _skip(self, wanted: str) -> bool:
        if not self.text.startswith(wanted, self.place):
            return False
        self.place += len(wanted)
        return True

    def _blank(self, around: str = "") -> None:
        for wanted in (around, "") if around else ("",):
            while self.text[self.place : self.place + 1] == " ":
                self.place += 1
            if wanted:
                self._take(wanted)

    def _line_end(self) -> None:
        if found := _LINE_END.match(self.text, self.place):
            self.place = found.end()


def escape_java_script(text: str) -> str:
    """What ``$util.escapeJavaScript`` makes of a text: both quotes and the slash are escaped too."""
    return json.dumps(text)[1:-1].replace("'", "\\'").replace("/", "\\/")


def _shown(value: Any, text: str) -> str:  # noqa: ANN401
    if not isinstance(value, (str, int)):
        raise TemplateError(f"a reference of {text[:60]!r} has no text: {value!r}")
    return str(value)
