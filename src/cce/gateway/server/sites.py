"""Stages by the first part of the path, as on AWS: ``/dev/members`` is ``/members`` of ``dev``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cce.gateway.blocking import Breaker, MemoryTroubles, Troubles
from cce.gateway.engine import Engine
from cce.gateway.relay.exchange import Exchange
from cce.gateway.relay.signatures import checks_of
from cce.gateway.signing.ports import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cce.gateway.serving import Serving
    from cce.gateway.signing.guard import Guard


@dataclass(frozen=True, slots=True)
class Site:
    """One stage that is served."""

    serving: Serving
    exchange: Exchange
    seconds: float

    @classmethod
    def of(cls, serving: Serving, guard: Guard, troubles: Troubles) -> Site:
        """Make a stage ready."""
        stage = serving.stage
        place = str(Place(serving.service, stage.name))
        breaker = Breaker(place, troubles, stage.blocking, stage.timeout_seconds)
        engine = Engine(serving, checks_of(serving, guard))
        return cls(serving, Exchange(engine, breaker), stage.timeout_seconds)


class Sites:
    """The stages of one service. The default stage has what begins with no other stage's name."""

    def __init__(self, servings: Iterable[Serving], guard: Guard) -> None:
        troubles = MemoryTroubles()
        self.by_name: Mapping[str, Site] = {
            serving.stage.name: Site.of(serving, guard, troubles) for serving in servings
        }

    def find(self, path: str) -> tuple[Site, str] | None:
        """The stage that a path on the wire names, and the path below it."""
        name, _, rest = path[1:].partition("/")
        if name and (site := self.by_name.get(name)):
            return site, f"/{rest}"
        default = self.by_name.get("")
        return (default, path) if default else None
