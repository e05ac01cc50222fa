"""Paths that an organisation accepts with a reason, and the check that names them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from cce.rules.common import listed
from cce.rules.registry import good
from cce.text import visible
from cce.verdict import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cce.evidence.model import Hit
    from cce.text import Text
    from cce.verdict import Check


def one_line(text: str) -> str:
    """Make text of a file fit for one line of a report."""
    return visible(" ".join(text.split()))


#: Why something departs from the guide; whoever reads the report reads it.
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    AfterValidator(one_line),
]
#: A ticket, a decision, a paragraph of the house's rules.
Reference = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(one_line)]

_WILD: Final = frozenset("*?[")


def _pattern(text: str) -> str:
    first, *rest = text.split("/")
    if first or not rest or {"", ".", ".."} & set(rest):
        message = "a path begins with / and has no empty, '.' or '..' part; all below it is written /path/**"
        raise ValueError(message)
    if _WILD & set(rest[0]):
        message = (
            "the first directory must be named: a pattern that begins with a wildcard accepts everything"
        )
        raise ValueError(message)
    if any("**" in part and part != "**" for part in rest):
        message = "** stands alone between two slashes"
        raise ValueError(message)
    return text


#: A path, or a pattern of paths: ``*``, ``?``, ``[…]`` within a name, ``**`` for any directories.
PathPattern = Annotated[str, StringConstraints(max_length=500), AfterValidator(_pattern)]


class Acceptance(BaseModel):
    """A path that is accepted, why, and by which decision."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: PathPattern
    reason: Reason
    reference: Reference = ""

    @property
    def literal(self) -> bool:
        """Whether it names one path and is no pattern."""
        return not _WILD & set(self.path)

    def covers(self, path: str) -> bool:
        """Whether it is about that path."""
        return path == self.path if self.literal else matches(path, self.path)


def matches(path: str, pattern: str) -> bool:
    """Match part by part: a wildcard never crosses a slash, ``**`` stands for any number of directories.

    At the end ``**`` means everything below, so at least one part.

    Examples
    --------
    >>> matches("/srv/share/a/b", "/srv/share/**"), matches("/srv/share/a/b", "/srv/share/*")
    (True, False)
    """
    wanted = pattern.split("/")
    reached = {0}
    for name in path.split("/"):
        reached = {after for at in _skipping(reached, wanted) for after in _steps(at, name, wanted)}
    return len(wanted) in reached


def _skipping(reached: set[int], wanted: Sequence[str]) -> set[int]:
    """A ``**`` in the middle may stand for no directory at all."""
    found, last = set(reached), len(wanted) - 1
    for at in sorted(reached):
        here = at
        while here < last and wanted[here] == "**":
            here += 1
            found.add(here)
    return found


def _steps(at: int, name: str, wanted: Sequence[str]) -> tuple[int, ...]:
    if at == len(wanted):
        return ()
    if wanted[at] == "**":
        return (at, at + 1) if at == len(wanted) - 1 else (at,)
    return (at + 1,) if fnmatchcase(name, wanted[at]) else ()


def split_accepted(
    hits: Iterable[Hit], acceptances: Sequence[Acceptance], may: Callable[[Hit, Acceptance], bool]
) -> tuple[list[tuple[Hit, Acceptance]], list[Hit]]:
    """The hits that an acceptance is about and ``may`` cover, each with the first of them, and the others."""
    accepted, others = [], []
    for hit in hits:
        found = next((a for a in acceptances if may(hit, a)), None)
        if found is None:
            others.append(hit)
        else:
            accepted.append((hit, found))
    return accepted, others


def accepted_check(source: str, what: Text, accepted: Sequence[tuple[Hit, Acceptance]]) -> Check:
    """The check that lists every accepted file with the reason of its acceptance."""
    names = listed(f"{hit.path} ({acceptance.reason})" for hit, acceptance in accepted)
    facts = tuple(
        Fact(source, f"{hit.path} {hit.shown}, accepted by {acceptance.path}") for hit, acceptance in accepted
    )
    ko = f"사유가 등록되어 허용된 {what.ko} {len(accepted)}건: {names.ko}"
    return good(ko, f"{what.en}, accepted with a reason ({len(accepted)}): {names.en}.", *facts)
