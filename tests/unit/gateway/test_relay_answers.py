"""Answers as the relay function returns them, however the runtime writes their JSON."""

from __future__ import annotations

import json
from base64 import b64decode

import pytest

from cce.gateway.message import Headers, Response
from cce.gateway.relay.event import LIMIT, answer_of, is_too_large

_HEADERS = Headers((("content-type", "text/plain"), ("x-name", "홍" * 10_000)))

#: What always fits, in bytes: as much as Base64 leaves.
_FITS = 4_400_000


@pytest.mark.row("153", "G8", how="relay")
@pytest.mark.parametrize("text", ["a", '"', "\x01", "홍", "😀", "a" * 50 + "홍"])
@pytest.mark.parametrize("size", [LIMIT // 8, LIMIT // 2, _FITS, LIMIT - 100_000])
def test_what_is_let_pass_is_small_enough_for_every_runtime(text: str, size: int) -> None:
    body = text.encode() * (size // len(text.encode()))
    answer = answer_of(Response(200, _HEADERS, body))
    # Python 3.11's runtime escapes what is not ASCII, later ones write it as it is.
    written = max(len(json.dumps(answer, ensure_ascii=escaped).encode()) for escaped in (True, False))

    assert (written > LIMIT) is is_too_large(answer)
    assert not is_too_large(answer) or size > _FITS
    given = b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
    assert body == given


def test_text_stays_text_where_that_is_shorter() -> None:
    for body in ("홍" * 1000, "a" * 5_000_000, ("a" * 50 + "홍") * 50_000):
        assert body == answer_of(Response(200, _HEADERS, body.encode()))["body"]
