"""Names of one's own that lead to a private API: of hosted zones and of load balancers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cce.doctor.model import Balancer, Certificate, Domain, Snapshot


@dataclass(frozen=True, slots=True)
class CustomName:
    """A name, and the load balancer that it leads to; without one it leads to an endpoint directly."""

    name: str
    balancer: Balancer | None = None


def custom_names(snapshot: Snapshot) -> tuple[CustomName, ...]:
    """Every name of a hosted zone that ends at an API endpoint, and load balancers that no name leads to."""
    fronts = {b.dns_name.lower(): b for b in snapshot.balancers if snapshot.fronted(b)}
    direct = {place.lower() for e in snapshot.api_endpoints for place in (*e.dns_names, *e.addresses)}
    found: dict[str, CustomName] = {}
    for record in snapshot.records:
        if fronted := next((fronts[v] for v in record.values if v in fronts), None):
            found[record.name] = CustomName(record.name, fronted)
        elif direct.intersection(record.values):
            found[record.name] = CustomName(record.name)
    named = {c.balancer.dns_name.lower() for c in found.values() if c.balancer}
    found |= {name: CustomName(name, b) for name, b in fronts.items() if name not in named}
    return tuple(found.values())


def domain_of(snapshot: Snapshot, name: str) -> Domain | None:
    """The private custom domain of that name."""
    return next((d for d in snapshot.domains if fits(name, d.name)), None)


def is_for(certificate: Certificate, name: str) -> bool:
    """Whether a certificate is for the name."""
    return any(fits(name, pattern) for pattern in certificate.names)


def fits(name: str, pattern: str) -> bool:
    """Whether a name of a certificate covers a host name: a wildcard is one whole label (RFC 9525, 6.3).

    Examples
    --------
    >>> fits("api.corp.example", "*.corp.example"), fits("v1.api.corp.example", "*.corp.example")
    (True, False)
    """
    name, pattern = name.rstrip(".").lower(), pattern.rstrip(".").lower()
    if pattern.startswith("*."):
        return name.partition(".")[2] == pattern[2:]
    return name == pattern
