"""The access record of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.gateway.statistics.record import AccessRecord

if TYPE_CHECKING:
    from datetime import datetime

    from cce.gateway.engine import Outcome


def record_of(outcome: Outcome, place: tuple[str, str], at: datetime, milliseconds: float) -> AccessRecord:
    """What is kept of a request.

    Parameters
    ----------
    place
        The service's id and the stage's name.
    at
        When the request came in.
    """
    route, response = outcome.route, outcome.response
    return AccessRecord(
        at,
        *place,
        route.method if route else "",
        route.path.text if route else "",
        response.status,
        response.answered_by,
        milliseconds,
        len(response.body),
    )
