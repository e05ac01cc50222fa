"""Reads answers for the relay's client: stricter than ``http.client`` alone, and in time as a whole.

``http.client`` takes a bare CR for the end of a line: what a backend lets its callers write into one header
would become another one (response splitting). And its time-out is for each piece, so that a backend which
sends one octet now and then is never late.
"""

from __future__ import annotations

import io
from functools import partial
from http.client import HTTPException, HTTPMessage, HTTPResponse, RemoteDisconnected
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from cce.gateway.relay import wire
from cce.gateway.relay.head import read_head

if TYPE_CHECKING:
    import socket

    from _typeshed import WriteableBuffer

#: Bytes of one line of a head, with what stands around name and value.
_LINE_LIMIT: Final = wire.HEAD_LIMIT + 64


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
    """Lines that end in CR and LF and hold neither before (RFC 9112, 2.2); anything else is an error."""

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if not line.endswith(b"\r\n") or b"\r" in line[:-2]:
            raise HTTPException("a line is cut off or too long, or a bare CR or LF stands in it")
        return line


class _Answer(HTTPResponse):
    """An answer whose head is read by :func:`cce.gateway.relay.head.read_head`."""

    def __init__(
        self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self._to_head = method == "HEAD"
        self._timed = _Timed(self.fp.detach(), sock)
        self.fp = _Lines(self._timed)

    def begin(self) -> None:
        """Read the head, and know by it how the body ends."""
        try:
            head = read_head(partial(self.fp.readline, _LINE_LIMIT))
        except (ConnectionError, HTTPException) as error:
            if self._timed.started:
                raise HTTPException(str(error)) from error
            raise RemoteDisconnected("the connection ended before the answer") from error
        bodiless = self._to_head or head.bodiless
        self.version = 11 if head.keeps else 10
        self.code = self.status = head.status
        self.reason = head.reason
        self.headers = self.msg = HTTPMessage()
        for name, value in head.lines:
            if not (bodiless and name.lower() == "transfer-encoding"):  # urllib3 would look for chunks
                self.msg[name] = value
        self.chunked = head.chunked and not bodiless
        self.chunk_left = None
        self.length = 0 if bodiless else head.length
        self.will_close = head.closes or (self.length is None and not self.chunked)


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
