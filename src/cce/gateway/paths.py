"""Resource paths with variables, and which of them a request's path means.

``{v}`` stands for one segment, ``{v+}`` for one or more to the end. A trailing ``/`` means nothing:
``/products/`` and ``/products`` are one resource. Of several paths that fit, the most specific wins, decided
at the first segment that differs: a literal before ``{v}`` before ``{v+}``, as API Gateway chooses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Characters of a full path with its braces (row 9).
LIMIT: Final = 255

_VARIABLE: Final = re.compile(r"\{([A-Za-z0-9_]+)(\+?)\}")
_LITERAL: Final = re.compile(r"[A-Za-z0-9._+-]+")

Found = TypeVar("Found")


class Kind(IntEnum):
    """What a segment fits; the smaller, the more specific."""

    LITERAL = 0
    VARIABLE = 1
    GREEDY = 2


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a path between slashes; ``text`` is the literal or the variable's name."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """A resource's full path. ``text`` is its one spelling, without a trailing slash."""

    text: str
    segments: tuple[Segment, ...]

    @property
    def variables(self) -> dict[str, bool]:
        """The variables by name, and whether each is a greedy one."""
        return {
            segment.text: segment.kind is Kind.GREEDY
            for segment in self.segments
            if segment.kind is not Kind.LITERAL
        }

    @property
    def specificity(self) -> tuple[Kind, ...]:
        """Compares paths that fit the same request: the smaller is the more specific."""
        return tuple(segment.kind for segment in self.segments)

    def within(self, parent: PathTemplate) -> bool:
        """Whether this path is the other one or below it."""
        return self.segments[: len(parent.segments)] == parent.segments

    def match(self, path: str) -> dict[str, str] | None:
        """The variables' values in a request's path, still percent-encoded; ``None`` if it does not fit."""
        given = parts(path)
        values: dict[str, str] = {}
        for place, segment in enumerate(self.segments):
            if place >= len(given):
                return None
            if segment.kind is Kind.GREEDY:
                rest = "/".join(given[place:])
                return {**values, segment.text: rest} if rest else None
            if segment.kind is Kind.VARIABLE and given[place]:
                values[segment.text] = given[place]
            elif segment.kind is Kind.VARIABLE or segment.text != given[place]:
                return None
        return values if len(given) == len(self.segments) else None


def parse(text: str) -> PathTemplate:
    """Read a resource path.

    Raises
    ------
    ValueError
        When it is none; the text says why and what to do.
    """
    if not text.startswith("/"):
        raise ValueError(f"the path {text!r} must begin with /")
    spelling = text.rstrip("/") or "/"
    if len(text) > LIMIT:
        raise ValueError(f"the path has {len(text)} characters; {LIMIT} are allowed, braces counted")
    segments = tuple(_segment(part) for part in parts(spelling))
    for segment in segments[:-1]:
        if segment.kind is Kind.GREEDY:
            raise ValueError(
                f"nothing can be below {{{segment.text}+}}, which takes the whole rest of the path"
            )
    names = [segment.text for segment in segments if segment.kind is not Kind.LITERAL]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"the variable {name} stands twice in the path; give each its own name")
    return PathTemplate(spelling, segments)


def find(path: str, resources: Mapping[PathTemplate, Found]) -> tuple[Found, dict[str, str]] | None:
    """The resource that a request's path means and the values of its variables; ``None`` if there is none."""
    fitting = [
        (template.specificity, values, found)
        for template, found in resources.items()
        if (values := template.match(path)) is not None
    ]
    if not fitting:
        return None
    _, values, found = min(fitting, key=lambda fit: fit[0])
    return found, values


def parts(path: str) -> list[str]:
    """Cut a path at its slashes; a trailing one adds nothing."""
    found = path.removeprefix("/").split("/")
    return found if found[-1] else found[:-1]


def _segment(part: str) -> Segment:
    if variable := _VARIABLE.fullmatch(part):
        return Segment(Kind.GREEDY if variable[2] else Kind.VARIABLE, variable[1])
    if _LITERAL.fullmatch(part):
        return Segment(Kind.LITERAL, part)
    if not part:
        raise ValueError("a segment of the path is empty; remove the doubled /")
    raise ValueError(f"the segment {part!r} is neither {{name}}, {{name+}} nor letters, digits and . _ + -")
