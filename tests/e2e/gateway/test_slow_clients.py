"""Clients that keep ``cce gateway serve`` waiting: none of them may do so for long."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING

import pytest

from cce.gateway.engine import BODY_LIMIT
from cce.gateway.statistics.access_log import read_line
from gateway_server import Served, curl, served
from gateway_world import definition, to
from raw_http import RawClient, codes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gateway_backend import Backend

_PATIENCE = 2
_HEAD = "POST /a HTTP/1.1\r\nHost: x.example\r\n"
_LARGE = 40_000_000


def file_of(there: Backend) -> bytes:
    tree = {
        "/a": {"methods": {"POST": to("/length"), "GET": to("/echo")}},
        "/slow": {"methods": {"GET": to(f"/sleep/{_PATIENCE * 2}")}},
        "/big": {"methods": {"GET": to(f"/big/{BODY_LIMIT}")}},
    }
    return definition(tree, {"backend": there.url})


@pytest.fixture(scope="module")
def gateway(there: Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    directory = tmp_path_factory.mktemp("gateway")
    with served(directory, file_of(there), "--patience", str(_PATIENCE)) as running:
        yield running


def test_a_head_octet_by_octet(gateway: Served) -> None:
    with RawClient(gateway.url) as client:
        answer = client.drip(f"{_HEAD}X-Long: {'a' * 1000}")

    assert [(408, 4089001)] == codes(answer)
    line = gateway.line("send the rest of a head")
    record = read_line(line)
    assert ("members", 408, "gateway") == (record.service, record.status, record.answered_by)
    assert "127.0.0.1" == json.loads(line)["client"]


@pytest.mark.parametrize("begun", ["P", _HEAD, f"{_HEAD}Content-Length: 9\r\n\r\n", "GET /a HTTP/1.1\r\nHo"])
def test_a_request_that_stops_in_the_middle(gateway: Served, begun: str) -> None:
    with RawClient(gateway.url) as client:
        client.send(begun)

        assert [(408, 4089001)] == codes(client.rest())


@pytest.mark.row("152", how="local")
@pytest.mark.parametrize(
    "framing",
    [
        f"Content-Length: {BODY_LIMIT}\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n100000\r\n",
        "Transfer-Encoding: chunked\r\n\r\n1;extension=",
        "Transfer-Encoding: chunked\r\n\r\n0\r\nTrailer: ",
    ],
)
def test_a_body_octet_by_octet(gateway: Served, there: Backend, framing: str) -> None:
    before = len(there.asked)
    with RawClient(gateway.url) as client:
        client.send(f"{_HEAD}{framing}")
        answer = client.drip("a" * 1000)

    assert ([(408, 4089001)], before) == (codes(answer), len(there.asked))
    assert '"stage":""' in gateway.line("send the rest of a body")


@pytest.mark.row("152", how="local")
def test_a_body_on_a_slow_line_arrives(gateway: Served) -> None:
    pieces, piece = _PATIENCE * 10, "a" * 1024
    with RawClient(gateway.url) as client:
        client.send(f"{_HEAD}Content-Length: {pieces * len(piece)}\r\n\r\n")
        for _ in range(pieces):
            client.send(piece)
            time.sleep(0.25)

        assert (200, str(pieces * len(piece)).encode()) == client.answer()


@pytest.mark.parametrize("rest", ["Content-Length: 9\r\n\r\na", "Transfer-Encoding: chunked\r\n\r\nzz\r\n"])
def test_a_refusal_waits_for_slow_answers_before_it(gateway: Served, rest: str) -> None:
    """However long they take: its own time does not begin anew, and none of them is lost."""
    slow, quick = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
    with RawClient(gateway.url) as client:
        client.send(f"{quick}{slow}{quick}{_HEAD}{rest}")
        answers = client.rest()

    assert [b"200", b"200", b"200", b"40"] == re.findall(rb"HTTP/1\.1 (200|40)", answers)
    assert "Traceback" not in gateway.said


def test_an_answer_reaches_who_still_sends(gateway: Served) -> None:
    """Also where the connection ends with it: closing at once would take it back."""
    with RawClient(gateway.url) as client:
        client.send(f"{_HEAD}Connection: close\r\nContent-Length: {_LARGE}\r\n\r\n")
        client.send("a" * _LARGE)

        assert [(413, 4131000)] == codes(client.rest())


def test_a_client_that_never_asks_is_left_without_a_word(gateway: Served) -> None:
    """An answer would be taken for that of the next request, and a browser opens connections in reserve."""
    with RawClient(gateway.url) as silent, RawClient(gateway.url) as kept:
        kept.send(f"{_HEAD}Content-Length: 1\r\n\r\na")

        assert (200, b"1") == kept.answer()
        assert (b"", b"") == (silent.rest(), kept.rest())


def test_what_follows_an_answer_is_not_read_for_ever(gateway: Served) -> None:
    with RawClient(gateway.url) as client:
        client.send(f"{_HEAD}Content-Length: {_LARGE}\r\n\r\n{'a' * (BODY_LIMIT + 1)}")

        assert 413 == client.answer()[0]
        assert b"" == client.drip("a" * 1000)


def test_who_is_refused_and_stays_is_cut_off(gateway: Served) -> None:
    with RawClient(gateway.url) as client:
        client.send(f"{_HEAD}Host: another.example\r\n\r\n")

        assert [(400, 4009001)] == codes(client.rest())
        with pytest.raises(ConnectionError):
            client.keep_sending()


def test_an_answer_that_is_not_read_is_not_kept(gateway: Served) -> None:
    with RawClient(gateway.url, window=4096) as client:
        client.send("GET /big HTTP/1.1\r\nHost: x.example\r\n\r\n")
        time.sleep(_PATIENCE * 2)

        assert len(client.rest()) < BODY_LIMIT, "the answer waits for ever"


def test_a_slow_backend_is_not_the_clients_fault(gateway: Served) -> None:
    assert 200 == curl(f"{gateway.url}/slow").status


def test_connections_at_once(there: Backend, tmp_path: Path) -> None:
    asks = "GET /slow HTTP/1.1\r\nHost: x.example\r\n\r\n"
    with (
        served(tmp_path, file_of(there), "--connections", "2") as gateway,
        RawClient(gateway.url) as one,
        RawClient(gateway.url) as two,
    ):
        one.send(f"{_HEAD}Content-Length: 1\r\n\r\na")
        assert 200 == one.answer()[0]
        two.send(asks)
        with RawClient(gateway.url) as three:
            three.send(asks)

            assert b"" == one.rest(), "who only waits gives way"
            with RawClient(gateway.url) as four:
                assert [(503, 5039001)] == codes(four.rest())
            assert [200, 200] == [two.answer()[0], three.answer()[0]]
        assert '"stage":"-"' in gateway.line("more than 2 connections at once")
