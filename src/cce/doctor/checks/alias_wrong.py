"""DOC-10: the alias leads somewhere else."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from cce.doctor.checks.aliases import is_filtered
from cce.doctor.checks.registry import Saw, check
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.model import Snapshot


@check("apis", "endpoints", "answers")
def judge(snapshot: Snapshot) -> Iterator[Saw]:
    """Every address that an alias resolves to is one of the endpoint's interfaces."""
    for _, endpoint, alias in snapshot.aliases():
        if is_filtered(snapshot, alias):
            continue
        own = {ip_address(a) for a in endpoint.addresses}
        foreign = [a for a in snapshot.answers[alias].addresses if ip_address(a) not in own]
        if foreign:
            got, want = ", ".join(foreign), ", ".join(endpoint.addresses)
            yield Saw(
                alias,
                Text(
                    f"{got}(으)로 풀림. {endpoint.id}의 주소: {want}",
                    f"it resolves to {got}; the addresses of {endpoint.id} are {want}",
                ),
            )
