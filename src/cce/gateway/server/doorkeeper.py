"""Turns away what never becomes a request: broken HTTP, slow clients, one connection too many."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import formatdate
from http import HTTPStatus
from ipaddress import ip_address
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from cce.gateway.message import Headers, Request, Response
from cce.gateway.refusal import Refusals, refuse
from cce.gateway.server.own import PREFIX
from cce.gateway.statistics.record import AccessRecord

if TYPE_CHECKING:
    from collections.abc import Callable

    from cce.gateway.server.app import OnRecord
    from cce.gateway.server.sites import Sites

#: Stands for the stage in the access log where none is known; no stage can have this name.
_NO_STAGE: Final = "-"


class Doorkeeper:
    """Answers in the gateway's form, and tells the access log.

    Parameters
    ----------
    on_record
        Called with what is refused for a stage, as with every request.
    log
        Called with what is refused before the stage is known: nothing can count it.
    """

    def __init__(
        self,
        sites: Sites,
        on_record: OnRecord,
        log: OnRecord,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._sites = sites
        self._service = next(iter(sites.by_name.values())).serving.service
        self._on_record = on_record
        self._log = log
        self._clock = clock

    def refuse(self, case: Refusals, reason: str, client: str, path: bytes = b"") -> bytes:
        """The answer as it goes on the wire; the connection is to end with it.

        Parameters
        ----------
        reason
            For the access log, never for the caller.
        client
            The peer's address.
        path
            As on the wire; empty if it is not known.
        """
        now, request_id = self._clock(), token_hex(12)
        response = refuse(case, request_id)
        stage = self._stage(path)
        place = (self._service, _NO_STAGE if stage is None else stage)
        record = AccessRecord(
            now, *place, "", "", response.status, response.answered_by, 0.0, len(response.body)
        )
        request = Request("", "", "", "", Headers(), ip_address(client), request_id)
        told = self._log if stage is None else self._on_record
        told(record, request, reason)
        return _on_wire(response, now)

    def _stage(self, path: bytes) -> str | None:
        if not path or path.startswith(PREFIX):
            return None
        found = self._sites.find(path.decode("latin-1"))
        return found[0].serving.stage.name if found else None


def _on_wire(response: Response, now: datetime) -> bytes:
    status = HTTPStatus(response.status)
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        *(f"{name}: {value}" for name, value in response.headers),
        f"content-length: {len(response.body)}",
        f"date: {formatdate(now.timestamp(), usegmt=True)}",
        "connection: close",
    ]
    return "\r\n".join((*lines, "", "")).encode("latin-1") + response.body
