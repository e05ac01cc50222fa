"""Reads answers for the relay's client: stricter than ``http.client`` alone, and in time as a whole.

``http.client`` takes a bare CR for the end of a line: what a backend lets its callers write into one header
would become another one (response splitting). It drops what follows a line that is no header. And its
time-out is for each piece, so that a backend which sends one octet now and then is never late.
"""

from __future__ import annotations

import io
from http.client import HTTPException, HTTPResponse, RemoteDisconnected
from time import monotonic
from typing import TYPE_CHECKING, Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

if TYPE_CHECKING:
    import socket

    from _typeshed import WriteableBuffer


class _Timed(io.RawIOBase):
    """What a socket receives, until the socket's time-out is over since the beginning."""

    def __init__(self, raw: io.RawIOBase, connected: socket.socket) -> None:
        self._raw: Any = raw  # typeshed's RawIOBase lacks readinto
        self._socket = connected
        self._whole = connected.gettimeout()
        self._until = monotonic() + (self._whole or 0)
        self.started = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        try:
            received: int | None = self._raw.readinto(buffer)
        finally:
            self._socket.settimeout(self._whole)  # the next request on it has its own time
        self.started = self.started or bool(received)
        return received

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Lines(io.BufferedReader):
    """Lines without a bare CR in them, which is an error wherever it stands (RFC 9112, 2.2)."""

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if b"\r" in line[:-2]:
            raise HTTPException("a line holds a bare CR")
        return line


class _Answer(HTTPResponse):
    """An answer whose head is nothing but headers."""

    def __init__(self, sock: socket.socket, *more: Any, **named: Any) -> None:  # noqa: ANN401 - http.client's
        super().__init__(sock, *more, **named)
        self._timed = _Timed(self.fp.detach(), sock)
        self.fp = _Lines(self._timed)

    def begin(self) -> None:
        try:
            super().begin()
        except ConnectionError as error:  # ended by either side's system, before the answer or in its head
            kind = HTTPException if self._timed.started else RemoteDisconnected
            raise kind("the connection ended before the answer") from error
        if self.msg.defects:
            raise HTTPException("a line of the head is no header")


class _Plain(HTTPConnection):
    response_class = _Answer


class _Secure(HTTPSConnection):
    response_class = _Answer


class PlainPool(urllib3.HTTPConnectionPool):
    """Connections without TLS."""

    ConnectionCls = _Plain


class SecurePool(urllib3.HTTPSConnectionPool):
    """Connections with TLS."""

    ConnectionCls = _Secure
