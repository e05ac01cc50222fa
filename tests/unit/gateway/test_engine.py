"""The order of the engine's steps, its limits, and that no request makes it fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.gateway.engine import BODY_LIMIT, Checks, Outcome
from cce.gateway.message import Headers, Request
from gateway_world import NOW, cors, engine, fixed, forwarded, refused, request, to

if TYPE_CHECKING:
    from datetime import datetime
    from ipaddress import IPv4Address, IPv6Address

_TREE = {
    "/a": {"methods": {"GET": to("/a"), "POST": to("/a")}, "plugins": cors("https://portal.example")},
    "/r": {"methods": {"GET": {"backend": {"function": "ReportFunction"}}}},
}


class Told:
    """Checks that say what they are told to, and remember that they were asked."""

    def __init__(self, signature: str | None = None, body: str | None = None) -> None:
        self.asked: list[str] = []
        self.checks = Checks(self._check("signature", signature), self._check("body", body))

    def _check(self, name: str, reason: str | None):  # noqa: ANN202 - a Check
        def check(_request: Request, _now: datetime) -> str | None:
            self.asked.append(name)
            return reason

        return check


@pytest.mark.row("129", how="local")
@pytest.mark.parametrize("told", [Told("4011008 the signature"), Told(None, "4011008 the body")])
def test_a_signature_that_is_not_good(told: Told) -> None:
    outcome = refused(engine(_TREE, told.checks), request("GET", "/a", ("Origin", "https://portal.example")))

    assert 401 == outcome.response.status
    assert outcome.reason.startswith("4011008")
    assert b'"resultCode":4011008,"resultMessage":"Authorization is invalid."' in outcome.response.body
    assert "https://portal.example" == outcome.response.headers.one("access-control-allow-origin")


@pytest.mark.row("56", "74", how="local")
def test_preflights_and_what_is_not_there_need_no_signature() -> None:
    told = Told("no")
    served = engine(_TREE, told.checks)
    preflight = request(
        "OPTIONS", "/a", ("Origin", "https://portal.example"), ("Access-Control-Request-Method", "POST")
    )

    assert [204, 404, 404] == [
        refused(served, each).response.status
        for each in (preflight, request("PUT", "/a"), request("GET", "/b"))
    ]
    assert [] == told.asked


@pytest.mark.row("152", "4131000", how="local")
def test_size() -> None:
    told = Told()
    served = engine(_TREE, told.checks)
    assert BODY_LIMIT == len(forwarded(served, request("POST", "/a", body=b"x" * BODY_LIMIT)).body)

    outcome = refused(served, request("POST", "/a", body=b"x" * (BODY_LIMIT + 1)))
    assert 413 == outcome.response.status
    assert b'"resultCode":4131000' in outcome.response.body
    assert ["signature", "body", "signature"] == told.asked, "who may not call learns nothing of sizes"


def test_a_function_of_the_stack_is_not_here() -> None:
    outcome = refused(engine(_TREE), request("GET", "/r"))

    assert (502, "ReportFunction" in outcome.reason) == (outcome.response.status, False)
    assert "function" in outcome.reason


_TEXT = st.text(max_size=20)
_SERVED = engine(
    {
        "/members/{id}": {
            "methods": {
                "GET": to("/m/${request.path.id}", request_headers={"set": {"x-id": "<${request.path.id}>"}}),
                "PUT": fixed(200, '{"id": "${request.path.id}"}', **{"x-id": "${request.path.id}"}),
            },
            "plugins": cors("https://portal.example"),
        },
        "/files/{file+}": {"methods": {"GET": to("/d/${request.path.file+}")}},
    },
    ip_acl={"mode": "deny", "entries": ["192.0.2.0/24"]},
)


@given(
    st.sampled_from(["GET", "PUT", "OPTIONS", "HEAD", "get", ""]),
    st.one_of(_TEXT, _TEXT.map("/members/".__add__), _TEXT.map("/files/".__add__)),
    _TEXT,
    st.lists(
        st.tuples(st.sampled_from(["Origin", "Access-Control-Request-Method", "Connection", "x"]), _TEXT),
        max_size=4,
    ),
    st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)),
)
def test_any_request_ends_in_an_answer_or_at_the_backend(
    method: str, path: str, query: str, lines: list[tuple[str, str]], client: IPv4Address | IPv6Address
) -> None:
    asked = Request(method, path, path, query, Headers(tuple(lines)), client, "id")
    decision = _SERVED.decide(asked, NOW)
    if isinstance(decision, Outcome):
        assert decision.response.status in {200, 204, 400, 403, 404}
        made = decision.response.headers.without(["access-control-allow-origin"])
    else:
        assert decision.url.startswith("https://backend.example:443/apis/")
        made = Headers(tuple(line for line in decision.headers if line not in lines))
    assert not any(set(value) & {"\r", "\n", "\0"} for _, value in made)
