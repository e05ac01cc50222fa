"""What a function reads again and again, kept for a while."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Name = TypeVar("Name", bound="Hashable")
Value = TypeVar("Value")


class Kept(Generic[Name, Value]):
    """Values by name, each read anew once it is older than so many seconds.

    What cannot be read is not kept, and no old value stands in for it: a secret that was taken back must not
    go on being good because Secrets Manager does not answer.
    """

    def __init__(
        self, read: Callable[[Name], Value], seconds: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._read = read
        self._seconds = seconds
        self._clock = clock
        self._values: dict[Name, tuple[float, Value]] = {}

    def get(self, name: Name) -> Value:
        """The value, at most so many seconds old; raises what reading it raises."""
        found = self._values.get(name)
        if found and self._clock() - found[0] < self._seconds:
            return found[1]
        self._values.pop(name, None)
        started = self._clock()
        value = self._read(name)
        self._values[name] = started, value
        return value
