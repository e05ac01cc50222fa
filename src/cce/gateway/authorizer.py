"""Lets a request to API Gateway in or not: first its address, then its signature. Pure: no AWS, no clock.

Nothing that goes wrong here lets anybody in: a signature that is not good is 401, an address that may not
call is 403, and what could not be decided (a secret that cannot be read) is 500.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from cce.errors import CceError, UnauthorizedError, UndecidedError
from cce.gateway.events import Event
from cce.gateway.refusal import Refusals
from cce.gateway.signing.ports import Place
from cce.gateway.signing.reasons import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from cce.gateway.message import Request
    from cce.gateway.signing.guard import Guard
    from cce.gateway.signing.ports import StageSettings


class Outcome(Enum):
    """What becomes of a request."""

    ALLOWED = "allowed"
    ADDRESS_DENIED = "address denied"
    UNAUTHORIZED = "unauthorized"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of one request.

    Parameters
    ----------
    principal
        Who calls, for API Gateway's logs: the name of the secret, nothing more is known.
    log
        Why, for the log: no secret, no signature, no value of a header.
    """

    outcome: Outcome
    method_arn: str = ""
    principal: str = "unsigned"
    log: Mapping[str, str] = field(default_factory=dict)

    def answer(self) -> dict[str, Any]:
        """The answer that API Gateway takes: a policy for the request's own method and path.

        Raises
        ------
        UnauthorizedError
            For a bad signature; API Gateway makes a 401 of this text alone.
        UndecidedError
            When it could not be decided; API Gateway answers 500.
        """
        if self.outcome is Outcome.UNAUTHORIZED:
            raise UnauthorizedError
        if self.outcome is Outcome.UNDECIDED:
            message = f"the request is not let in: {self.log.get('detail', '')}"
            raise UndecidedError(message)
        allowed = self.outcome is Outcome.ALLOWED
        statement = {
            "Action": "execute-api:Invoke",
            "Effect": "Allow" if allowed else "Deny",
            "Resource": self.method_arn,
        }
        code = "" if allowed else str(Refusals.ADDRESS_NOT_ALLOWED.value.code)
        return {
            "principalId": self.principal,
            "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            "context": {"outcome": self.outcome.value, "resultCode": code},
        }


def _any(_place: Place, _request: Request) -> bool:
    return True


def _none(_place: Place, _request: Request) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Authorizer:
    """Decides on events of a REQUEST authorizer.

    Parameters
    ----------
    admits
        The stage's list of addresses: whether the request's may call at all.
    is_preflight
        Whether the request is answered by a generated OPTIONS method. API Gateway asks no authorizer for
        those, so by default there is none: an OPTIONS that comes here is somebody's own, to be signed.
    """

    settings: StageSettings
    guard: Guard
    admits: Callable[[Place, Request], bool] = _any
    is_preflight: Callable[[Place, Request], bool] = _none

    def decide(self, event: Any, now: datetime) -> Decision:  # noqa: ANN401 - whatever the function is invoked with
        """Decide on an event; whatever comes, there is a decision."""
        log: dict[str, str] = {}
        try:
            read = Event.of(event)
            context = read.context
            place = Place(context.api_id, context.stage, read.snapshot)
            log |= {
                "request_id": context.request_id,
                "extended_request_id": context.extended_id or "",
                "place": str(place),
            }
            return self._decided(read, place, log, now)
        except CceError as error:
            return Decision(Outcome.UNDECIDED, log=log | {"reason": error.code, "detail": error.message})

    def _decided(self, event: Event, place: Place, log: Mapping[str, str], now: datetime) -> Decision:
        request = event.request()
        if not self.admits(place, request):
            denied = {"reason": str(Refusals.ADDRESS_NOT_ALLOWED.value.code), "detail": str(request.client)}
            return Decision(Outcome.ADDRESS_DENIED, event.method_arn, log={**log, **denied})
        hmac = None if self.is_preflight(place, request) else self.settings.settings(place)
        if hmac is None or not hmac.enabled:
            return Decision(Outcome.ALLOWED, event.method_arn, log=log)
        found = self.guard.check(request, hmac, place, now)
        if isinstance(found, Refused):
            why = {"reason": str(found.reason.value), "detail": found.detail}
            return Decision(Outcome.UNAUTHORIZED, event.method_arn, log={**log, **why})
        signed = {"key": found.key, "notes": ",".join(found.notes)}
        return Decision(Outcome.ALLOWED, event.method_arn, f"hmac:{found.key}", {**log, **signed})
