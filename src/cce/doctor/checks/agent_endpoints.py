"""DOC-17: hosts without internet whose VPC lacks what their SSM agent calls."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from cce.doctor.checks.registry import Saw, check
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.model import Snapshot

_NEEDED: Final = ("ssm", "ssmmessages", "s3")


@check("endpoints", "network", "hosts")
def judge(snapshot: Snapshot) -> Iterator[Saw]:
    """Each VPC has them, unless its hosts go out by the internet (DOC-16) or are online by another VPC's."""
    cut_off = defaultdict(list)
    for host in snapshot.hosts:
        subnet = snapshot.subnets.get(host.subnet)
        if not host.online and not (subnet and subnet.internet):
            cut_off[host.vpc].append(host.id)
    for vpc, hosts in cut_off.items():
        missing = [service for service in _NEEDED if not snapshot.serves(vpc, service)]
        if missing:
            services, names = ", ".join(missing), ", ".join(hosts)
            yield Saw(
                vpc,
                Text(
                    f"사용 가능한 엔드포인트가 없는 서비스: {services}. 연결되지 않은 서버: {names}",
                    f"no available endpoint for {services}; servers that are not online: {names}",
                ),
            )
