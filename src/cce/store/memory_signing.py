"""What checking signatures needs, in memory: the twins of the adapters, and the local server's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cce.errors import SecretError, StageSettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cce.gateway.signing.keys import Key
    from cce.gateway.signing.ports import Place
    from cce.gateway.signing.settings import Hmac


@dataclass
class MemorySecrets:
    """Secrets in a dict; see :class:`cce.gateway.signing.ports.Secrets`."""

    secrets: Mapping[str, tuple[Key, ...]]

    def keys(self, reference: str) -> tuple[Key, ...]:
        """The secrets valid now, the current one first."""
        if reference not in self.secrets:
            message = f"there is no secret {reference}"
            raise SecretError(message)
        return self.secrets[reference]


@dataclass
class MemoryReplays:
    """Used signatures in a dict; see :class:`cce.gateway.signing.ports.ReplayStore`."""

    used: dict[tuple[Place, str], tuple[str, datetime]] = field(default_factory=dict)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _full: int = 1024

    def first(self, place: Place, replay_key: str, request_id: str, expires: datetime) -> bool:
        """Note the signature; ``False`` if another request used it before."""
        if len(self.used) >= self._full:
            now = self.clock()
            self.used = {key: entry for key, entry in self.used.items() if entry[1] > now}
            self._full = max(1024, 2 * len(self.used))
        return self.used.setdefault((place, replay_key), (request_id, expires))[0] == request_id


@dataclass
class MemorySettings:
    """Settings of stages in a dict; see :class:`cce.gateway.signing.ports.StageSettings`."""

    stages: Mapping[Place, Hmac | None]

    def settings(self, place: Place) -> Hmac | None:
        """How the stage wants its requests signed."""
        if place not in self.stages:
            message = f"nothing is deployed on {place}"
            raise StageSettingsError(message)
        return self.stages[place]
