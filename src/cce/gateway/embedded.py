"""IPv4 addresses inside of IPv6 ones, and where AWS keeps its own: what both guards against SSRF know."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Final

#: Services of AWS on the machine itself, the metadata service among them.
AWS_LOCAL: Final = IPv6Network("fd00:ec2::/32")

#: NAT64 as a network sets it up for itself (RFC 8215). Where in these addresses the IPv4 one stands is that
#: network's choice (RFC 6052), so nobody else can tell what one leads to.
LOCAL_NAT64: Final = IPv6Network("64:ff9b:1::/48")

#: NAT64 by the well-known prefix (RFC 6052), and IPv4-translated addresses (RFC 2765).
_IN_THE_LAST_BITS: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("::ffff:0:0:0/96"))
_IPV4_BITS: Final = 0xFFFFFFFF


def last_ipv4(address: IPv6Address) -> IPv4Address:
    """The IPv4 address in the last 32 bits."""
    return IPv4Address(int(address) & _IPV4_BITS)


def embedded_ipv4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to (NAT64, IPv4-mapped, IPv4-translated, 6to4), if it does."""
    if any(address in network for network in _IN_THE_LAST_BITS):
        return last_ipv4(address)
    return address.ipv4_mapped or address.sixtofour
