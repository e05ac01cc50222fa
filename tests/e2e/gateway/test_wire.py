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

from cce.gateway.statistics.access_log import read_line
from gateway_server import Served, served
from gateway_world import definition, to
from raw_http import RawClient, codes

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
        "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: , chunked\r\n",
        "Transfer-Encoding:\r\n",
        "X-A: 1\r\n X-B: 2\r\n",
    ],
)
def test_a_body_whose_length_can_be_read_in_two_ways_is_refused(gateway: Served, framing: str) -> None:
    smuggled = "POST /a HTTP/1.1\r\nHost: x\r\n\r\n"

    _, answer = ask(gateway, f"{_HEAD}{framing}\r\n0\r\n\r\n{smuggled}")

    assert [(400, 4009001)] == codes(answer)


@pytest.mark.parametrize(
    "lines",
    [
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: identity, chunked",
    ],
)
def test_a_body_in_a_coding_that_is_not_undone_here_is_refused(
    gateway: Served, there: Backend, lines: str
) -> None:
    """The backend would get it as if it were none (RFC 9112, 6.1)."""
    before = len(there.asked)

    _, answer = ask(gateway, f"{_HEAD}{lines}\r\n\r\n0\r\n\r\n")

    assert ([(501, 5019001)], before) == (codes(answer), len(there.asked))


def test_http_1_0_has_no_transfer_codings_and_needs_no_host(gateway: Served) -> None:
    chunked = "POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"

    assert [(400, 4009001)] == codes(ask(gateway, chunked)[1])
    assert 200 == ask(gateway, "GET /files/a HTTP/1.0\r\n\r\n")[0]


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "Host: a.example\r\nHost: b.example\r\n",
        "Host: a.example\r\nhost: a.example\r\n",
        *(
            f"Host: {host}\r\n"
            for host in (
                "a b",
                "a/b",
                "u@a.example",
                "a:b",
                "a:1:2",
                "[::1",
                "::1",
                "%zz",
                "\xe9",
                "a?b",
                "a#b",
            )
        ),
    ],
)
def test_a_request_has_one_host(gateway: Served, there: Backend, lines: str) -> None:
    """Who stands between could take another of them for the one that counts (RFC 9112, 3.2)."""
    before = len(there.asked)

    _, answer = ask(gateway, f"GET /files/a HTTP/1.1\r\nConnection: close\r\n{lines}\r\n")

    assert ([(400, 4009001)], before) == (codes(answer), len(there.asked))


@pytest.mark.parametrize(
    "host", ["a.example:8080", "[2001:db8::1]:80", "[::1]", "10.111.0.1", "a_b-c%20", "", "a:"]
)
def test_names_and_addresses_are_hosts(gateway: Served, host: str) -> None:
    assert 200 == ask(gateway, f"GET /files/a HTTP/1.1\r\nHost: {host} \r\nConnection: close\r\n\r\n")[0]


def test_what_is_no_request_is_answered_and_logged_as_the_gateway_does(gateway: Served) -> None:
    with RawClient(gateway.url) as client:
        client.send("GET /files/a HTTP/1.1\r\nAccept: */*\r\n\r\n")
        head, _, body = client.rest().partition(b"\r\n\r\n")
    request_id = re.findall(rb"x-request-id: (\S+)", head)[0].decode()
    line = gateway.line(request_id)

    assert b"application/json" in head
    assert b"connection: close" in head
    assert {
        "header": {
            "isSuccessful": False,
            "resultCode": 4009001,
            "resultMessage": "Request is not valid HTTP.",
        }
    } == json.loads(body)
    assert ("0 lines of Host, where one must be", "", "gateway") == (
        json.loads(line)["reason"],
        json.loads(line)["stage"],
        read_line(line).answered_by,
    )


def test_what_is_refused_on_the_servers_own_paths_is_of_no_stage(gateway: Served) -> None:
    with RawClient(gateway.url) as client:
        client.send("GET /-/statistics HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n")

        head = client.rest()
    request_id = re.findall(rb"x-request-id: (\S+)", head)[0].decode()

    assert '"stage":"-"' in gateway.line(request_id)


@pytest.mark.parametrize(
    "broken",
    [
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "\x16\x03\x01\x02",
        "GET a HTTP/1.1\r\n",
        "CONNECT a:1 HTTP/1.1",
        "CONNECT /a HTTP/1.1",
    ],
)
def test_other_protocols_are_told_that_this_is_http(gateway: Served, broken: str) -> None:
    with RawClient(gateway.url) as client:
        client.send(f"{broken}\r\nHost: x\r\n\r\n")

        assert [(400, 4009001)] == codes(client.rest())


def test_who_ends_its_side_gets_the_answers_to_what_is_whole(gateway: Served) -> None:
    first = "GET /files/a HTTP/1.1\r\nHost: x\r\n\r\n"
    for rest, expected in (
        ("", 2),
        (f"{_HEAD}Content-Length: 9\r\n\r\nab", 2),
        ("GET /fi", 2),
        ("no HTTP", 3),
    ):
        with RawClient(gateway.url) as client:
            client.send(f"{first}{first}{rest}")
            client.socket.shutdown(socket.SHUT_WR)

            assert expected == len(re.findall(rb"HTTP/1\.1 \d+ ", client.rest())), rest


@pytest.mark.parametrize(
    "framing", ["Content-Length: 3\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"]
)
def test_who_asks_for_another_protocol_is_answered_in_this_one(gateway: Served, framing: str) -> None:
    """Java's own client asks for HTTP/2 with its first request; a body behind that is no request."""
    asks = (
        "POST /a HTTP/1.1\r\nHost: x\r\n"
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAE\r\n"
    )

    _, answers = ask(
        gateway, f"{asks}{framing}{asks}Content-Length: 0\r\n\r\n{_HEAD}Content-Length: 0\r\n\r\n"
    )

    assert [b"abc", b"", b""] == re.findall(rb'"body": "(\w*)"', answers)
    assert b"http2-settings" not in answers


def test_what_is_refused_gets_no_interim_answer_later(gateway: Served) -> None:
    _, answers = ask(gateway, f"{_HEAD}Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")

    assert [b"400"] == re.findall(rb"HTTP/1\.1 (\d+) ", answers)
    assert "Traceback" not in gateway.said


@pytest.mark.parametrize(
    "long",
    [
        f"GET /files/{'a' * 66_000} HTTP/1.1\r\nHost: x\r\n\r\n",
        f"GET /files/a HTTP/1.1\r\n{'X-A: a' * 66_000}",
        "GET /files/a HTTP/1.1\r\n" + "X-A: a\r\n" * 500_000,
        f"{_HEAD}Transfer-Encoding: chunked\r\n\r\n1;{'a' * 1_000_000}",
        f"{_HEAD}Transfer-Encoding: chunked\r\n\r\n0\r\nX-A: {'a' * 1_000_000}",
    ],
    ids=["target", "line", "lines", "extension", "trailer"],
)
def test_a_head_has_a_size(gateway: Served, long: str) -> None:
    with RawClient(gateway.url) as client:
        client.send(long)

        assert [(431, 4319001)] == codes(client.rest())


def test_a_head_has_a_size_also_behind_other_requests(gateway: Served) -> None:
    """All in one piece, as far as the system hands it over so."""
    first, long = (
        "GET /files/a HTTP/1.1\r\nHost: x\r\n",
        "".join(f"X-{n}: {'a' * 1000}\r\n" for n in range(70)),
    )
    with RawClient(gateway.url) as client:
        client.send(f"{first}\r\n{first}{long}\r\n")
        answers = client.rest()

    assert [b"200", b"431"] == re.findall(rb"HTTP/1\.1 (\d+) ", answers)


def test_a_body_is_not_lost_in_its_chunks(gateway: Served) -> None:
    chunk = f"1;{'a' * 60_000}\r\na\r\n"
    with RawClient(gateway.url) as client:
        client.send(f"{_HEAD}Transfer-Encoding: chunked\r\n\r\n{chunk * 1400}")

        assert [(413, 4131000)] == codes(client.rest())


def test_a_refusal_does_not_overtake_the_answers_before_it(gateway: Served) -> None:
    first = "GET /files/a HTTP/1.1\r\nHost: x\r\n\r\n"
    broken = [
        "GET /files/a HTTP/1.1\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "no HTTP",
    ]
    for each in broken:
        _, answers = ask(gateway, f"{first}{first}{each}{first}")

        assert [b"200", b"200", b"400"] == re.findall(rb"HTTP/1\.1 (\d+) ", answers)


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
