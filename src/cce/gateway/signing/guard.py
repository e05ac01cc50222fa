"""The whole check of a stage's signatures: secrets, signature, replay. Authorizer and local server use it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from typing import TYPE_CHECKING

from cce.gateway.signing.reasons import Accepted, Reason, Refused
from cce.gateway.signing.verify import verify

if TYPE_CHECKING:
    from datetime import datetime

    from cce.gateway.message import Request
    from cce.gateway.signing.ports import Place, ReplayStore, Secrets
    from cce.gateway.signing.settings import Hmac


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets signed requests in."""

    secrets: Secrets
    replays: ReplayStore

    def check(self, request: Request, settings: Hmac, place: Place, now: datetime) -> Accepted | Refused:
        """Say whether the request is let in.

        A signature is remembered only after it was found right: nobody without a secret fills the store.

        Raises
        ------
        CceError
            When a secret or the store cannot be read; then nothing is let in.
        """
        found = verify(request, settings, self.secrets.keys(settings.secret), now)
        if isinstance(found, Refused) or not settings.replay:
            return found
        # Sent a window early, it is good for two; "exceeding" is refused, so the last second counts too.
        expires = now + timedelta(seconds=2 * settings.window_seconds + 1)
        # Not by the request's id: whoever calls API Gateway chooses that (X-Amzn-RequestId).
        if self.replays.first(place, found.replay_key, token_hex(16), expires):
            return found
        return Refused(Reason.INVALID, "the signature was used before (replay)")
