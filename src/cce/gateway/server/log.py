"""The access log of the local server: one JSON line per request, in the form of API Gateway's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from cce.gateway.statistics.access_log import access_line
from cce.text import visible

if TYPE_CHECKING:
    from typing import TextIO

    from cce.gateway.message import Request
    from cce.gateway.statistics.record import AccessRecord

#: Seconds for which lines are collected: one write for many of them.
_DELAY: Final = 0.02


class AccessLog:
    """Writes to a stream. Neither header values nor queries are in it: they may be secrets."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._noted: list[tuple[AccessRecord, str, str, str]] = []

    def __call__(self, record: AccessRecord, request: Request, reason: str) -> None:
        """Note a request, who called, and why the gateway refused, if it did."""
        if not self._noted:
            asyncio.get_running_loop().call_later(_DELAY, self.flush)
        self._noted.append((record, request.request_id, str(request.client), reason))

    def flush(self) -> None:
        """Write what is noted."""
        noted, self._noted = self._noted, []
        self._stream.write("".join(f"{_line(*each)}\n" for each in noted))
        self._stream.flush()


def _line(record: AccessRecord, request_id: str, client: str, reason: str) -> str:
    more = {"client": client, "reason": visible(reason)} if reason else {"client": client}
    return access_line(record, request_id, more)
