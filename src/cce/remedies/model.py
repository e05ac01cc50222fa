"""A remedy as the YAML files hold it."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self, get_args

from pydantic import (
    BeforeValidator,
    Field,
    field_validator,
    model_validator,
)

from cce.bilingual import Both, FrozenData

#: Systems that do things in the same way: Debian, Ubuntu; RHEL, its rebuilds and Amazon Linux; SLES.
Family = Literal["debian", "rhel", "suse"]
FAMILIES: Final[tuple[Family, ...]] = get_args(Family)

#: When the new setting counts: at once, at the next login, after a reload, a restart, a reboot.
Effect = Literal["now", "login", "reload", "restart", "reboot"]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


_Families = Annotated[tuple[Family, ...], BeforeValidator(_listed)]


class Step(Both):
    """One thing to do: a sentence and, if a command does it, the commands.

    ``live`` marks what needs the running system (a service manager, the network, a terminal): it cannot be
    tried in a root directory. ``families`` are those that it is for.
    """

    run: str = ""
    live: bool = False
    families: _Families = FAMILIES


class Input(Both):
    """A shell variable that a person sets first, because only the server's verdict knows its value."""

    name: str = Field(pattern="^[a-z_][a-z0-9_]*$")
    example: str


class ByFamily(FrozenData):
    """Paths as a shell may expand them (``/etc/cron.d/*``, ``"$file"``): everywhere, and of one family."""

    any: tuple[str, ...] = ()
    debian: tuple[str, ...] = ()
    rhel: tuple[str, ...] = ()
    suse: tuple[str, ...] = ()

    def of(self, family: Family) -> tuple[str, ...]:
        """The paths on that family."""
        own: tuple[str, ...] = getattr(self, family)
        return (*self.any, *own)


def _everywhere(value: object) -> object:
    return {"any": value} if isinstance(value, list) else value


_Paths = Annotated[ByFamily, BeforeValidator(_everywhere)]


class Service(FrozenData):
    """A network service to switch off: its units, and expressions for its names to inetd and xinetd."""

    units: tuple[str, ...] = ()
    inetd: tuple[str, ...] = ()


class Value(FrozenData):
    """A threshold: the parameter ``param`` of ``rule``. Dots lead into lists: ``alternatives.0.1``."""

    rule: str
    param: str
    octal: bool = False
    otherwise: str = ""  # where the list that the dots lead into is empty


class When(Value):
    """A remedy for thresholds only whose ``bits`` are ``given`` to somebody, or to nobody."""

    bits: int
    given: bool

    @field_validator("bits", mode="before")
    @classmethod
    def _octal(cls, value: object) -> object:
        return int(value, 8) if isinstance(value, str) else value


def _several(value: object) -> object:
    return [value] if isinstance(value, dict) else value


#: Of several places of a threshold, the first that the item has counts.
_Values = Annotated[tuple[Value, ...], BeforeValidator(_several)]


class Remedy(FrozenData):
    """What to do about an item, what that may break, and the way back.

    ``items`` maps a benchmark's id to the items that it is for; several remedies may serve one item.
    ``when`` limits it to items with certain thresholds.
    ``values`` are put where commands and sentences say ``@name@``. ``changes`` are files whose contents the
    commands change or make, ``modes`` those of which they change owner and mode only: both are kept before
    and put back by the undo, as is the state of ``service``'s units.
    """

    id: str = Field(pattern="^[a-z0-9-]+$")
    items: dict[str, tuple[str, ...]]
    what: Both
    breaks: Both
    effect: Effect
    when: When | None = None
    values: dict[str, _Values] = Field(default_factory=dict)
    inputs: tuple[Input, ...] = ()
    changes: _Paths = ByFamily()
    modes: _Paths = ByFamily()
    service: Service | None = None
    do: tuple[Step, ...] = ()
    undo: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for family in FAMILIES:
            kept = self.service or self.changes.of(family) or self.modes.of(family)
            if not self.service and not any(family in step.families for step in self.do):
                message = f"remedy {self.id} says nothing to do on {family}"
                raise ValueError(message)
            if not kept and not any(family in step.families for step in self.undo):
                message = f"remedy {self.id} has no way back on {family}"
                raise ValueError(message)
        return self
