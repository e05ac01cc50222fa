"""The inventory over HTTP: pages to the last, retries, and an answer that is none."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3

from api_world import HUB, OTHER, REGION, ApiWorld, asset
from cce.errors import InventoryError
from cce.fleet.inventory import HttpInventory

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "invented-key-of-the-tests"
ROW = {"aws_account_id": HUB, "instance-id": "i-0123456789abcdef0"}


@dataclass
class Cmdb:
    """Plays answers in order, the last again and again; ``None`` is what the API in memory answers."""

    played: list[tuple[int, Any] | None] = field(default_factory=lambda: [None])
    world: ApiWorld = field(default_factory=ApiWorld)
    asked: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""

    def answer(self, path: str, key: str) -> tuple[int, bytes]:
        self.asked.append((path, key))
        played = self.played.pop(0) if len(self.played) > 1 else self.played[0]
        if played is None:
            found = self.world.ask("listServers", query=parse_qs(urlsplit(path).query))
            return found.status, found.body.encode()
        status, body = played
        return status, body if isinstance(body, bytes) else json.dumps(body).encode()

    def client(self) -> HttpInventory:
        whole = HttpInventory(self.url, KEY)
        whole.retries = whole.retries.new(backoff_factor=0)
        return whole


@pytest.fixture
def cmdb() -> Iterator[Cmdb]:
    cmdb = Cmdb()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = cmdb.answer(self.path, self.headers.get("x-api-key", ""))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"{cmdb.url}/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    cmdb.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield cmdb
    server.shutdown()
    server.server_close()
    thread.join()


def test_every_page_of_one_account_is_read_with_the_key(cmdb: Cmdb) -> None:
    here = [asset(n) for n in range(1, 251)]
    cmdb.world.with_assets(*here, asset(1, OTHER))

    assert here == cmdb.client().servers(HUB, REGION)
    assert 3 == len(cmdb.asked)
    assert {KEY} == {key for _, key in cmdb.asked}
    assert cmdb.asked[0][0].startswith("/v1/srv?account=111111111111")


def test_a_cmdb_may_leave_out_and_add_fields(cmdb: Cmdb) -> None:
    cmdb.played = [(200, {"items": [ROW | {"name": "web", "rack": 7}], "total": 1})]

    (found,) = cmdb.client().servers(HUB, REGION)

    assert ("web", f"{HUB}/{REGION}/i-0123456789abcdef0", True) == (found.name, found.srvid, found.alive)


def test_a_moment_of_trouble_is_waited_out(cmdb: Cmdb) -> None:
    cmdb.played = [(429, {}), (503, {}), (200, {"items": []})]

    assert [] == cmdb.client().servers(HUB, REGION)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (503, {}, "answers 503"),
        (403, {}, "its key is missing or wrong"),
        (404, {}, "lacks its stage"),
        (302, {}, "answers 302"),
        (200, b"<html>", "no list of servers: body"),
        (200, {"rows": []}, "no list of servers: items"),
        (200, {"items": [ROW | {"instance-id": "web-1"}]}, "items.0.instance-id"),
        (200, {"items": [ROW | {"excluded": True}]}, "items.0.excluded_reason"),
        (200, {"items": [ROW | {"aws_account_id": OTHER}]}, "of elsewhere"),
        (200, {"items": [], "next": "a"}, "the same page again"),
        (200, b"[" * (4 * 1024 * 1024 + 1), "more than 4194304 bytes"),
    ],
)
def test_what_is_no_answer_is_said_without_the_key(cmdb: Cmdb, status: int, body: object, said: str) -> None:
    cmdb.played = [(status, body)]

    with pytest.raises(InventoryError) as caught:
        cmdb.client().servers(HUB, REGION)

    assert said in str(caught.value)
    assert cmdb.url in str(caught.value)
    assert KEY not in str(caught.value)
    assert not [path for path, _ in cmdb.asked if "elsewhere" in path]


def test_nobody_answers() -> None:
    client = HttpInventory("http://127.0.0.1:1/v1", KEY, retries=urllib3.Retry(total=0))

    with pytest.raises(InventoryError, match="does not answer"):
        client.servers(HUB, REGION)
