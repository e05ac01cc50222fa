"""A real HTTP server on loopback that lets signed requests in."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Thread
from typing import TYPE_CHECKING

from cce.gateway.message import Headers, Request
from cce.gateway.refusal import Refusals, refuse
from cce.gateway.signing.digest import body_problem
from cce.gateway.signing.reasons import Refused
from cce.gateway.signing.verify import verify
from signing_world import KEY, PREVIOUS, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.gateway.signing.reasons import Accepted
    from cce.gateway.signing.settings import Hmac


@dataclass
class SigningServer:
    """What was asked and how it was judged."""

    hmac: Hmac = field(default_factory=settings)
    requests: list[Request] = field(default_factory=list)
    results: list[Accepted | Refused] = field(default_factory=list)
    url: str = ""

    def answer(self, request: Request) -> tuple[int, bytes]:
        self.requests.append(request)
        result = verify(request, self.hmac, (KEY, PREVIOUS), datetime.now(UTC))
        self.results.append(body_problem(request, self.hmac) or result)
        if isinstance(self.results[-1], Refused):
            refused = refuse(Refusals.UNAUTHORIZED, "1")
            return refused.status, refused.body
        return 200, json.dumps({"query": request.query, "body": request.body.decode()}).encode()


@contextmanager
def serving(server: SigningServer) -> Iterator[SigningServer]:
    """Serve until the block ends; ``url`` is the address of the server."""

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            lines = Headers(tuple((name, value.strip(" \t")) for name, value in self.headers.items()))
            request = Request(self.command, path, path, query, lines, ip_address("127.0.0.1"), "1", body)
            status, content = server.answer(request)
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.url = f"http://127.0.0.1:{http.server_port}"
        thread = Thread(target=http.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join(10)
