"""What the relay needs of the world; ``store`` gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cce.gateway.snapshot import Snapshot


class Snapshots(Protocol):
    """What stages are deployed from."""

    def get(self, name: str) -> Snapshot:
        """A snapshot by its name, ``{service}/{digest}``: the stage variable ``snapshot``.

        Raises
        ------
        SnapshotError
            When there is none, or it is not what its name says.
        StoreError
            When the bucket does not answer.
        """
