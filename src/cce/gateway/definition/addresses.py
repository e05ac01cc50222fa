"""Lists of client addresses: single IPv4 and IPv6 addresses and networks, typed one by one or pasted.

IPv6 goes beyond the guide: a private endpoint is dual stack, so that an IPv4 list alone could not name
every caller.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cce.yaml_file import Path, Problem

Network = IPv4Network | IPv6Network

#: Most addresses and networks of a list, after equal ones are merged.
LIMIT: Final = 100

_SEPARATORS: Final = re.compile(r"[\s,]+")
_PREFIX: Final = re.compile(r"0|[1-9][0-9]{0,2}")
_MAPPED: Final = IPv6Network("::ffff:0:0/96")


@dataclass(frozen=True, slots=True)
class Entry:
    """One address or network of a list.

    Parameters
    ----------
    line
        The number of its entry in the list or of its line in a pasted text, from 0.
    network
        What it means, or what is wrong with it.
    """

    line: int
    text: str
    network: Network | str


def entries_of(lines: Sequence[str]) -> Iterator[Entry]:
    """Read a list whose entries hold one address each, or a pasted one whose lines hold several or none."""
    for number, line in enumerate(lines):
        for text in _SEPARATORS.split(line.partition("#")[0]):
            if text:
                yield Entry(number, text, _network(text))


def normal(lines: Sequence[str]) -> tuple[str, ...]:
    """A right list in its one spelling, ``10.0.0.0/24`` or ``10.0.0.1``; equal ones are merged."""
    return tuple(
        dict.fromkeys(
            shown(entry.network) for entry in entries_of(lines) if not isinstance(entry.network, str)
        )
    )


def shown(network: Network) -> str:
    """A network as people write it: a single address without its length."""
    single = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if single else str(network)


def problems_of(place: Path, lines: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with a list."""
    found = list(entries_of(lines))
    if not found:
        yield place, "the list is empty: allow would lock everybody out; write an address or take ip_acl out"
    for entry in found:
        if isinstance(entry.network, str):
            yield (*place, entry.line), entry.network
    count = len(normal(lines))
    if count > LIMIT:
        yield place, f"the list has {count} different entries, {LIMIT} are allowed; write networks instead"


def _network(text: str) -> Network | str:
    address, slash, length = text.partition("/")
    if slash and not _PREFIX.fullmatch(length):
        return f"{text}: after the / stands the number of leading bits, as in 10.0.0.0/24 or 2001:db8::/32"
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return _why_none(text, address)
    if "%" in address:
        return f"{text} names a network card of one machine; write the address without it"
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        mapped = network.network_address.ipv4_mapped
        return IPv4Network((str(mapped), network.prefixlen - _MAPPED.prefixlen))
    return network


def _why_none(text: str, address: str) -> str:
    try:
        bits = ip_address(address).max_prefixlen
    except ValueError:
        return f"{text} is no address and no network; write 10.0.0.1, 10.0.0.0/24 or 2001:db8::/32"
    return f"{text}: such an address has {bits} bits; write 0 to {bits} after the /"
