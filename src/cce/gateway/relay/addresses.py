"""Which addresses a backend may have (SSRF): asked about every address before a connection is made."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from cce.gateway.embedded import AWS_LOCAL, LOCAL_NAT64, embedded_ipv4, last_ipv4
from cce.gateway.relay.upstream import AddressError

#: Where nothing is sent to. Other metadata services (169.254.169.254, the containers') are link-local.
_NEVER: Final = (
    (AWS_LOCAL, "a metadata service"),
    (ip_network("100.100.100.200/32"), "a metadata service"),
    (LOCAL_NAT64, "an address of NAT64 that hides which IPv4 address it leads to"),
)

#: The long gone IPv4-compatible form.
_COMPATIBLE: Final = IPv6Network("::/96")


def checked(name: str, addresses: list[str], *, loopback: bool) -> list[str]:
    """The addresses, if every one of them may be asked.

    One that may not spoils the rest: a name that leads to both is an attack, or a mistake to be seen.

    Parameters
    ----------
    loopback
        Whether this machine itself may be the backend: yes for the local server, no on AWS, where the
        runtime's own API listens there.

    Raises
    ------
    AddressError
        When one may not be asked.
    """
    for address in addresses:
        if reason := refusal(ip_address(address.partition("%")[0]), loopback=loopback):
            message = f"the backend {name} leads to {address}, {reason}"
            raise AddressError(message)
    return addresses


def refusal(address: IPv4Address | IPv6Address, *, loopback: bool) -> str:
    """Why an address must not be asked; empty if it may."""
    if isinstance(address, IPv6Address) and not address.is_loopback and (inner := _inner(address)):
        return refusal(inner, loopback=loopback)
    if reason := next((reason for network, reason in _NEVER if address in network), ""):
        return reason
    if address.is_link_local:
        return "a link-local address (metadata services are there)"
    if address.is_loopback and not loopback:
        return "this machine itself"
    if address.is_unspecified or address.is_multicast or address == IPv4Address("255.255.255.255"):
        return "not the address of one server"
    return ""


def _inner(address: IPv6Address) -> IPv4Address | None:
    if address in _COMPATIBLE and int(address) > 1:
        return last_ipv4(address)
    return embedded_ipv4(address) or (address.teredo[1] if address.teredo else None)
