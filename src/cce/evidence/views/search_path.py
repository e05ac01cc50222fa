"""The PATH that start files build up, each element with the statement it comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cce.evidence.views.shell import Statement

_OLD: Final = "$PATH"
_MAX_BRANCHES: Final = 16
_OPTIONAL: Final = re.compile(r"\$\{PATH:?\+(:?)\$\{?PATH\}?(:?)\}")
_BRACED: Final = re.compile(r"\$\{PATH[^}]*\}")


@dataclass(frozen=True, slots=True)
class Element:
    """One directory of a PATH, as written, and the statement that put it there."""

    text: str
    statement: Statement

    @property
    def relative(self) -> bool:
        """Whether it depends on the current directory: ``.``, empty, ``bin``. A variable does not count."""
        return not self.text.startswith(("/", "$", "~"))


Path = tuple[Element, ...]


def built(statements: Iterable[Statement], start: Path = ()) -> list[Path]:
    """The values that PATH may have in the end.

    Several, because conditions are not evaluated: assignments of one file without ``$PATH`` are
    branches of one decision; one in a later file replaces what was before.
    """
    values, last_file = [start], ""
    for statement in statements:
        elements = _assigned(statement)
        if elements is None:
            continue
        builds_on = any(e.text == _OLD for e in elements)
        new = [_joined(elements, value) for value in values]
        if not builds_on and last_file == statement.line.source:
            new = [*values, elements]
        elif not builds_on:
            new = [elements]
        values = list(dict.fromkeys(new))[:_MAX_BRANCHES]
        last_file = statement.line.source
    return values


def _joined(elements: Path, old: Path) -> Path:
    return tuple(e for element in elements for e in (old if element.text == _OLD else (element,)))


def _assigned(statement: Statement) -> Path | None:
    """The elements that the statement assigns; RHEL's ``pathmunge`` and csh's ``set path`` count too."""
    text = statement.text
    if munge := re.search(r"(?:^|\s)pathmunge\s+([^\s()]+)(\s+after)?", text):
        added = munge[1].strip("\"'")
        return _elements([_OLD, added] if munge[2] else [added, _OLD], statement)
    if csh := re.search(r"(?:^|\s)set\s+path\s*=\s*\(([^)]*)\)?", text):
        return _elements([_OLD if w in {"$path", "$PATH"} else w for w in csh[1].split()], statement)
    if setenv := re.search(r"(?:^|\s)setenv\s+PATH\s+(\S+)", text):
        value: str | None = setenv[1].strip("\"'")
    elif (added := statement.appended("PATH")) is not None:
        value = f"{_OLD}{added}"
    else:
        value = statement.assigned("PATH")
    if value is None:
        return None
    value = _BRACED.sub(_OLD, _OPTIONAL.sub(r"\1$PATH\2", value))
    return _elements(value.split(":"), statement)


def _elements(texts: list[str], statement: Statement) -> Path:
    return tuple(Element(text, statement) for text in texts)
