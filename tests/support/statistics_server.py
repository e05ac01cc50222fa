"""The statistics' operations on a port of loopback, as the private API or the local server serves them."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from cce.api.http import Request, Response, answer_problem
from cce.api.problems import Problem
from cce.api.routes import not_found
from cce.api.statistics import OPERATIONS
from cce.store.memory_services import MemoryServices
from statistics_samples import SEOUL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from cce.store.statistics_file import FileStatistics

#: Below it the operations lie, as below the stage of the private API.
PREFIX = "/v1"


@dataclass(frozen=True)
class Counted:
    """A world of statistics; with ``key`` every operation but a page wants it."""

    own_name = ""
    default_stage = ""

    clock: Callable[[], datetime]
    statistics: FileStatistics
    zone: ZoneInfo = SEOUL
    key: str = ""
    services: MemoryServices = field(default_factory=MemoryServices)


def answer_of(world: Counted, target: str, key: str | None) -> Response:
    """Route one GET and perform it."""
    parts = urlsplit(target)
    for operation in OPERATIONS:
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", PREFIX + operation.path)
        if found := re.fullmatch(pattern, parts.path):
            if world.key and not operation.page and key != world.key:
                return Response(403, '{"detail": "Send a valid key in x-api-key."}')
            try:
                request = Request(found.groupdict(), parse_qs(parts.query), {})
                return operation.handle(world, request)  # type: ignore[arg-type] # all that they need
            except Problem as problem:
                return answer_problem(problem)
    return not_found()


@contextmanager
def serving(world: Counted) -> Iterator[str]:
    """A server while it lasts; gives the address of the page."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            response = answer_of(world, self.path, self.headers.get("x-api-key"))
            body = response.body.encode()
            self.send_response(response.status)
            for name, value in {**response.headers, "Content-Type": response.media_type}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{PREFIX}/gateway/dashboard"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
