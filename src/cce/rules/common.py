"""What rules share: guarded elements, types of parameters, wording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from cce.evidence.model import Unread
from cce.rules.registry import Params, check_of
from cce.rules.switches import Looser, Switch
from cce.text import Text
from cce.verdict import Check, Fact, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeVar

    from pydantic.fields import FieldInfo

    T = TypeVar("T")

UNUSED_SERVICE: Final = Switch(
    "unused_service",
    Text(
        "사용하지 않는 서비스의 항목을 양호로 볼지 해당없음으로 볼지",
        "What the items of a service that is not in use count as",
    ),
)
#: What a thing that does not exist counts as: editions.md §2, one setting for the whole benchmark.
Unused = Annotated[Literal["good", "not_applicable"], UNUSED_SERVICE]


class ServiceParams(Params):
    """What a service that is not in use counts as."""

    unused: Unused = "good"


def _octal(value: object) -> int:
    if isinstance(value, str) and value and set(value) <= set("01234567") and int(value, 8) <= 0o7777:  # noqa: PLR2004
        return int(value, 8)
    message = f'{value!r} is no file mode; write it in quotes and in octal: "0644"'
    raise ValueError(message)


#: A file mode or a umask; written in YAML as a quoted octal number, because a bare 644 is ambiguous there.
Mode = Annotated[
    int,
    BeforeValidator(_octal),
    PlainSerializer(lambda mode: f"{mode:04o}", when_used="json"),
    WithJsonSchema({"type": "string", "pattern": "^[0-7]{1,4}$"}),
]

#: A threshold that a value must not exceed: a higher one asks for less.
AtMost = Annotated[int, Field(ge=1), Looser.HIGHER]
#: A threshold that a value must reach: a lower one asks for less.
AtLeast = Annotated[int, Field(ge=1), Looser.LOWER]


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


def collected(*looks: Callable[[], Iterable[Fact]]) -> list[Fact]:
    """The facts for a person to judge; what could not be read is said among them and hides no other."""
    facts: list[Fact] = []
    for look in looks:
        try:
            facts += look()
        except Unread as unread:
            facts.append(Fact(unread.source, f"could not be read: {unread.why}"))
    return facts


def require_collected(look: Callable[[], object]) -> None:
    """Raise Unread where nothing was collected that a person could be shown; denied is something to show."""
    try:
        look()
    except Unread as unread:
        if unread.why == "not collected":
            raise


def by_policy(
    policy: Literal["good", "vulnerable", "not_applicable"], ko: str, en: str, *facts: Fact
) -> Check:
    """The check of something that the guide leaves open, such as what does not exist: a parameter decides."""
    return check_of(Verdict(policy), ko, en, *facts)


def not_in_use(policy: Unused, service: str, en: str, source: str) -> Check:
    """The check of a service that is not in use; ``service`` is its Korean name, ``source`` that in facts."""
    return by_policy(policy, f"{service}를 사용하지 않음", en, Fact(source, "not in use"))


_SHOWN: Final = 5


def listed(names: Iterable[str]) -> Text:
    """The first names of a list and how many more there are."""
    all_names = list(dict.fromkeys(names))
    shown, more = ", ".join(all_names[:_SHOWN]), len(all_names) - _SHOWN
    return Text(f"{shown} 외 {more}건", f"{shown} and {more} more") if more > 0 else Text(shown, shown)
