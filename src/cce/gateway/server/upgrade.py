"""Requests that ask for another protocol, and are answered in this one (RFC 9110, 7.8).

Java's own client asks for HTTP/2 with the first request of every connection, whatever its method. The parser
stops behind the head of such a request: what follows would be the other protocol's. Here it is the body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httptools

if TYPE_CHECKING:
    from collections.abc import Sequence


def feed(parser: httptools.HttpRequestParser, data: memoryview) -> int | None:
    """Parse; where a head ends that asks for another protocol, or ``None`` if none does.

    Raises
    ------
    HttpParserError
        When it is no HTTP.
    """
    try:
        parser.feed_data(data)
    except httptools.HttpParserUpgrade as asked:
        return int(asked.args[0])
    return None


def plain(
    parser: httptools.HttpRequestParser, target: bytes, lines: Sequence[tuple[bytes, bytes]]
) -> memoryview:
    """The head that was parsed last, without what asks for another protocol."""
    first = b"%b %b HTTP/%b" % (parser.get_method(), target, parser.get_http_version().encode())
    kept = [b"%b: %b" % line for line in lines if line[0] != b"upgrade"]
    return memoryview(b"\r\n".join((first, *kept, b"", b"")))
