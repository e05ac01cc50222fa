"""A backend on this machine: real sockets, and every way in which a backend can misbehave."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

_LONGEST: Final = 10.0


class Backend(ThreadingHTTPServer):
    """Answers by the path.

    ``asked`` counts requests, ``connections`` the connections, ``dripped`` what was let drip to its end.
    ``raw`` is what ``/raw`` answers, octet for octet; then the connection ends.
    """

    daemon_threads = True

    def __init__(self, host: str, tls: ssl.SSLContext | None) -> None:
        super().__init__((host, 0), _Handler)
        self.scheme = "https" if tls else "http"
        self.asked: list[str] = []
        self.connections = 0
        self.dripped: list[str] = []
        self.raw = b""
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        """Where it is."""
        return f"{self.scheme}://{self.server_address[0]!s}:{self.port}"

    def finish_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are what is tested."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Backend

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Be quiet."""

    def _answer(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        name, _, rest = self.path.split("?")[0].strip("/").partition("/")
        getattr(self, f"_{name}", self._echo)(rest)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer  # noqa: N815 - of http.server

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _echo(self, _rest: str) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        told = {
            "method": self.command,
            "target": self.path,
            "headers": [[name.lower(), value] for name, value in self.headers.items()],
            "body": body.decode("latin-1"),
        }
        self._send(200, json.dumps(told).encode(), Content_Type="application/json", X_Backend="1")

    def _page(self, _rest: str) -> None:
        self._send(200, b"<!doctype html><title>page</title><body>", Content_Type="text/html")

    def _cors(self, _rest: str) -> None:
        """A backend that answers for CORS itself, for everybody: the gateway knows better."""
        self._send(200, b"{}", Access_Control_Allow_Origin="*", Access_Control_Expose_Headers="x-gw-origin")

    def _length(self, _rest: str) -> None:
        self._send(200, str(len(self.rfile.read(int(self.headers["content-length"])))).encode())

    def _status(self, rest: str) -> None:
        if rest in {"204", "304"}:
            self.send_response(int(rest))
            self.end_headers()
        else:
            self._send(int(rest), b"by the backend")

    def _sleep(self, rest: str) -> None:
        time.sleep(min(float(rest), _LONGEST))
        self._send(200, b"late")

    def _drip(self, rest: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self._octet_by_octet(float(rest))

    def _head(self, rest: str) -> None:
        """A head that comes octet by octet."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self._octet_by_octet(float(rest))

    def _octet_by_octet(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.wfile.write(b".")
            time.sleep(0.05)
        self.server.dripped.append(self.path)
        self.close_connection = True

    def _split(self, rest: str) -> None:
        """A head with a line in it that is none, or another one for some readers."""
        line = {"cr": b"X-Name: a\rSet-Cookie: evil=1", "blank": b"X-Name : a"}[rest]
        self.wfile.write(b"HTTP/1.1 200 OK\r\n" + line + b"\r\nContent-Length: 1\r\n\r\n.")
        self.close_connection = True

    def _raw(self, _rest: str) -> None:
        self.wfile.write(self.server.raw)
        self.close_connection = True

    def _trailer(self, _rest: str) -> None:
        self.wfile.write(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"3\r\nabc\r\n0\r\nSet-Cookie: late=1\r\n\r\n"
        )

    def _big(self, rest: str) -> None:
        self._send(200, b"x" * int(rest))

    def _cut(self, _rest: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"abc")
        self.close_connection = True

    def _garbage(self, _rest: str) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
        self.close_connection = True

    def _reset(self, rest: str) -> None:
        """So many bytes of an answer, then a reset connection."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nthe body"[: int(rest)])
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _none(self, _rest: str) -> None:
        self.close_connection = True

    def _once(self, _rest: str) -> None:
        """Answers, and ends the connection at the next request without a word."""
        if self.server.asked.count(f"{self.command} {self.path}") % 2:
            self._send(200, b"once")
        else:
            self._none("")

    def _redirect(self, _rest: str) -> None:
        self._send(302, b"", Location=f"{self.server.url}/echo")

    def _cookie(self, _rest: str) -> None:
        self._send(200, b"", Set_Cookie="session=1")

    def _two(self, _rest: str) -> None:
        # In one piece: what comes later than the next request cannot be told from its answer.
        self.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst"
            b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond"
        )

    def _interim(self, _rest: str) -> None:
        self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        self._send(200, b"final")

    def _unending(self, _rest: str) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil I go")
        self.close_connection = True

    def _chunked(self, _rest: str) -> None:
        self.wfile.write(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        )

    def _gzip(self, _rest: str) -> None:
        self._send(200, b"\x1f\x8b not looked into", Content_Encoding="gzip")

    def _octets(self, _rest: str) -> None:
        self.wfile.write(
            "HTTP/1.1 200 OK\r\nX-Name: 홍\r\nX-Raw: ".encode() + b"\xff\r\nContent-Length: 0\r\n\r\n"
        )


@contextmanager
def backend(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Backend]:
    """A backend that answers until the end of the block."""
    server = Backend(host, tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(_LONGEST)


@pytest.fixture(scope="module")
def there() -> Iterator[Backend]:
    """One backend for a whole file."""
    with backend() as server:
        yield server
