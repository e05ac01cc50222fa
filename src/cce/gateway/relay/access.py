"""The access record of a request, and the line that is logged of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cce.gateway.statistics.record import AccessRecord

if TYPE_CHECKING:
    from datetime import datetime

    from cce.gateway.engine import Outcome
    from cce.gateway.message import Request


def record_of(
    outcome: Outcome, place: tuple[str, str], at: datetime, milliseconds: float
) -> AccessRecord:
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


def line_of(record: AccessRecord, request: Request, reason: str) -> dict[str, Any]:
    """What the log holds of a request: the record, who called, and why the gateway refused.

    Neither header values nor the query: they may be secrets.
    """
    line = {
        "at": record.at.isoformat(timespec="milliseconds"),
        "request_id": request.request_id,
        "client": str(request.client),
        "service": record.service,
        "stage": record.stage,
        "method": record.method,
        "path": record.path,
        "status": record.status,
        "answered_by": record.answered_by,
        "milliseconds": round(record.milliseconds, 3),
        "bytes_out": record.bytes_out,
    }
    return line | {"reason": reason} if reason else line
