"""The protocol: AWS JSON 1.1 over HTTP on 127.0.0.1."""

from __future__ import annotations

import json
import re
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

from lab.ssm.errors import SsmError
from lab.ssm.identity import Request

if TYPE_CHECKING:
    from lab.ssm.service import Ssm

_CREDENTIAL: Final = re.compile(r"Credential=[^/]+/\d{8}/([a-z0-9-]+)/ssm/aws4_request")
_TARGET: Final = "AmazonSSM."


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    ssm: Ssm

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        try:
            answer, status = self._answer(body), 200
        except SsmError as error:
            answer, status = {"__type": error.code, "message": error.message}, error.status
        payload = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("x-amzn-RequestId", str(uuid.uuid4()))
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def _answer(self, body: bytes) -> dict[str, Any]:
        target = self.headers.get("X-Amz-Target", "")
        scope = _CREDENTIAL.search(self.headers.get("Authorization", ""))
        if scope is None:
            raise SsmError("MissingAuthenticationTokenException", "The request is not signed for ssm.")
        if not target.startswith(_TARGET):
            raise SsmError("UnknownOperationException", f"{target!r} is no operation of AmazonSSM.")
        try:
            request = json.loads(body or b"{}")
        except ValueError as problem:
            raise SsmError("SerializationException", str(problem)) from problem
        if not isinstance(request, dict):
            raise SsmError("SerializationException", "The request is no object.")
        signed = Request(self.path, tuple(self.headers.items()), body, scope[1])
        return self.ssm.call(target.removeprefix(_TARGET), request, signed)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - the base class's signature
        """Say nothing: the lab records decisions, not requests."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class SsmServer:
    """The lab's SSM on a free port of 127.0.0.1."""

    def __init__(self, ssm: Ssm) -> None:
        handler = type("Handler", (_Handler,), {"ssm": ssm})
        self.ssm = ssm
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="ssm", daemon=True
        )
        self._thread.start()

    @property
    def endpoint(self) -> str:
        """Its URL, for ``AWS_ENDPOINT_URL_SSM``."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """Cancel running commands and close the port."""
        self.ssm.runner.stop()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
