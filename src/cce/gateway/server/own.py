"""The server's own paths, below ``/-/``, which is no name of a stage: services, statistics and their page.

They are for this machine alone: the peer must be on loopback, and so must be the name in ``Host``. Else a
page from elsewhere could lead a browser here under a name of its own (DNS rebinding) and read along.
"""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import parse_qs, urlsplit

from cce.api.http import Request, Response, answer_problem
from cce.api.problems import Problem
from cce.api.routes import not_found, perform
from cce.api.statistics import OPERATIONS
from cce.gateway import message
from cce.gateway.relay import wire
from cce.gateway.server.app import send_answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from cce.api.operations import Api
    from cce.gateway.server.app import Message, Receive, Send
    from cce.gateway.server.counting import Counting
    from cce.store.memory_services import MemoryServices
    from cce.store.statistics_file import FileStatistics

PREFIX: Final = b"/-/"

#: The private API's paths of services and statistics, with our prefix in place of ``/gateway/``.
_ROUTES: Final = tuple(
    (
        re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", operation.path.replace("/gateway", "/-", 1))),
        operation,
    )
    for operation in OPERATIONS
)


class _World:
    """What the operations need; see :class:`cce.api.statistics.World`."""

    own_name = ""
    default_stage = ""

    def __init__(self, counting: Counting, services: MemoryServices) -> None:
        self.statistics: FileStatistics = counting.book
        self.services = services
        self.zone: ZoneInfo = counting.zone
        self.clock: Callable[[], datetime] = counting.clock


class OwnPaths:
    """Answers them, from what was counted up to now."""

    def __init__(self, counting: Counting, services: MemoryServices) -> None:
        self._counting = counting
        self._world = _World(counting, services)

    async def __call__(self, scope: Message, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        if _is_local(scope):
            await self._counting.caught_up()
            answer = await asyncio.to_thread(self._answer, scope)
        else:
            detail = "These paths answer this machine alone: ask 127.0.0.1 or localhost."
            answer = answer_problem(Problem(HTTPStatus.FORBIDDEN, "not-local", detail))
        lines = tuple({**answer.headers, "Content-Type": answer.media_type}.items())
        response = message.Response(answer.status, message.Headers(lines), answer.body.encode(), "gateway")
        await send_answer(send, scope["method"], response, datetime.now(UTC))

    def _answer(self, scope: Message) -> Response:
        path = scope["raw_path"].decode("latin-1")
        for pattern, operation in _ROUTES:
            if scope["method"] == operation.method and (found := pattern.fullmatch(path)):
                query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
                api = cast("Api", self._world)  # operations of statistics need no more of it
                return perform(operation, api, Request(found.groupdict(), query, {}))
        return not_found()


def _is_local(scope: Message) -> bool:
    hosts = wire.read(scope["headers"]).all("host")
    return _is_loopback(scope["client"][0]) and len(hosts) == 1 and _is_loopback(_name_of(hosts[0]))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _name_of(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
