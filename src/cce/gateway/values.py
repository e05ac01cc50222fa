"""Texts with path variables in them: ``${request.path.name}``, ``${request.path.name+}`` for a greedy one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_REFERENCE: Final = re.compile(r"\$\{([^}]*)\}")
_PATH: Final = re.compile(r"request\.path\.([A-Za-z0-9_]+)(\+?)")


@dataclass(frozen=True, slots=True)
class Reference:
    """A path variable named in a text."""

    name: str
    greedy: bool


@dataclass(frozen=True, slots=True)
class Value:
    """A text, cut at its variables."""

    parts: tuple[str | Reference, ...]

    @property
    def static(self) -> bool:
        """Whether it names no variable."""
        return not any(isinstance(part, Reference) for part in self.parts)

    @property
    def alone(self) -> Reference | None:
        """The variable, if the text is one variable and nothing else."""
        only = self.parts[0] if len(self.parts) == 1 else None
        return only if isinstance(only, Reference) else None

    def render(self, values: Mapping[str, str], show: Callable[[str], str] = str) -> str:
        """The text with the values in place, each passed through ``show`` (an encoder) first."""
        return "".join([part if isinstance(part, str) else show(values[part.name]) for part in self.parts])


def parse(text: str, variables: Mapping[str, bool]) -> Value:
    """Read a text that may name the variables of a path.

    Parameters
    ----------
    variables
        What the path declares (:attr:`cce.gateway.paths.PathTemplate.variables`).

    Raises
    ------
    ValueError
        When it names something else; the text says what may be named.
    """
    parts: list[str | Reference] = []
    end = 0
    for found in _REFERENCE.finditer(text):
        parts.append(text[end : found.start()])
        parts.append(_reference(found, variables))
        end = found.end()
    parts.append(text[end:])
    return Value(tuple(part for part in parts if part != ""))


def _reference(found: re.Match[str], variables: Mapping[str, bool]) -> Reference:
    written = _PATH.fullmatch(found[1])
    if not written:
        raise ValueError(
            f"{found[0]} is no variable; write ${{request.path.NAME}} or ${{request.path.NAME+}}"
        )
    name, greedy = written[1], bool(written[2])
    if name not in variables:
        declared = ", ".join(variables) or "none"
        raise ValueError(f"{found[0]}: the path declares no variable {name} (it declares: {declared})")
    if variables[name] is not greedy:
        right = f"${{request.path.{name}{'+' if variables[name] else ''}}}"
        raise ValueError(f"{found[0]}: the path declares it otherwise; write {right}")
    return Reference(name, greedy)
