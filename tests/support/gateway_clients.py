"""The relay's client of backends and the local server's, called one way."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from cce.gateway.relay.client import PooledUpstream
from cce.gateway.server.client import AsyncUpstream
from gateway_world import engine, forwarded, request, to

if TYPE_CHECKING:
    from cce.gateway.engine import Forward
    from cce.gateway.message import Response

SECONDS: Final = 5.0


class Client:
    """One of the two: ``relay`` or ``local``."""

    def __init__(self, kind: str, **settings: Any) -> None:
        self.kind = kind
        self.settings = {"loopback": True} | settings

    def call(self, *forwards: Forward, seconds: float = SECONDS) -> list[Response]:
        """The answers, one after the other over the same connections."""
        if self.kind == "relay":
            pooled = PooledUpstream(**self.settings)
            return [pooled.call(forward, seconds) for forward in forwards]
        return asyncio.run(self._called(forwards, seconds))

    async def _called(self, forwards: tuple[Forward, ...], seconds: float) -> list[Response]:
        upstream = AsyncUpstream(**self.settings)
        try:
            return [await upstream.call(forward, seconds) for forward in forwards]
        finally:
            upstream.close()


def forward(url: str, path: str, method: str = "GET", *lines: tuple[str, str], body: bytes = b"") -> Forward:
    """A request on its way to a path of a backend."""
    served = engine({"/x": {"methods": {method: to(path.partition("?")[0])}}}, backend=url)
    return forwarded(served, request(method, f"/x?{path.partition('?')[2]}", *lines, body=body))
