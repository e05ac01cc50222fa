"""Who may see the local server's statistics, and what becomes of calls that cannot be written."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from cce.gateway.server import banner
from cce.gateway.server.counting import Counting
from cce.gateway.server.own import OwnPaths
from cce.store.memory_services import MemoryServices
from cce.store.statistics_file import FileStatistics
from gateway_world import request as asked
from statistics_samples import NOW, SEOUL, request

if TYPE_CHECKING:
    from collections.abc import Callable


def counting(report: Callable[[str], None] = pytest.fail) -> Counting:
    return Counting(FileStatistics(), SEOUL, report, lambda: NOW)


def status(peer: str, *hosts: str, path: str = "/-/statistics") -> int:
    """The status of the answer to a peer that names these hosts."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    async def ask() -> None:
        own = OwnPaths(counting(), MemoryServices())
        lines = [(b"host", host.encode()) for host in hosts]
        scope = {"method": "GET", "raw_path": path.encode(), "query_string": b"", "client": (peer, 1)}
        await own(scope | {"headers": lines}, receive, send)

    asyncio.run(ask())
    found: int = sent[0]["status"]
    return found


@pytest.mark.row("160", how="local")
@pytest.mark.parametrize(
    ("peer", "hosts", "expected"),
    [
        ("127.0.0.1", ["127.0.0.1:8080"], 200),
        ("127.9.9.9", ["localhost"], 200),
        ("::1", ["[::1]:8080"], 200),
        ("192.0.2.7", ["127.0.0.1:8080"], 403),
        ("2001:db8::7", ["[::1]:8080"], 403),
        ("127.0.0.1", ["rebound.example:8080"], 403),
        ("127.0.0.1", ["localhost.example"], 403),
        ("127.0.0.1", ["127.0.0.1", "127.0.0.1"], 403),
        ("127.0.0.1", ["[::1"], 403),
        ("127.0.0.1", [], 403),
    ],
)
def test_only_this_machine_is_answered(peer: str, hosts: list[str], expected: int) -> None:
    assert {expected} == {
        status(peer, *hosts, path=path) for path in ("/-/services", "/-/statistics", "/-/dashboard")
    }


def test_calls_that_cannot_be_counted_are_reported_and_hold_nothing_up() -> None:
    said: list[str] = []
    counter = counting(said.append)

    async def count() -> None:
        counter(request(status=700), asked(), "")
        counter(request(), asked(), "")
        await counter.caught_up()
        assert 1 == len(counter.book.stages())
        counter.book.close()
        counter(request(), asked(), "")
        await counter.caught_up()

    asyncio.run(count())

    assert ("700" in said[0], "are not counted" in said[1], 2) == (True, True, len(said))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://127.0.0.1:8080", "statistics: http://127.0.0.1:8080/-/dashboard"),
        ("http://0.0.0.0:8080", "statistics: http://127.0.0.1:8080/-/dashboard"),
        ("http://[::]:8080", "statistics: http://[::1]:8080/-/dashboard"),
        ("http://192.0.2.1:8080", "no page with statistics"),
    ],
)
def test_the_start_message_names_a_page_that_can_be_opened(address: str, expected: str) -> None:
    assert banner.statistics(address).startswith(expected)
