"""PAM stacks with their includes resolved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cce.evidence.views.includes import Budget
from cce.evidence.views.once import once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.evidence.model import Evidence, Line
    from cce.verdict import Fact

_DIRECTORY: Final = "/etc/pam.d"
#: type, control (a word or a bracketed list), module or file, arguments
_LINE: Final = re.compile(
    r"-?(auth|account|password|session)\s+(\[[^]]*\]|\S+)\s+(\S+)\s*(.*)", re.IGNORECASE
)
_INCLUDE: Final = re.compile(r"@include\s+(\S+)")
_ARGUMENT: Final = re.compile(r"\[((?:\\.|[^]\\])*)\]|(\S+)")


@dataclass(frozen=True, slots=True)
class PamLine:
    """One active module of a stack."""

    control: str
    module: str  # without directory and .so: pam_unix
    arguments: tuple[str, ...]
    line: Line

    def option(self, name: str) -> str | None:
        """The value of ``name=value``, the last one given; ``None`` if it is not there."""
        values = [a.partition("=")[2] for a in self.arguments if a.startswith(f"{name}=")]
        return values[-1] if values else None

    @property
    def denies(self) -> bool:
        """Whether a failure of the module fails the stack: not so for ``optional`` and ``sufficient``."""
        if not self.control.startswith("["):
            return self.control in {"required", "requisite"}
        failing = re.search(r"default=(\w+)", self.control)
        return failing is not None and failing[1] in {"bad", "die"}

    @property
    def ends_by_failing(self) -> bool:
        """Whether the modules after it are not asked any more when it fails."""
        if not self.control.startswith("["):
            return self.control == "requisite"
        return re.search(r"default=die\b", self.control) is not None and "auth_err=" not in self.control

    @property
    def fact(self) -> Fact:
        """The line as read."""
        return self.line.fact


@once
def stack(evidence: Evidence, service: str, kind: str) -> tuple[PamLine, ...] | None:
    """The modules of one stack in the order PAM asks them.

    Parameters
    ----------
    service
        The name of a file in ``/etc/pam.d``, such as ``sshd``.
    kind
        ``auth``, ``account``, ``password`` or ``session``.

    Returns
    -------
    tuple of PamLine or None
        ``None`` if the server has no such service.

    Raises
    ------
    Unread
        When a file of the stack was not read, or there are too many.
    """
    path = f"{_DIRECTORY}/{service}"
    if evidence.lines(path) is None:
        return None
    return tuple(_modules(evidence, path, kind, (), Budget()))


def _modules(
    evidence: Evidence, path: str, kind: str, above: tuple[str, ...], budget: Budget
) -> Iterator[PamLine]:
    if path in above:  # PAM itself refuses a circle
        return
    budget.spend(path)
    for line in evidence.lines(path) or ():
        if include := _INCLUDE.match(line.text):
            yield from _modules(evidence, _file(include[1]), kind, (*above, path), budget)
            continue
        match = _LINE.fullmatch(line.text.strip())
        if match is None or match[1].lower() != kind:
            continue
        control = match[2].lower()
        if control in {"include", "substack"}:
            yield from _modules(evidence, _file(match[3]), kind, (*above, path), budget)
        else:
            yield PamLine(control, _module(match[3]), _arguments(match[4]), line)


def _file(name: str) -> str:
    return name if name.startswith("/") else f"{_DIRECTORY}/{name}"


def _module(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".so")


def _arguments(text: str) -> tuple[str, ...]:
    return tuple(bracketed or plain for bracketed, plain in _ARGUMENT.findall(text.partition("#")[0]))
