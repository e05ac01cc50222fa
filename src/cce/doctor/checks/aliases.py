"""What resolvers do to answers with private addresses. No check of its own."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cce.doctor.model import Snapshot


def is_filtered(snapshot: Snapshot, alias: str) -> bool:
    """Whether a resolver keeps the alias's addresses back.

    Filters answer without addresses (unbound, dnsmasq), with 0.0.0.0 or loopback (blocking resolvers), or
    deny the name, which only another resolver's answer can tell from a name that is not there.
    """
    answer = snapshot.answers[alias]
    if answer.status == "nodata":
        return True
    if answer.addresses:
        return all(is_placeholder(a) for a in answer.addresses)
    other = snapshot.references.get(alias)
    return other is not None and other.status == "ok"


def is_placeholder(address: str) -> bool:
    """Whether it is an address that filters answer instead of the true one."""
    ip = ip_address(address)
    return ip.is_unspecified or ip.is_loopback
