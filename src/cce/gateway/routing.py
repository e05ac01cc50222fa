"""Finds the resource that a path means without trying every template: built once, asked per request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from cce.gateway.paths import Kind, parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cce.gateway.paths import PathTemplate

Found = TypeVar("Found")


@dataclass(slots=True)
class _Node(Generic[Found]):
    """What can follow the segments so far; ``here`` ends with them, ``rest`` takes all that follows."""

    literals: dict[str, _Node[Found]] = field(default_factory=dict)
    variable: _Node[Found] | None = None
    here: _End[Found] | None = None
    rest: _End[Found] | None = None


@dataclass(frozen=True, slots=True)
class _End(Generic[Found]):
    names: tuple[str, ...]
    found: Found


class Router(Generic[Found]):
    """Chooses as :func:`cce.gateway.paths.find` does: literal before ``{v}`` before ``{v+}``."""

    def __init__(self, resources: Mapping[PathTemplate, Found]) -> None:
        self._root: _Node[Found] = _Node()
        for template, found in resources.items():
            self._add(template, found)

    def find(self, path: str) -> tuple[Found, dict[str, str]] | None:
        """The resource and its variables' values, still percent-encoded; ``None`` if there is none."""
        if not path.startswith("/"):  # the targets of OPTIONS * and CONNECT
            return None
        hit = _walk(self._root, parts(path), 0, ())
        if hit is None:
            return None
        end, values = hit
        return end.found, dict(zip(end.names, values, strict=True))

    def _add(self, template: PathTemplate, found: Found) -> None:
        node, end = self._root, _End(tuple(template.variables), found)
        for segment in template.segments:
            if segment.kind is Kind.GREEDY:
                node.rest = end
                return
            if segment.kind is Kind.VARIABLE:
                node.variable = node.variable or _Node()
                node = node.variable
            else:
                node = node.literals.setdefault(segment.text, _Node())
        node.here = end


def _walk(
    node: _Node[Found], given: list[str], place: int, values: tuple[str, ...]
) -> tuple[_End[Found], tuple[str, ...]] | None:
    if place == len(given):
        return (node.here, values) if node.here else None
    part = given[place]
    if (child := node.literals.get(part)) and (hit := _walk(child, given, place + 1, values)):
        return hit
    if node.variable and part and (hit := _walk(node.variable, given, place + 1, (*values, part))):
        return hit
    rest = "/".join(given[place:])
    return (node.rest, (*values, rest)) if node.rest and rest else None
