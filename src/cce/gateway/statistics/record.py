"""What is kept of one request: one line of the access log."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from cce.gateway.message import AnsweredBy


class AccessRecord(NamedTuple):
    """One request and its answer.

    Parameters
    ----------
    at
        When the request came in, with a time zone.
    service, stage
        Ids of the service and name of the stage (empty: the default stage).
    method, path
        The mapped method and resource path (``/members/{memberId}``); both empty when nothing was mapped.
    answered_by
        ``gateway`` when the request was not passed to the backend.
    milliseconds
        From the request's arrival to the end of the answer.
    bytes_out
        Bytes of the answer's body.
    """

    at: datetime
    service: str
    stage: str
    method: str
    path: str
    status: int
    answered_by: AnsweredBy
    milliseconds: float
    bytes_out: int


class GatewayNote(NamedTuple):
    """The relay's note that it answered a request itself; the access log counts the request.

    API Gateway's own line of that request cannot say it: to API Gateway the relay is a backend like another.
    The fields are those of :class:`AccessRecord`.
    """

    at: datetime
    service: str
    stage: str
    method: str
    path: str
