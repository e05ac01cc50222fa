"""The gateway on the local stack: a backend that says what it was asked, and the command line."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Any

import urllib3

from cce.gateway.message import Headers, Request
from cce.gateway.signing.client import signed
from cce.gateway.signing.keys import Key
from lab.aws import REGION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stack import Stack


class _Echo(BaseHTTPRequestHandler):
    """Answers what it was asked, as JSON, with a header of its own."""

    def _answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        asked = {
            "method": self.command,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": self.rfile.read(length).decode("latin-1"),
        }
        body = json.dumps(asked).encode()
        self.send_response(200)
        for name, value in (
            ("content-type", "application/json"),
            ("x-backend", "echo"),
            ("content-length", str(len(body))),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - the library's names

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


def own_address() -> str:
    """An address of this machine that is not loopback, which the relay refuses to call; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])


@contextmanager
def echo() -> Iterator[int]:
    """A backend; gives its port."""
    server = ThreadingHTTPServer(("", 0), _Echo)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def signed_headers(secret: str, host: str, path: str, query: str = "", method: str = "GET") -> dict[str, str]:
    """What to send with a request that is signed now, but for ``Host``; the query is canonical."""
    date = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    request = Request(method, path, path, query, Headers((("host", host),)), IPv4Address("192.0.2.1"), "")
    return dict(signed(request, Key("current", secret), date).headers.without(["host"]))


@dataclass(frozen=True)
class Reply:
    """An answer of the gateway, header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class GatewayStack:
    """One definition file, deployed to the local stack."""

    stack: Stack
    file: Path

    def cce(self, verb: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``cce gateway VERB FILE``."""
        account = self.stack.lab.client("sts").get_caller_identity()["Account"]
        environment = os.environ | {
            "AWS_ENDPOINT_URL": self.stack.lab.endpoint,
            "AWS_ACCESS_KEY_ID": account,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
        }
        command = [sys.executable, "-m", "cce", "gateway", verb, str(self.file), *arguments]
        return subprocess.run(
            [*command, "--stack", "cce-fleet"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def done(self, verb: str, *arguments: str) -> str:
        """Run it, and be sure that it went well."""
        ended = self.cce(verb, *arguments)
        assert 0 == ended.returncode, ended.stderr
        return ended.stdout

    def ship(self, stage: str) -> None:
        """Apply and deploy."""
        self.done("apply", "--stage", stage)
        self.done("deploy", "--stage", stage)

    def url(self, stage: str, path: str) -> str:
        """Where the local stack answers a path of a stage."""
        api = self.done("url", "--stage", stage).split("//", 1)[1].split("-", 1)[0]
        return f"{self.stack.lab.endpoint}/_aws/execute-api/{api}/{stage or 'default'}{path}"

    @staticmethod
    def ask(url: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Reply:
        """Call it."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = urllib3.request(
            method, url, body=body, headers=sent, redirect=False, retries=False, timeout=30
        )
        return Reply(answer.status, {n.lower(): v for n, v in answer.headers.items()}, answer.data)
