"""Starts the local server and stops it."""

from __future__ import annotations

import gc
import logging
import socket
from functools import partial
from typing import TYPE_CHECKING, Final, cast

import uvicorn

from cce.errors import ServeError
from cce.gateway.server.outbox import Outbox
from cce.gateway.server.patience import Limits, Patience, Watched
from cce.gateway.server.protocol import Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from cce.gateway.server.doorkeeper import Doorkeeper
    from cce.gateway.server.front import Front

#: Seconds that requests under way have when the server is told to stop; the longest may take 60.
_GRACE: Final = 65


def listen(host: str, port: int) -> socket.socket:
    """Take a port; 0 means any free one.

    Raises
    ------
    ServeError
        When it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        message = f"cannot listen on {host} port {port}: {error}; choose another --port or --host"
        raise ServeError(message) from error


def address_of(listening: socket.socket) -> str:
    """The URL of a listening socket."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(
    app: Front, doorkeeper: Doorkeeper, listening: socket.socket, ready: Callable[[], None], limits: Limits
) -> None:
    """Answer until SIGINT or SIGTERM; requests under way are ended first."""
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        proxy_headers=False,  # the client is the peer; anybody can write X-Forwarded-For
        server_header=False,
        date_header=False,
        http=cast("type[Protocol]", partial(Protocol, Outbox(), doorkeeper, limits.connections)),
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=_GRACE,
    )
    gc.freeze()  # what is loaded now stays: no request pays for looking through it
    _Server(config, ready, limits.seconds).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Tells when it is ready, and has no more than so much patience with its clients."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], seconds: float) -> None:
        super().__init__(config)
        self._ready = ready
        self._patience = Patience(cast("AbstractSet[Watched]", self.server_state.connections), seconds)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._patience.start()
        self._ready()
