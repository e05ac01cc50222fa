"""The checks of signatures as the engine takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.errors import CceError
from cce.gateway.engine import Check, Checks
from cce.gateway.signing.digest import body_problem
from cce.gateway.signing.ports import Place
from cce.gateway.signing.reasons import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from cce.gateway.message import Request
    from cce.gateway.serving import Serving
    from cce.gateway.signing.guard import Guard
    from cce.gateway.signing.settings import Hmac


def checks_of(serving: Serving, guard: Guard) -> Checks:
    """All that a stage with signatures wants: the signature and, when the size is right, the body."""
    hmac = serving.stage.hmac
    if hmac is None or not hmac.enabled:
        return Checks()
    place = Place(serving.service, serving.stage.name)

    def signature(request: Request, now: datetime) -> str | None:
        try:
            found = guard.check(request, hmac, place, now)
        except CceError as error:
            return str(error)  # a secret that cannot be read lets nobody in
        return _reason(found) if isinstance(found, Refused) else None

    return Checks(signature, body_check(hmac))


def body_check(hmac: Hmac | None) -> Check | None:
    """The comparison of the body with ``content-digest``: the part that an authorizer cannot do."""
    if hmac is None or not hmac.enabled:
        return None

    def body(request: Request, _now: datetime) -> str | None:
        found = body_problem(request, hmac)
        return _reason(found) if found else None

    return body


def _reason(refused: Refused) -> str:
    return f"{refused.reason.value} {refused.detail}"
