"""What rules share: guarded elements, types of parameters, wording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import BeforeValidator

from cce.evidence.model import Unread
from cce.rules.registry import check_of
from cce.text import Text
from cce.verdict import Check, Fact, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeVar

    from pydantic.fields import FieldInfo

    T = TypeVar("T")

#: What a thing that does not exist counts as: editions.md §2, one setting for the whole benchmark.
Unused = Literal["good", "not_applicable"]


def _octal(value: object) -> int:
    if isinstance(value, str) and value and set(value) <= set("01234567") and int(value, 8) <= 0o7777:  # noqa: PLR2004
        return int(value, 8)
    message = f'{value!r} is no file mode; write it in quotes and in octal: "0644"'
    raise ValueError(message)


#: A file mode or a umask; written in YAML as a quoted octal number, because a bare 644 is ambiguous there.
Mode = Annotated[int, BeforeValidator(_octal)]


def is_mode(field: FieldInfo) -> bool:
    """Whether a field of a rule's parameters is a :data:`Mode`, which people read in octal."""
    return any(getattr(entry, "func", None) is _octal for entry in field.metadata)


def unread_check(unread: Unread) -> Check:
    """The check of a fact that could not be read."""
    ko, en = (
        f"{unread.source} 확인 불가({unread.why})",
        f"{unread.source} could not be read: {unread.why}.",
    )
    return check_of(Verdict.ERROR, ko, en, Fact(unread.source, unread.why))


def guarded(elements: Iterable[T], checks: Callable[[T], Iterable[Check]]) -> Iterator[Check]:
    """Run ``checks`` over each element; one that could not be read does not hide the others."""
    for element in elements:
        try:
            yield from checks(element)
        except Unread as unread:
            yield unread_check(unread)


def by_policy(policy: Unused, ko: str, en: str, *facts: Fact) -> Check:
    """The check of something that does not exist, by the benchmark's setting."""
    return check_of(Verdict(policy), ko, en, *facts)


_SHOWN: Final = 5


def listed(names: Iterable[str]) -> Text:
    """The first names of a list and how many more there are."""
    all_names = list(dict.fromkeys(names))
    shown, more = ", ".join(all_names[:_SHOWN]), len(all_names) - _SHOWN
    return Text(f"{shown} 외 {more}건", f"{shown} and {more} more") if more > 0 else Text(shown, shown)
