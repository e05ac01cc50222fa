"""The IP ACL of a stage: which client addresses may call."""

from __future__ import annotations

from bisect import bisect_right
from ipaddress import IPv4Network, IPv6Address, IPv6Network, collapse_addresses, ip_network
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from ipaddress import IPv4Address

    from cce.gateway.definition.stage import IpAcl

#: Bits before an IPv4 address that is written as an IPv6 one (``::ffff:10.0.0.1``).
_MAPPED_BITS: Final = 96


Network = TypeVar("Network", IPv4Network, IPv6Network)


class AddressList:
    """Addresses and networks; membership takes a binary search, however long the list is.

    ``10.0.0.1/24`` means the network around the address, as in NHN's guide. An IPv4 address and its IPv6
    form (``::ffff:10.0.0.1``) are one, on the list as well as of the client.
    """

    def __init__(self, entries: tuple[str, ...]) -> None:
        networks = [_plain(ip_network(entry, strict=False)) for entry in entries]
        self._ranges = {
            4: _ranges([network for network in networks if isinstance(network, IPv4Network)]),
            6: _ranges([network for network in networks if isinstance(network, IPv6Network)]),
        }

    def __contains__(self, address: IPv4Address | IPv6Address) -> bool:
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        starts, ends = self._ranges[address.version]
        number = int(address)
        place = bisect_right(starts, number)
        return place > 0 and number <= ends[place - 1]


class Acl:
    """Says who may call. Without settings, or switched off, everybody may."""

    def __init__(self, settings: IpAcl | None) -> None:
        self._listed = AddressList(settings.entries) if settings and settings.enabled else None
        self._admits_listed = settings is not None and settings.mode == "allow"

    def admits(self, client: IPv4Address | IPv6Address) -> bool:
        """Whether the client may call.

        An IPv6 address is on no list of IPv4 networks: ``allow`` refuses it, ``deny`` lets it pass.
        """
        return self._listed is None or (client in self._listed) is self._admits_listed


def _plain(network: IPv4Network | IPv6Network) -> IPv4Network | IPv6Network:
    if isinstance(network, IPv6Network) and network.prefixlen >= _MAPPED_BITS:
        mapped = network.network_address.ipv4_mapped
        if mapped:
            return IPv4Network((mapped, network.prefixlen - _MAPPED_BITS))
    return network


def _ranges(networks: list[Network]) -> tuple[list[int], list[int]]:
    merged = list(collapse_addresses(networks))  # in their order
    return (
        [int(network.network_address) for network in merged],
        [int(network.broadcast_address) for network in merged],
    )
