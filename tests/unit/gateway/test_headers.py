"""Headers on their way through, the plugins that change them, and custom responses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gateway_world import answered, engine, fixed, forwarded, refused, request, to

if TYPE_CHECKING:
    from cce.gateway.message import Headers

_SET = {"request_headers": {"set": {"X-Tenant": "bank", "x-member": "id-${request.path.id}"}}}


def sent(*lines: tuple[str, str], path: str = "/members/a") -> Headers:
    served = engine({"/members/{id}": {"methods": {"GET": to("/m", **_SET)}}})
    return forwarded(served, request("GET", path, *lines)).headers


@pytest.mark.row("56", "78", "79", "80", "81", "82", "84", "85", how="local")
def test_request_headers_are_added_and_replaced() -> None:
    headers = sent(("x-tenant", "a"), ("X-TENANT", "b"), ("Accept", "*/*"))

    assert (("Accept", "*/*"), ("X-Tenant", "bank"), ("x-member", "id-a")) == headers.lines


@pytest.mark.row("86", how="local")
def test_other_request_headers_stay_as_they_are() -> None:
    lines = (
        ("Authorization", "hmac x"),
        ("Cookie", "a=1"),
        ("Cookie", "b=2"),
        ("X-Forwarded-For", "10.0.0.9"),
    )

    assert lines == sent(*lines).lines[:4]


def test_headers_of_the_connection_stay_behind() -> None:
    lines = [
        ("Host", "gateway.example"),
        ("Connection", "keep-alive, X-Mine"),
        ("X-Mine", "1"),
        ("Keep-Alive", "timeout=5"),
        ("Transfer-Encoding", "chunked"),
        ("TE", "trailers"),
        ("Trailer", "x"),
        ("Upgrade", "websocket"),
        ("Proxy-Authorization", "x"),
        ("Expect", "100-continue"),
        ("Content-Length", "3"),
    ]
    assert {"X-Tenant", "x-member"} == {name for name, _ in sent(*lines)}


def test_a_client_cannot_take_the_gateways_header_away() -> None:
    assert "bank" == sent(("Connection", "x-tenant")).one("x-tenant")


@pytest.mark.row("82", "91", how="local")
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a%20b", "id-a b"),
        ("%ED%99%8D", "id-홍"),
        ("a%0d%0aSet-Cookie:%20x=1", "id-aSet-Cookie: x=1"),
        ("a%00%7f%09b", "id-ab"),
        ("%ff", "id-\ufffd"),
        ("%2520", "id-%20"),
    ],
)
def test_decoded_variables_cannot_break_out_of_a_header(written: str, expected: str) -> None:
    plugin = {"response_headers": {"set": {"x-member": "id-${request.path.id}"}}}
    served = engine({"/members/{id}": {"methods": {"GET": fixed(204) | {"plugins": plugin}}}})

    assert expected == refused(served, request("GET", f"/members/{written}")).response.headers.one("x-member")


@pytest.mark.row("56", "87", "88", "89", "90", "91", "92", "93", how="local")
def test_response_headers_are_added_and_replaced() -> None:
    change = {"set": {"Set-Cookie": "gw=1", "X-New": "${request.path.id}"}}
    served = engine({"/members/{id}": {"methods": {"GET": to("/m", response_headers=change)}}})
    answer = answered(
        served,
        request("GET", "/members/a"),
        ("Set-Cookie", "a=1"),
        ("set-cookie", "b=2"),
        ("Content-Type", "text/plain"),
    )

    assert ("gw=1", "a", "text/plain") == tuple(
        map(answer.headers.one, ("set-cookie", "x-new", "content-type"))
    )


@pytest.mark.row("89", how="local")
def test_they_hold_for_custom_answers_and_not_for_refusals() -> None:
    change = {"response_headers": {"set": {"x-new": "1"}}}
    tree = {"/a": {"methods": {"GET": fixed(204), "PUT": to("/a")}, "plugins": change}}

    assert "1" == refused(engine(tree), request("GET", "/a")).response.headers.one("x-new")
    shut = engine(tree, ip_acl={"mode": "deny", "entries": ["10.0.0.0/8"]})
    assert None is refused(shut, request("GET", "/a")).response.headers.one("x-new")


@pytest.mark.row("79", "88", how="local")
def test_a_methods_plugin_wins_over_its_paths() -> None:
    tree = {
        "/a": {
            "plugins": {"request_headers": {"set": {"x-a": "path", "x-b": "path"}}},
            "methods": {"GET": to("/a", request_headers={"set": {"x-a": "method"}}), "PUT": to("/a")},
        }
    }
    served = engine(tree)

    assert (("x-a", "method"),) == forwarded(served, request("GET", "/a")).headers.lines
    assert (("x-a", "path"), ("x-b", "path")) == forwarded(served, request("PUT", "/a")).headers.lines


@pytest.mark.row("150", how="local")
def test_who_answered_can_be_told() -> None:
    served = engine({"/a": {"methods": {"GET": to("/a")}}})

    assert ("backend",) == answered(
        served, request("GET", "/a"), ("X-GW-Origin", "gateway"), status=404
    ).headers.all("x-gw-origin")
    assert () == refused(served, request("GET", "/b")).response.headers.all("x-gw-origin")


def test_headers_of_the_backends_connection_stay_behind() -> None:
    served = engine({"/a": {"methods": {"GET": to("/a")}}})
    answer = answered(
        served,
        request("GET", "/a"),
        ("Connection", "close, x-a"),
        ("X-A", "1"),
        ("Transfer-Encoding", "chunked"),
        ("ETag", "e"),
    )

    assert {"ETag": "e", "x-gw-origin": "backend"} == dict(answer.headers.lines)


@pytest.mark.row("24", "29", "30", "31", "32", "33", "171", how="local")
def test_a_custom_response() -> None:
    body = '{"id": "${request.path.id}", "rest": "${request.path.id}"}'
    custom = fixed(
        418, body, **{"content-type": "application/json; charset=utf-8", "x-id": "<${request.path.id}>"}
    )
    served = engine({"/members/{id}": {"methods": {"GET": custom}}})
    response = refused(served, request("GET", "/members/%22,%22admin%22:true,%22x%22:%22%0a%5c")).response

    assert (418, "gateway") == (response.status, response.answered_by)
    given = '","admin":true,"x":"\n\\'
    assert {"id": given, "rest": given} == json.loads(response.body)
    assert '<","admin":true,"x":"\\>' == response.headers.one("x-id")


@pytest.mark.row("31", "32", how="local")
@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("text/html", b"<p>&lt;script&gt;</p>"),
        ("image/svg+xml", b"<p>&lt;script&gt;</p>"),
        ("text/plain", b"<p><script></p>"),
        (None, b"<p><script></p>"),
    ],
)
def test_variables_are_escaped_for_the_bodys_type(content_type: str | None, expected: bytes) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    served = engine(
        {"/members/{id}": {"methods": {"GET": fixed(200, "<p>${request.path.id}</p>", **headers)}}}
    )
    response = refused(served, request("GET", "/members/%3Cscript%3E")).response

    assert (expected, content_type or "application/json") == (
        response.body,
        response.headers.one("content-type"),
    )


@pytest.mark.row("31", "89", how="local")
def test_variables_are_escaped_for_the_type_that_a_plugin_sets() -> None:
    method = fixed(200, "<p>${request.path.id}</p>") | {
        "plugins": {"response_headers": {"set": {"Content-Type": "text/html"}}}
    }
    served = engine({"/members/{id}": {"methods": {"GET": method}}})

    assert b"<p>&lt;script&gt;</p>" == refused(served, request("GET", "/members/%3Cscript%3E")).response.body


@pytest.mark.row("31", how="local")
def test_signs_of_templates_in_a_body_are_text() -> None:
    served = engine({"/a": {"methods": {"GET": fixed(200, "#set($x = 1)$x $input.body")}}})

    assert b"#set($x = 1)$x $input.body" == refused(served, request("GET", "/a")).response.body
