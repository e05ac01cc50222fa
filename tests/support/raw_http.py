"""A client of HTTP that does as it is told: octets by hand, slowly, in part, or none."""

from __future__ import annotations

import json
import re
import select
import socket
import time
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from types import TracebackType

#: Seconds within which a server answers or ends a connection, on a machine that others use too.
_PATIENCE: Final = 20.0

#: Seconds between two octets of a client that drips.
_DRIP: Final = 0.05


class RawClient:
    """One connection."""

    def __init__(self, url: str, *, window: int = 0) -> None:
        place = urlsplit(url)
        self.socket = socket.socket()
        if window:  # octets that are taken before they are read
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.settimeout(_PATIENCE)
        self.socket.connect((place.hostname, place.port))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def send(self, text: str) -> None:
        """Send octets."""
        self.socket.sendall(text.encode("latin-1"))

    def drip(self, text: str) -> bytes:
        """Send octet by octet until the server says something or ends it, and read to the end."""
        until = time.monotonic() + _PATIENCE
        for octet in text:
            assert time.monotonic() < until, "the server reads for ever"
            self.send(octet)
            if select.select([self.socket], [], [], _DRIP)[0]:
                return self.rest()
        raise AssertionError("the server took all of it")

    def keep_sending(self) -> None:
        """Send octet by octet, whatever the server says, until it listens no more: a ``ConnectionError``."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            self.send("a")
            time.sleep(_DRIP)
        raise AssertionError("the server reads for ever")

    def answer(self) -> tuple[int, bytes]:
        """Status and body of the next answer, which must say how long it is."""
        with self.socket.makefile("rb") as file:
            status = int(file.readline().split(b" ")[1])
            length = 0
            while line := file.readline().strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            return status, file.read(length)

    def rest(self) -> bytes:
        """Everything until the server ends the connection."""
        found = b""
        while part := self.socket.recv(65536):
            found += part
        return found


def codes(answers: bytes) -> list[tuple[int, int]]:
    """Status and result code of each of the gateway's own answers."""
    statuses = [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answers)]
    bodies = re.findall(rb'{"header":{[^}]*}}', answers)
    return list(zip(statuses, (json.loads(body)["header"]["resultCode"] for body in bodies), strict=True))
