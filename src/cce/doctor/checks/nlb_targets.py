"""DOC-14: a load balancer in front of the endpoint that has not exactly its addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.doctor.checks.registry import Saw, check
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.model import Snapshot


@check("endpoints", "balancers")
def judge(snapshot: Snapshot) -> Iterator[Saw]:
    """A load balancer in front of an API has the endpoint's IPv4 addresses, all and no more."""
    for balancer in snapshot.balancers:
        fronted = snapshot.fronted(balancer)
        if not fronted:
            continue
        targets = {t.address for t in balancer.targets}
        addresses = {a for e in fronted for a in e.addresses if ":" not in a}
        ids = ", ".join(e.id for e in fronted)
        missing, stale = ", ".join(sorted(addresses - targets)), ", ".join(sorted(targets - addresses))
        if missing:
            yield Saw(
                balancer.target_group,
                Text(
                    f"{ids}의 주소 {missing}이(가) 대상에 없음",
                    f"{missing} of {ids} is not among the targets",
                ),
            )
        if stale:
            yield Saw(
                balancer.target_group,
                Text(f"대상 {stale}은(는) {ids}의 주소가 아님", f"target {stale} is no address of {ids}"),
            )
