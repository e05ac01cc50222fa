"""A check is a function over the snapshot; a YAML file of its name beside it says what it means."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final, Literal, Protocol

import yaml
from pydantic import Field

from cce.bilingual import Both, FrozenData

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cce.doctor.model import Gap, Part, Snapshot
    from cce.text import Text

Severity = Literal["high", "medium", "low"]


class Meaning(FrozenData):
    """What a check's YAML file holds."""

    id: str = Field(pattern=r"^DOC-\d\d$")
    severity: Severity
    title: Both
    why: Both
    do: Both
    lessons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Saw:
    """What a check saw wrong: the thing and the values; ``severity`` if it is not the check's usual one."""

    resource: str
    text: Text
    severity: Severity | None = None


class Judge(Protocol):
    """Judges a snapshot; a :class:`Gap` is something that the snapshot does not tell."""

    def __call__(self, snapshot: Snapshot) -> Iterator[Saw | Gap]:
        """Say what is wrong."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check, what it means, and the parts of the snapshot without which it must not judge."""

    name: str
    meaning: Meaning
    needs: tuple[Part, ...]
    judge: Judge


#: The checks by id.
CHECKS: Final[dict[str, Check]] = {}


def check(*needs: Part) -> Callable[[Judge], Judge]:
    """Register a check that needs these parts; its meaning is in the YAML file named as the module."""

    def register(judge: Judge) -> Judge:
        name = getattr(judge, "__module__", "").rpartition(".")[2]
        text = resources.files("cce.doctor.checks").joinpath(f"{name}.yaml").read_text("utf-8")
        meaning = Meaning.model_validate(yaml.safe_load(text))
        if meaning.id in CHECKS:
            message = f"two checks are {meaning.id}: {CHECKS[meaning.id].name} and {name}"
            raise ValueError(message)
        CHECKS[meaning.id] = Check(name, meaning, needs, judge)
        return judge

    return register
