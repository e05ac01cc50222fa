"""The local server's application in this process, over a real backend."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from cce.gateway.server.app import GatewayApp
from cce.gateway.server.client import AsyncUpstream
from cce.gateway.server.sites import Sites
from cce.gateway.signing.guard import Guard
from cce.store.memory_signing import MemoryReplays, MemorySecrets
from gateway_world import NOW, snapshot, to

if TYPE_CHECKING:
    from datetime import datetime

    from gateway_backend import Backend


class World:
    """A default stage whose clock stands still; it blocks after one failure, for 30 s."""

    def __init__(self, there: Backend) -> None:
        self.now: datetime = NOW
        tree = {
            "/late": {"methods": {"GET": to("/sleep/3")}},
            "/quick": {"methods": {"GET": to("/big/3")}},
        }
        blocking = {"failures": 1, "seconds": 30}
        served = snapshot(tree, backend=there.url, timeout_seconds=1, blocking=blocking).serving()
        sites = Sites([served], Guard(MemorySecrets({}), MemoryReplays()))
        self.upstream = AsyncUpstream()
        self.app = GatewayApp(sites, self.upstream, lambda *_: None, lambda: self.now)

    async def ask(self, path: str) -> int:
        """The status of a GET."""
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "GET",
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(b"host", b"gateway.example")],
            "client": ("10.111.0.10", 40000),
        }
        await self.app(scope, receive, send)
        return int(sent[0]["status"])


@pytest.mark.row("155", how="local")
def test_a_probe_that_is_cancelled_leaves_its_place_to_the_next(there: Backend) -> None:
    world = World(there)

    async def story() -> list[int]:
        statuses = [await world.ask("/late"), await world.ask("/quick")]
        world.now += timedelta(seconds=31)
        probe = asyncio.create_task(world.ask("/late"))
        await asyncio.sleep(0.05)  # it is the probe as soon as it runs
        statuses.append(await world.ask("/quick"))
        probe.cancel()
        await asyncio.wait([probe])
        assert probe.cancelled()
        statuses += [await world.ask("/quick") for _ in range(2)]
        world.upstream.close()
        return statuses

    assert [504, 503, 503, 200, 200] == asyncio.run(asyncio.wait_for(story(), 20))
