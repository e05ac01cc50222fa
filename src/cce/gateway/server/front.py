"""What listens: the stages of the gateway, and below ``/-/`` what the server has to say of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.gateway.server.own import PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cce.gateway.server.app import GatewayApp, Message, Receive, Send
    from cce.gateway.server.own import OwnPaths


class Front:
    """Splits requests between the two, and starts and stops with the server.

    Parameters
    ----------
    closing
        Called in this order when the last request is answered. Only here: a process that is told to stop by
        SIGTERM ends when the server has stopped, and what follows is not done any more.
    """

    def __init__(self, gateway: GatewayApp, own: OwnPaths, closing: Sequence[Callable[[], None]]) -> None:
        self._gateway = gateway
        self._own = own
        self._closing = closing

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or live as long as the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            asked = self._own if scope["raw_path"].startswith(PREFIX) else self._gateway
            await asked(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for close in self._closing:
            close()
        await send({"type": "lifespan.shutdown.complete"})
