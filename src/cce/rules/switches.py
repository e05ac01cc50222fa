"""What a tailoring may know of a parameter: the policy switch that sets it, and which way is looser.

Both are annotations of a field of :class:`~cce.rules.registry.Params`, best of an alias that rules share,
so that a new rule is tailored without a word about it anywhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cce.rules.registry import Params
    from cce.text import Text


@dataclass(frozen=True, slots=True)
class Switch:
    """The policy switch that sets a parameter wherever an item has it.

    Parameters
    ----------
    name
        Its key below ``policy``. All parameters of one switch have one type.
    says
        What it decides.
    only
        Of the items that have the parameter, those it is about; ``None`` for all.
    adds
        It holds a list whose entries are added to what is there, each with its own reason.
    """

    name: str
    says: Text
    only: Callable[[Any], bool] | None = None
    adds: bool = False

    def sets(self, params: Params) -> bool:
        """Whether it is about an item with these parameters."""
        return self.only is None or self.only(params)


class Looser(StrEnum):
    """Which values of a parameter ask for less; stated only where it is certain."""

    HIGHER = "higher"
    LOWER = "lower"
    MORE_BITS = "more_bits"


def switch_of(params_type: type[Params], parameter: str) -> Switch | None:
    """The switch of a parameter, if it has one; a field's own wins over that of its alias."""
    metadata = reversed(params_type.model_fields[parameter].metadata)
    return next((entry for entry in metadata if isinstance(entry, Switch)), None)


def looser_of(params_type: type[Params], parameter: str) -> Looser | None:
    """Which way the parameter is looser, where that is certain."""
    metadata = params_type.model_fields[parameter].metadata
    return next((entry for entry in metadata if isinstance(entry, Looser)), None)


def switches_of(params_type: type[Params]) -> Iterator[tuple[str, Switch]]:
    """The parameters of a rule that a switch sets."""
    for parameter in params_type.model_fields:
        if (switch := switch_of(params_type, parameter)) is not None:
            yield parameter, switch
