"""The signing of deployed stages, from the snapshots in the data bucket."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final, Protocol

from pydantic import BaseModel, ValidationError

from cce.errors import StageSettingsError
from cce.gateway.signing.settings import Hmac
from cce.store.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from cce.gateway.signing.ports import Place

#: How long after a deployment a function may still go by the one before.
SECONDS: Final = 30


class _Stage(BaseModel):
    hmac: Hmac | None  # no default: a snapshot that does not say is not open


class _Snapshot(BaseModel):
    stage: _Stage


class _Reads(Protocol):
    def get(self, key: str) -> bytes | None: ...


class DeployedSettings:
    """Settings of deployed stages; see :class:`cce.gateway.signing.ports.StageSettings`."""

    def __init__(self, objects: _Reads, clock: Callable[[], float] = monotonic) -> None:
        self._objects = objects
        self._kept = Kept(self._read, SECONDS, clock)

    def settings(self, place: Place) -> Hmac | None:
        """How the stage wants its requests signed.

        Raises
        ------
        StageSettingsError
            When nothing is deployed there, or the snapshot is malformed.
        StoreError
            When the bucket does not answer.
        """
        return self._kept.get(place)

    def _read(self, place: Place) -> Hmac | None:
        key = key_of(place)
        body = self._objects.get(key)
        if body is None:
            message = f"nothing is deployed on {place}: there is no object {key}; deploy the stage"
            raise StageSettingsError(message)
        try:
            return _Snapshot.model_validate_json(body).stage.hmac
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]
            field = ".".join(str(part) for part in problem["loc"])
            message = f"{key}: {field}: {problem['msg']}; deploy the stage again"
            raise StageSettingsError(message) from error


def key_of(place: Place) -> str:
    """The object that a stage's snapshot is in."""
    return f"gateway/{place.service}/{place.stage}.json"
