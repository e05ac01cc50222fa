"""Containers reach the lab's loopback endpoints through a relay, and only while it runs."""

from __future__ import annotations

import socket
import socketserver
import threading
from typing import TYPE_CHECKING

import pytest

from lab.images.relay import LOOPBACK, Relay

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Stands for the gateway of Docker's bridge: another address of this machine.
GATEWAY = "127.0.0.2"


class _Backwards(socketserver.StreamRequestHandler):
    """Answers a request with its letters in reverse, once the request ended."""

    def handle(self) -> None:
        self.wfile.write(self.rfile.read()[::-1])


@pytest.fixture
def port() -> Iterator[int]:
    with socketserver.ThreadingTCPServer((LOOPBACK, 0), _Backwards) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def ask(port: int, question: bytes) -> bytes:
    with socket.create_connection((GATEWAY, port), timeout=5) as connection:
        connection.sendall(question)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_relayed_port_answers_on_the_other_address(port: int) -> None:
    question = b"0123456789" * 100_000

    with Relay(GATEWAY, [port]):
        answer = ask(port, question)

    assert question[::-1] == answer


def test_nothing_answers_after_the_relay_ended(port: int) -> None:
    with Relay(GATEWAY, [port]):
        ask(port, b"x")

    with pytest.raises(ConnectionRefusedError):
        ask(port, b"x")


def test_a_taken_port_is_an_error_and_frees_the_others(port: int) -> None:
    with socket.create_server((GATEWAY, 0)) as taken:
        with pytest.raises(OSError, match="in use"), Relay(GATEWAY, [port, taken.getsockname()[1]]):
            pass

        with pytest.raises(ConnectionRefusedError):
            ask(port, b"x")
