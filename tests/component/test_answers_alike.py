"""What a backend may answer, octet for octet: with relay and local server it comes to the same.

A user tries a backend on a laptop and relies on it on AWS. Both read with parsers of others, which differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from cce.gateway.headers import ORIGIN, from_backend
from cce.gateway.relay.upstream import NoAnswerError
from cce.gateway.relay.wire import HEAD_LIMIT
from gateway_clients import Client, forward

if TYPE_CHECKING:
    from gateway_backend import Backend

_OK: Final = b"HTTP/1.1 200 OK\r\n"
_BODY: Final = b"Content-Length: 2\r\n\r\nok"
_CHUNKED: Final = b"Transfer-Encoding: chunked\r\n\r\n"
_LINE: Final = b"X-A: 1\r\n"


def _early(head: bytes) -> bytes:
    return b"HTTP/1.1 103 Early Hints\r\n" + head + b"\r\n" + _OK + _BODY


def _line(line: bytes) -> bytes:
    return _OK + line + b"\r\n" + _BODY


#: Each is answered to the client with 200 and ``ok``.
_ANSWERS: Final = {
    "plain": _OK + _BODY,
    "to the end of the connection": _OK + b"\r\nok",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\n" + _BODY,
    "no reason": b"HTTP/1.1 200\r\n" + _BODY,
    "a line before it": b"\r\n" + _OK + _BODY,
    "100 before it": b"HTTP/1.1 100 Continue\r\n\r\n" + _OK + _BODY,
    "103 before it": _early(b"Link: </a.css>; rel=preload\r\n"),
    "103 with a length": _early(b"Content-Length: 5\r\n"),
    "102 and 103 before it": b"HTTP/1.1 102 Processing\r\n\r\n" + _early(b"Link: </a>\r\n"),
    "chunks": _OK + _CHUNKED + b"1;name=value\r\no\r\n1\r\nk\r\n0\r\nX-Late: 1\r\n\r\n",
    "99 headers": _OK + _LINE * 98 + _BODY,
    "100 headers": _OK + _LINE * 99 + _BODY,
    "1000 headers": _OK + _LINE * 999 + _BODY,
    "several parts": _line(b"Content-Type: multipart/mixed; boundary=a"),
    "a long header": _line(b"X-A: " + b"a" * 60_000),
    "octets that are no text": _line(b"X-A: a\xff\x85b"),
    "blanks": _line(b"X-A: \t a \tb \t "),
    "an empty header": _line(b"X-A:"),
    "every character of a name": _line(b"!#$%&'*+-.^_`|~09AZaz: 1"),
    "more than it said": _OK + _BODY + b"more",
}

#: Each is a 502, whatever the client asked.
_BROKEN: Final = {
    "bare LF everywhere": (_OK + _BODY).replace(b"\r\n", b"\n"),
    "bare LF after the status": b"HTTP/1.1 200 OK\n" + _BODY,
    "bare LF after a header": _OK + b"X-A: 1\n" + _BODY,
    "bare LF before the body": _OK + b"Content-Length: 2\r\n\nok",
    "bare LF after a chunk's length": _OK + _CHUNKED + b"2\nok\r\n0\r\n\r\n",
    "bare LF after a chunk's extension": _OK + _CHUNKED + b"2;a\nok\r\n0\r\n\r\n",
    "bare CR in a header": _line(b"X-A: a\rSet-Cookie: evil=1"),
    "a folded header": _line(b"X-A: 1\r\n 2"),
    "a header folded by a tab": _line(b"X-A: 1\r\n\t2"),
    "a folded first header": _OK + b" X-A: 1\r\n" + _BODY,
    "no colon": _line(b"nonsense"),
    "a mail's first line": _line(b"From backend.example"),
    "a blank in a name": _line(b"X A: 1"),
    "a blank before the colon": _line(b"X-A : 1"),
    "no name": _line(b": 1"),
    "a name that is no token": _line(b"X(A): 1"),
    "an octet in a name": _line(b"X\xffA: 1"),
    "a NUL": _line(b"X-A: a\x00b"),
    "a control character": _line(b"X-A: a\x0bb"),
    "a head that is too long": _OK + b"".join(b"X-%d: %b\r\n" % (n, b"a" * 40_000) for n in range(2)) + _BODY,
    "a line that is too long": _line(b"X-A: " + b"a" * HEAD_LIMIT),
    "many heads that are too long together": _early(b"X-A: %b\r\n" % (b"a" * 40_000)).replace(
        _OK, _OK + b"X-B: %b\r\n" % (b"a" * 40_000)
    ),
    "the end in the status": b"HTTP/1.1 2",
    "the end after the status": _OK,
    "the end in a header": _OK + b"X-A: 1",
    "the end after a header": _OK + _LINE,
    "the end after 103": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
    "the end in the body": _OK + b"Content-Length: 3\r\n\r\nok",
    "the end in the chunks": _OK + _CHUNKED + b"2\r\nok\r\n",
    "the end after the last chunk": _OK + _CHUNKED + b"2\r\nok\r\n0\r\n",
    "another protocol": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "101 without one": b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + _OK + _BODY,
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "HTTP/1.2": b"HTTP/1.2 200 OK\r\n" + _BODY,
    "small letters": b"http/1.1 200 OK\r\n" + _BODY,
    "two blanks": b"HTTP/1.1  200 OK\r\n" + _BODY,
    "status 099": b"HTTP/1.1 099 OK\r\n" + _BODY,
    "status 0200": b"HTTP/1.1 0200 OK\r\n" + _BODY,
    "status 600": b"HTTP/1.1 600 OK\r\n" + _BODY,
    "two lengths": _OK + b"Content-Length: 3\r\n" + _BODY,
    "a length twice": _OK + b"Content-Length: 2\r\n" + _BODY,
    "a list of lengths": _OK + b"Content-Length: 2, 2\r\n\r\nok",
    "a length with a sign": _OK + b"Content-Length: +2\r\n\r\nok",
    "a length below zero": _OK + b"Content-Length: -2\r\n\r\nok",
    "a length with an underscore": _OK + b"Content-Length: 0_2\r\n\r\nok",
    "a length of letters": _OK + b"Content-Length: two\r\n\r\nok",
    "an empty length": _OK + b"Content-Length:\r\n\r\nok",
    "chunks and a length": _OK + b"Content-Length: 2\r\n" + _CHUNKED + b"2\r\nok\r\n0\r\n\r\n",
    "another coding": _OK + b"Transfer-Encoding: identity\r\n\r\nok",
    "chunks in another coding": _OK + b"Transfer-Encoding: chunked, gzip\r\n\r\nok",
    "a chunk's length that is none": _OK + _CHUNKED + b"zz\r\nok\r\n0\r\n\r\n",
}


def outcome(kind: str, there: Backend, raw: bytes, method: str = "GET") -> object:
    """What a client of the gateway gets, or the kind of failure."""
    there.raw = raw
    try:
        response = Client(kind).call(forward(there.url, "/raw", method))[0]
    except NoAnswerError as error:
        return type(error).__name__
    lines = [(name.lower(), value) for name, value in from_backend(response.headers)]
    return response.status, [line for line in lines if line[0] != ORIGIN], response.body


def alike(there: Backend, raw: bytes, method: str = "GET") -> object:
    relay, local = (outcome(kind, there, raw, method) for kind in ("relay", "local"))

    assert local == relay
    return relay


@pytest.mark.row("91", how="relay")
@pytest.mark.parametrize(("method", "body"), [("GET", b"ok"), ("HEAD", b"")])
@pytest.mark.parametrize("raw", _ANSWERS.values(), ids=_ANSWERS)
def test_answers_that_pass(there: Backend, raw: bytes, method: str, body: bytes) -> None:
    answer = alike(there, raw, method)

    assert isinstance(answer, tuple), answer
    assert (200, body) == (answer[0], answer[2])


@pytest.mark.row("5020001", how="relay")
@pytest.mark.parametrize("raw", _BROKEN.values(), ids=_BROKEN)
def test_answers_that_do_not(there: Backend, raw: bytes) -> None:
    assert "BrokenError" == alike(there, raw)


@pytest.mark.parametrize("head", [b"", b"Content-Length: 2\r\n", b"Transfer-Encoding: chunked\r\n"])
@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_answers_without_a_body(there: Backend, status: bytes, head: bytes) -> None:
    answer = alike(there, b"HTTP/1.1 " + status + b"\r\n" + head + b"\r\n")

    length = [("content-length", "2")] if b"Length" in head else []
    assert (int(status[:3]), length, b"") == answer
