"""What checking signatures needs of the world; ``store`` gives it, and each has a twin without AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from cce.gateway.signing.keys import Key
    from cce.gateway.signing.settings import Hmac


class Place(NamedTuple):
    """A stage of a service, by the service's id; ``snapshot`` names what it was deployed from."""

    service: str
    stage: str
    snapshot: str = ""

    def __str__(self) -> str:
        return f"{self.service}/{self.stage}"


class Secrets(Protocol):
    """Where the secrets are."""

    def keys(self, reference: str) -> tuple[Key, ...]:
        """The secrets valid now, the current one first; never none.

        Raises
        ------
        SecretError
            When they cannot be read, or there is none.
        """


class ReplayStore(Protocol):
    """Remembers signatures that were used."""

    def first(self, place: Place, replay_key: str, request_id: str, expires: datetime) -> bool:
        """Note the signature; ``False`` if another request used it before.

        Parameters
        ----------
        request_id
            Of this one request, and nobody else's to choose: with the same one, a signature is good again.
        expires
            When it may be forgotten.

        Raises
        ------
        StoreError
            When it cannot be noted.
        """


class StageSettings(Protocol):
    """What the stages were deployed with."""

    def settings(self, place: Place) -> Hmac | None:
        """How the stage wants its requests signed; ``None`` if it was deployed to want no signature.

        Raises
        ------
        CceError
            When it cannot be read, or nothing is deployed there: what is not known is not open.
        """
