"""Which addresses a backend may have."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from cce.gateway.relay.addresses import checked, refusal
from cce.gateway.relay.upstream import AddressError


@pytest.mark.row("102", how="relay")
@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "169.254.170.2",
        "169.254.0.1",
        "fe80::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "0.0.0.0",  # noqa: S104 - nothing is bound to it
        "::",
        "224.0.0.1",
        "ff02::1",
        "255.255.255.255",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "::a9fe:a9fe",
        "::ffff:0:169.254.169.254",
        "::ffff:0:100.100.100.200",
        "64:ff9b:1::a9fe:a9fe",
        "64:ff9b:1:a9fe:a9:fe00::",
        "64:ff9b:1::10.111.3.4",
    ],
)
def test_never(address: str) -> None:
    assert refusal(ip_address(address), loopback=True)


@pytest.mark.row("102", how="relay")
@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "::ffff:0:127.0.0.1"]
)
def test_this_machine_only_where_it_is_allowed(address: str) -> None:
    assert refusal(ip_address(address), loopback=False)
    assert not refusal(ip_address(address), loopback=True)


@pytest.mark.parametrize(
    "address",
    [
        "10.111.3.4",
        "192.0.2.1",
        "172.31.0.2",
        "2001:db8::1",
        "fd12::1",
        "100.64.0.1",
        "64:ff9b::10.111.3.4",
        "::ffff:0:10.111.3.4",
    ],
)
def test_private_and_public_addresses_are_backends(address: str) -> None:
    assert not refusal(ip_address(address), loopback=False)


def test_one_bad_address_spoils_the_name() -> None:
    with pytest.raises(AddressError, match=r"backend\.example leads to 169\.254\.169\.254"):
        checked("backend.example", ["10.111.3.4", "169.254.169.254"], loopback=False)
