"""Requests that are signed, and the vectors of tests/data/hmac_vectors.json."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from cce.gateway.message import Headers, Request
from cce.gateway.signing.client import signed
from cce.gateway.signing.keys import Algorithm, Key
from cce.gateway.signing.reasons import Accepted, Reason, Refused
from cce.gateway.signing.settings import Hmac
from cce.gateway.signing.verify import verify

VECTORS: Final[dict[str, dict[str, Any]]] = {
    vector["id"]: vector
    for vector in json.loads(
        (Path(__file__).resolve().parents[1] / "data/hmac_vectors.json").read_text("utf-8")
    )
}
KEY: Final = Key("current", "cce-gateway-test-secret-00000001")
PREVIOUS: Final = Key("previous", "cce-gateway-test-secret-00000000")
NOW: Final = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
DATE: Final = "2026-11-22T01:02:03Z"
HOST: Final = "01234567ab-vpce-01234567abcdef012.execute-api.ap-northeast-2.amazonaws.com"
CLIENT: Final = ip_address("10.111.0.10")


def settings(**changes: Any) -> Hmac:
    """Settings of a stage, the defaults but for the changes."""
    return Hmac(**{"secret": "gateway/test"} | changes)


def asked(method: str = "GET", target: str = "/v1/srv?limit=10&role=web", **changes: Any) -> Request:
    """A request before it is signed."""
    path, _, query = target.partition("?")
    request = Request(
        method,
        path.removeprefix("/v1") or "/",
        path,
        query,
        Headers((("Host", HOST), ("x-nhn-client-id", "nhn"))),
        CLIENT,
        "11111111-2222-4333-8444-555555555555",
    )
    return request._replace(**changes)


def good(request: Request | None = None, **changes: Any) -> Request:
    """A request with a good signature of this moment."""
    how: dict[str, Any] = {"key": KEY, "date": DATE, "names": ("host",)}
    return signed(request or asked(), **how | changes)


def judged(
    request: Request, hmac: Hmac | None = None, *, after: float = 0, keys: tuple[Key, ...] = (KEY, PREVIOUS)
) -> Accepted | Refused:
    """What the server says, so many seconds after the moment."""
    return verify(request, hmac or settings(), keys, NOW + timedelta(seconds=after))


def reason(request: Request, hmac: Hmac | None = None, *, after: float = 0) -> Reason | None:
    """Why it is refused; ``None`` if it is accepted."""
    found = judged(request, hmac, after=after)
    return found.reason if isinstance(found, Refused) else None


def with_header(request: Request, name: str, *values: str) -> Request:
    """The request with these values of the header alone."""
    kept = request.headers.without([name])
    return request._replace(headers=Headers((*kept.lines, *((name, value) for value in values))))


def with_authorization(request: Request, *edits: tuple[str, str]) -> Request:
    """The request with texts of its Authorization replaced."""
    value = request.headers.one("authorization") or ""
    for old, new in edits:
        assert old in value
        value = value.replace(old, new)
    return with_header(request, "authorization", value)


def of_vector(vector: dict[str, Any], like: dict[str, Any] | None = None) -> Request:
    """The request of a vector; ``like``: that vector's request, with this one's Authorization."""
    shape = like or vector
    path, _, query = shape["request_target"].partition("?")
    lines = [tuple(line) for line in shape["signed_headers"]]
    return Request(
        shape["method"],
        path,
        path,
        query,
        Headers(
            (*lines, ("x-nhn-date", shape["x_nhn_date"]), ("Authorization", vector["authorization"])),
        ),
        CLIENT,
        "vector",
    )


def algorithm_of(vector: dict[str, Any]) -> Algorithm:
    return Algorithm(vector["algorithm"])
