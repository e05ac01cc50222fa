"""The snapshots of deployed stages, in the data bucket: ``gateway/snapshots/{service}/{digest}.json``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol

from pydantic import ValidationError

from cce.errors import SnapshotError
from cce.gateway.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

#: What a name may be: it becomes a part of a key.
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}/[0-9a-f]{64}")


class _Reads(Protocol):
    @property
    def get(self) -> Callable[[str], bytes | None]: ...


class DeployedSnapshots:
    """Snapshots; see :class:`cce.gateway.relay.ports.Snapshots`.

    ``objects`` is the bucket, or its twin in memory.
    """

    def __init__(self, objects: _Reads) -> None:
        self._objects = objects

    def get(self, name: str) -> Snapshot:
        """The snapshot of that name."""
        if not _NAME.fullmatch(name):
            message = f"the stage variable snapshot is {name[:80]!r}, not service/digest; deploy the stage"
            raise SnapshotError(message)
        key = key_of(name)
        body = self._objects.get(key)
        if body is None:
            message = f"there is no object {key}, from which the stage was deployed; deploy the stage again"
            raise SnapshotError(message)
        try:
            snapshot = Snapshot.model_validate_json(body)
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in problem["loc"])
            message = f"{key}: {place}: {problem['msg']}; deploy the stage again"
            raise SnapshotError(message) from error
        if name != f"{snapshot.service}/{snapshot.digest}":
            message = f"{key} is not what its name says; deploy the stage again"
            raise SnapshotError(message)
        return snapshot


def key_of(name: str) -> str:
    """The object that a snapshot is in."""
    return f"gateway/snapshots/{name}.json"
