"""DOC-16: a function, a host or this machine reaches AWS through the internet."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from cce.doctor.checks.registry import Saw, check
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cce.doctor.model import Snapshot, Subnet

#: What the functions of this system call, and what an SSM agent does.
_OF_FUNCTIONS: Final = ("dynamodb", "ec2", "s3", "sqs", "ssm", "states", "sts")
_OF_AGENTS: Final = ("s3", "ssm", "ssmmessages")
_GATEWAYS: Final = frozenset({"dynamodb", "s3"})


@check("endpoints", "network", "functions", "hosts", "answers")
def judge(snapshot: Snapshot) -> Iterator[Saw]:
    """Nobody who is looked at has a way to AWS through the internet."""
    for function in snapshot.functions:
        if not function.vpc:
            yield Saw(function.name, Text("함수가 VPC 밖에 있음", "the function is outside of every VPC"))
        else:
            yield from _leaving(snapshot, function.name, function.subnets, _OF_FUNCTIONS)
    for host in snapshot.hosts:
        yield from _leaving(snapshot, host.id, (host.subnet,), _OF_AGENTS)
    yield from _from_here(snapshot)


def _leaving(snapshot: Snapshot, who: str, subnets: Iterable[str], services: Iterable[str]) -> Iterator[Saw]:
    """One finding per caller: the gateway, and the services for which nothing keeps the call inside."""
    out = [s for name in subnets if (s := snapshot.subnets.get(name)) and s.internet]
    uncovered = sorted({s for s in services for subnet in out if not _stays(snapshot, subnet, s)})
    if uncovered:
        ways = ", ".join(sorted({f"{s.id} → {s.internet}" for s in out}))
        names = ", ".join(uncovered)
        yield Saw(
            who,
            Text(
                f"기본 경로 {ways}, 엔드포인트가 없는 서비스: {names}",
                f"default route {ways}; services without an endpoint: {names}",
            ),
        )


def _stays(snapshot: Snapshot, subnet: Subnet, service: str) -> bool:
    if snapshot.serves(subnet.vpc, service) and service not in _GATEWAYS:
        return True
    return any(
        e.service == service and e.serves and (e.kind != "Gateway" or subnet.route_table in e.route_tables)
        for e in snapshot.endpoints
        if e.vpc == subnet.vpc
    )


def _from_here(snapshot: Snapshot) -> Iterator[Saw]:
    """What this machine's resolver says of AWS's names, if it stands in a looked-at VPC."""
    vpc = snapshot.stands_in
    if not vpc:
        return
    aliases = {alias for _, _, alias in snapshot.aliases()}
    for name, answer in snapshot.answers.items():
        public = [a for a in answer.addresses if ip_address(a).is_global]
        if name not in aliases and public:
            shown = ", ".join(public)
            yield Saw(
                name,
                Text(
                    f"{vpc} 안의 이 기계에서 공인 주소 {shown}(으)로 풀림",
                    f"on this machine inside {vpc} it resolves to the public address {shown}",
                ),
            )
