"""Lets containers reach the lab, whose endpoints listen on this machine's loopback address only.

``sam local invoke`` ignores ``--docker-network host``, so a function's container cannot see 127.0.0.1 of
this machine. While a relay runs, the gateway address of Docker's bridge, which only containers and this
machine see, answers on the same ports:

    with Relay(gateway(), [4566]):
        …  # in a container: AWS_ENDPOINT_URL=http://172.17.0.1:4566

An address rather than a name (``host.docker.internal``) keeps boto3 at path-style requests to S3.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import socket
import socketserver
import subprocess
import threading
from typing import TYPE_CHECKING, Self

from lab.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Iterable

LOOPBACK = "127.0.0.1"
CHUNK = 65536
POLL_SECONDS = 0.05  # how soon the end of a relay is noticed


def gateway() -> str:
    """The address of this machine on Docker's default bridge, ``172.17.0.1`` mostly.

    Raises
    ------
    LabError
        When no engine answers, or it has no such bridge.
    """
    command = ["docker", "network", "inspect", "bridge", "--format", "{{json .IPAM.Config}}"]
    try:
        shown = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout
        bridge = json.loads(shown)[0]
        # An engine without a configured bridge leaves the gateway out and takes the first address.
        return bridge.get("Gateway") or str(next(ipaddress.ip_network(bridge["Subnet"]).hosts()))
    except (OSError, subprocess.SubprocessError, ValueError, LookupError) as error:
        raise LabError(f"Docker's bridge cannot be found, is the engine running? {error}") from error


class _Connection(socketserver.BaseRequestHandler):
    """One connection from a container, copied both ways until both ends closed."""

    request: socket.socket
    server: _Server

    def handle(self) -> None:
        _, port = self.server.server_address[:2]
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=10) as lab:
            lab.settimeout(None)
            back = threading.Thread(target=_copy, args=(lab, self.request), daemon=True)
            back.start()
            _copy(self.request, lab)
            back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):  # either end may go away; then the other is told
        while chunk := source.recv(CHUNK):
            target.sendall(chunk)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


class Relay:
    """Ports of this machine's loopback address, answered on another address of it too.

    Parameters
    ----------
    address
        Where to listen, :func:`gateway`'s for containers.
    ports
        The lab's ports; the same numbers are used on ``address``.

    Raises
    ------
    OSError
        From ``with``, when a port of ``address`` is taken.
    """

    def __init__(self, address: str, ports: Iterable[int]) -> None:
        self._address = address
        self._ports = tuple(ports)
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        with self._stack:
            for port in self._ports:
                server = self._stack.enter_context(_Server((self._address, port), _Connection))
                threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True).start()
                self._stack.callback(server.shutdown)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
