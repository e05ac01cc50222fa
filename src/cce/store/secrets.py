"""Secrets that sign requests, in Secrets Manager: AWSCURRENT, and AWSPREVIOUS while a rotation goes on."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.exceptions import ClientError

from cce.errors import SecretError
from cce.fleet.clients import CONFIG, NO_ANSWER, code_of, message_of
from cce.gateway.signing.keys import Key
from cce.store.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Callable

#: How long after a rotation a function may still know the old secrets only.
SECONDS: Final = 60

_STAGES: Final = {"current": "AWSCURRENT", "previous": "AWSPREVIOUS"}
_NONE: Final = "ResourceNotFoundException"


class ManagedSecrets:
    """Secrets of Secrets Manager; see :class:`cce.gateway.signing.ports.Secrets`.

    The secret is the whole text, no JSON of keys and values; a line end behind it is part of it.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._client: Any = boto3.client("secretsmanager", config=CONFIG)
        self._kept = Kept(self._read, SECONDS, clock)

    def keys(self, reference: str) -> tuple[Key, ...]:
        """The current secret and, if there is one, the one before.

        Raises
        ------
        SecretError
            When Secrets Manager does not answer or refuses, or there is no text.
        """
        return self._kept.get(reference)

    def _read(self, reference: str) -> tuple[Key, ...]:
        keys = tuple(
            Key(name, text)
            for name, stage in _STAGES.items()
            if (text := self._text(reference, stage)) is not None
        )
        if not keys or keys[0].name != "current":
            message = (
                f"secret {reference} has no version AWSCURRENT; create it with a text of 32 bytes or more"
            )
            raise SecretError(message)
        return keys

    def _text(self, reference: str, stage: str) -> str | None:
        try:
            found = self._client.get_secret_value(SecretId=reference, VersionStage=stage)
        except ClientError as error:
            if code_of(error) == _NONE:
                return None
            message = f"secret {reference} ({stage}): {code_of(error)}: {message_of(error)}"
            raise SecretError(message) from error
        except NO_ANSWER as error:
            message = f"secret {reference} ({stage}): Secrets Manager does not answer: {error}"
            raise SecretError(message) from error
        if "SecretString" not in found:
            message = f"secret {reference} ({stage}) is binary; store it as text"
            raise SecretError(message)
        return str(found["SecretString"])
