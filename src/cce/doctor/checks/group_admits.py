"""DOC-11: TCP 443 between a caller and an endpoint is closed by a security group on either side."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Final

from cce.doctor.checks.registry import Saw, check
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cce.doctor.model import Endpoint, Rule, Snapshot

_HTTPS: Final = 443

#: What the SSM agent of a host calls; other services are not known to be called by it.
_AGENT: Final = frozenset({"ssm", "ssmmessages", "ec2messages"})


@dataclass(frozen=True, slots=True)
class _Caller:
    name: str
    vpc: str
    networks: tuple[str, ...]
    groups: tuple[str, ...]
    services: frozenset[str] | None = None


@check("endpoints", "groups", "network", "functions", "hosts")
def judge(snapshot: Snapshot) -> Iterator[Saw]:
    """Every known caller may open TCP 443 to the endpoints that it calls."""
    for endpoint in snapshot.endpoints:
        if endpoint.kind != "Interface":
            continue
        for caller in _callers(snapshot):
            if caller.vpc not in {"", endpoint.vpc}:
                continue
            if caller.services is not None and endpoint.service not in caller.services:
                continue
            if (text := _closed(snapshot, endpoint, caller)) is not None:
                yield Saw(endpoint.id, text)


def _callers(snapshot: Snapshot) -> Iterator[_Caller]:
    for client in snapshot.clients:
        yield _Caller(client, "", (str(ip_network(client, strict=False)),), (), frozenset({"execute-api"}))
    for function in snapshot.functions:
        if function.vpc:
            networks = [
                n for s in function.subnets if s in snapshot.subnets for n in snapshot.subnets[s].networks
            ]
            yield _Caller(function.name, function.vpc, _of_version_4(networks), function.groups)
    for host in snapshot.hosts:
        networks = [host.address] if host.address else []
        yield _Caller(host.id, host.vpc, _of_version_4(networks), host.groups, _AGENT)


def _closed(snapshot: Snapshot, endpoint: Endpoint, caller: _Caller) -> Text | None:
    service, name = endpoint.service, caller.name
    if not _admitted(snapshot, endpoint, caller):
        groups = ", ".join(endpoint.groups)
        return Text(
            f"{service} 엔드포인트의 보안 그룹({groups})이 {name}의 TCP 443을 받지 않음",
            f"the groups of the {service} endpoint ({groups}) do not admit TCP 443 of {name}",
        )
    if not _may_call(snapshot, endpoint, caller):
        groups = ", ".join(caller.groups)
        return Text(
            f"{name}의 보안 그룹({groups})이 {service} 엔드포인트로 TCP 443을 내보내지 않음",
            f"the groups of {name} ({groups}) do not let TCP 443 out to the {service} endpoint",
        )
    return None


def _of_version_4(networks: Iterable[str]) -> tuple[str, ...]:
    """Interface endpoints are called by IPv4 unless they are dual stack, and then by either."""
    return tuple(str(n) for n in map(ip_network, networks) if n.version == 4)  # noqa: PLR2004 - IPv4


def _admitted(snapshot: Snapshot, endpoint: Endpoint, caller: _Caller) -> bool:
    rules = [r for g in endpoint.groups if g in snapshot.groups for r in snapshot.groups[g].ingress]
    return _open(rules, caller.networks, caller.groups)


def _may_call(snapshot: Snapshot, endpoint: Endpoint, caller: _Caller) -> bool:
    if not caller.groups:
        return True
    rules = [r for g in caller.groups if g in snapshot.groups for r in snapshot.groups[g].egress]
    return _open(rules, _of_version_4(endpoint.addresses), endpoint.groups)


def _open(rules: Iterable[Rule], networks: tuple[str, ...], groups: tuple[str, ...]) -> bool:
    https = [rule for rule in rules if rule.first <= _HTTPS <= rule.last]
    if any(set(groups).intersection(rule.groups) for rule in https):
        return True
    opened = [ip_network(n, strict=False) for rule in https for n in rule.networks]
    return bool(networks) and all(any(_inside(n, o) for o in opened) for n in map(ip_network, networks))


def _inside(inner: IPv4Network | IPv6Network, outer: IPv4Network | IPv6Network) -> bool:
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type] # same version
