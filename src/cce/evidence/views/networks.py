"""Networks in lists of clients: which of them let in more than one organisation has."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

_PRIVATE: Final = tuple(
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/32", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.168.0.0/16", "::/127", "fc00::/7", "fe80::/10",
    )
)  # fmt: skip
_MAPPED: Final = ipaddress.IPv6Network("::ffff:0:0/96")
_OCTETS: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,3}\.?")


@dataclass(frozen=True, slots=True)
class Reach:
    """The shortest prefixes of public networks that count as one's own, in bits."""

    ipv4: int
    ipv6: int

    def too_wide(self, network: str) -> bool:
        """Whether an address, ``net/prefix`` or ``net/mask`` (also in brackets) is too wide.

        Private networks never are. What is no network is not; its own syntax says what it means.
        """
        try:
            net = ipaddress.ip_network(re.sub(r"[\[\]\s]", "", network), strict=False)
        except ValueError:
            return False
        if isinstance(net, ipaddress.IPv6Network) and net.subnet_of(_MAPPED):
            return self.too_wide(f"{net.network_address.ipv4_mapped}/{net.prefixlen - 96}")
        if any(net.version == own.version and net.subnet_of(own) for own in _PRIVATE):  # type: ignore[arg-type]
            return False
        return net.prefixlen < (self.ipv4 if net.version == 4 else self.ipv6)  # noqa: PLR2004 - IP's versions

    def too_wide_octets(self, start: str) -> bool:
        """Whether too many addresses begin so (``10``, ``192.0.2``, as sendmail writes networks)."""
        if not _OCTETS.fullmatch(start):
            return False
        octets = start.rstrip(".").split(".")
        padded = ".".join([*octets, "0", "0", "0"][:4])
        return self.too_wide(f"{padded}/{8 * len(octets)}")
