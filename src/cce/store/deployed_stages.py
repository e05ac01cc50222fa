"""What deployed stages want of callers: signatures and addresses, from the snapshots in the data bucket.

The stage variable names the snapshot and comes with every request, so a deployment holds from its first
request on. A snapshot never changes, so it is read once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.gateway.acl import Acl

if TYPE_CHECKING:
    from cce.gateway.definition.stage import Stage
    from cce.gateway.message import Request
    from cce.gateway.relay.ports import Snapshots
    from cce.gateway.signing.ports import Place
    from cce.gateway.signing.settings import Hmac

#: Stages that a function keeps; a deployment makes a new one.
_KEPT: Final = 64


class DeployedStages:
    """Settings of deployed stages; see :class:`cce.gateway.signing.ports.StageSettings`."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots
        self._stages: dict[str, tuple[Stage, Acl]] = {}

    def settings(self, place: Place) -> Hmac | None:
        """How the stage wants its requests signed.

        Raises
        ------
        SnapshotError
            When the stage names no snapshot, or what it names cannot be read.
        StoreError
            When the bucket does not answer.
        """
        return self._stage(place.snapshot)[0].hmac

    def admits(self, place: Place, request: Request) -> bool:
        """Whether the stage's address list lets the caller in; raises what :meth:`settings` raises."""
        return self._stage(place.snapshot)[1].admits(request.client)

    def _stage(self, name: str) -> tuple[Stage, Acl]:
        if name not in self._stages:
            stage = self._snapshots.get(name).stage
            if len(self._stages) >= _KEPT:
                self._stages.clear()
            self._stages[name] = stage, Acl(stage.ip_acl)
        return self._stages[name]
