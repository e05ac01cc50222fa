"""IPv4 addresses inside of IPv6 ones, and where AWS keeps its own: what both guards against SSRF know."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Final

#: Services of AWS on the machine itself, the metadata service among them.
AWS_LOCAL: Final = IPv6Network("fd00:ec2::/32")

_NAT64: Final = IPv6Network("64:ff9b::/96")
_IPV4_BITS: Final = 0xFFFFFFFF


def last_ipv4(address: IPv6Address) -> IPv4Address:
    """The IPv4 address in the last 32 bits."""
    return IPv4Address(int(address) & _IPV4_BITS)


def embedded_ipv4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to (NAT64, IPv4-mapped, 6to4), if it does."""
    if address in _NAT64:
        return last_ipv4(address)
    return address.ipv4_mapped or address.sixtofour
