"""The IP ACL of a stage."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.gateway.acl import AddressList
from gateway_world import cors, engine, fixed, refused, request

_TREE = {"/members": {"methods": {"GET": fixed(204)}, "plugins": cors("https://portal.example")}}


def status(client: str, mode: str, *entries: str, **more: Any) -> int:
    served = engine(_TREE, ip_acl={"mode": mode, "entries": list(entries)} | more)
    return refused(served, request(client=ip_address(client))).response.status


@pytest.mark.row("116", "117", "118", "120", "4031007", "G10", how="local")
@pytest.mark.parametrize(
    ("client", "entry", "listed"),
    [
        ("10.0.0.1", "10.0.0.1", True),
        ("10.0.0.2", "10.0.0.1", False),
        ("10.0.0.200", "10.0.0.1/24", True),  # the guide's own example, host bits and all
        ("10.0.1.0", "10.0.0.1/24", False),
        ("::ffff:10.0.0.200", "10.0.0.0/24", True),
        ("10.0.0.200", "::ffff:10.0.0.0/120", True),
        ("2001:db8::1", "10.0.0.0/8", False),
        ("2001:db8::1", "2001:db8::/32", True),
        ("::1", "0.0.0.0/0", False),
        ("255.255.255.255", "0.0.0.0/0", True),
    ],
)
def test_allow_and_deny(client: str, entry: str, listed: bool) -> None:  # noqa: FBT001 - a column
    assert (204 if listed else 403) == status(client, "allow", entry)
    assert (403 if listed else 204) == status(client, "deny", entry)


@pytest.mark.row("116", how="local")
def test_switched_off_it_lets_everybody_in() -> None:
    assert 204 == status("10.0.0.2", "allow", "10.0.0.1", enabled=False)


@pytest.mark.row("121", how="local")
def test_a_hundred_targets() -> None:
    entries = [f"10.{number}.0.0/16" for number in range(0, 200, 2)]

    assert [204, 403] == [status("10.198.3.4", "allow", *entries), status("10.199.3.4", "allow", *entries)]


@pytest.mark.row("122", how="local")
def test_only_the_peer_counts() -> None:
    served = engine(_TREE, ip_acl={"mode": "allow", "entries": ["10.0.0.1"]})
    asked = request(
        "GET",
        "/members",
        ("X-Forwarded-For", "10.0.0.1"),
        ("X-Real-IP", "10.0.0.1"),
        ("Forwarded", "for=10.0.0.1"),
    )

    assert 403 == refused(served, asked).response.status


def test_it_comes_before_everything_else_and_a_page_may_read_the_refusal() -> None:
    served = engine(_TREE, ip_acl={"mode": "deny", "entries": ["10.0.0.0/8"]})
    preflight = request(
        "OPTIONS", "/members", ("Origin", "https://portal.example"), ("Access-Control-Request-Method", "GET")
    )
    for asked in (request("GET", "/nowhere"), preflight):
        assert 403 == refused(served, asked).response.status
    headers = refused(served, preflight).response.headers
    assert "https://portal.example" == headers.one("access-control-allow-origin")


@given(
    st.lists(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str), min_size=1, max_size=6),
    st.integers(0, 32),
    st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)),
)
def test_membership_is_that_of_the_networks(addresses: list[str], length: int, client: Any) -> None:
    entries = tuple(f"{address}/{length}" for address in addresses)
    plain = getattr(client, "ipv4_mapped", None) or client

    assert any(plain in ip_network(entry, strict=False) for entry in entries) == (
        client in AddressList(entries)
    )
