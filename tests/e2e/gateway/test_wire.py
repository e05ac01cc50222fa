"""Requests that no client of HTTP writes, sent by hand to ``cce gateway serve``."""

from __future__ import annotations

import json
import re
import socket
import struct
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from gateway_server import Served, served
from gateway_world import definition, to
from raw_http import RawClient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway_backend import Backend

_HEAD = "POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"


@pytest.fixture(scope="module")
def gateway(there: Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    tree = {
        "/a": {"methods": {"POST": to("/echo")}},
        "/files/{f+}": {"methods": {"GET": to("/f/${request.path.f+}")}},
    }
    file = definition(tree, {"backend": there.url})
    with served(tmp_path_factory.mktemp("gateway"), file) as running:
        yield running


def ask(gateway: Served, text: str) -> tuple[int, bytes]:
    """Send it and read to the end; the status of the first answer, and everything."""
    with RawClient(gateway.url) as client:
        client.send(text)
        answer = client.rest()
    return int(answer.split(b" ", 2)[1]), answer


def test_what_follows_a_chunked_body_is_no_header(gateway: Served) -> None:
    """A trailer could otherwise stand for a header that was checked, or change how the backend reads."""
    status, answer = ask(
        gateway, f"{_HEAD}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Late: 1\r\n\r\n"
    )

    assert 200 == status
    assert "x-late" not in dict(json.loads(answer.split(b"\r\n\r\n", 1)[1])["headers"])


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 3\r\nContent-Length: 5\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "X-A: 1\r\n X-B: 2\r\n",
    ],
)
def test_a_body_whose_length_can_be_read_in_two_ways_is_refused(gateway: Served, framing: str) -> None:
    smuggled = "POST /a HTTP/1.1\r\nHost: x\r\n\r\n"

    status, answer = ask(gateway, f"{_HEAD}{framing}\r\n0\r\n\r\n{smuggled}")

    assert (400, 1) == (status, answer.count(b"HTTP/1.1"))


@pytest.mark.parametrize(
    "path", ["../../etc", "%2e%2e/%2e%2e/etc", "..%5cx", "..;/x", "a%0d%0ab", "a%00b", "%zz"]
)
def test_a_path_does_not_climb_above_the_backends_and_carries_no_control_characters(
    gateway: Served, path: str
) -> None:
    assert 400 == ask(gateway, f"GET /files/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")[0]


def test_answers_on_one_connection_come_in_the_order_of_the_requests(gateway: Served) -> None:
    first = "GET /files/a HTTP/1.1\r\nHost: x\r\n\r\n"
    second = "HEAD /nothing HTTP/1.1\r\nHost: x\r\n\r\n"

    _, answers = ask(gateway, f"{first}{second}{first}{_HEAD}Content-Length: 0\r\n\r\n")

    assert [b"200", b"404", b"200", b"200"] == re.findall(rb"HTTP/1\.1 (\d+) ", answers)


def test_an_answer_without_a_body_does_not_wait_for_one(gateway: Served) -> None:
    connection = HTTPConnection(urlsplit(gateway.url).netloc, timeout=10)
    for method, status in (("HEAD", 404), ("GET", 200)):
        connection.request(method, "/files/a")
        with connection.getresponse() as answer:
            answer.read()
        assert status == answer.status
    connection.close()


def test_who_goes_away_takes_no_answer_of_others_with_him(gateway: Served) -> None:
    """What one turn has to say goes out together; one connection that is closed must not stop the rest."""
    request = "GET /files/a HTTP/1.1\r\nHost: x\r\n\r\n"
    with RawClient(gateway.url) as staying:
        for _ in range(200):
            with RawClient(gateway.url) as leaving:
                leaving.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                leaving.send(f"{request}{request}")
            staying.send(request)

            assert 200 == staying.answer()[0]
    assert "Traceback" not in gateway.said
