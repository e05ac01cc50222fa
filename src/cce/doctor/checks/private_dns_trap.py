"""DOC-01: an execute-api endpoint with private DNS takes the public APIs away from its VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.doctor.checks.registry import Saw, check
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.model import Snapshot


@check("endpoints", "public_apis")
def judge(snapshot: Snapshot) -> Iterator[Saw]:
    """List what each VPC loses; APIs of other accounts are lost too but cannot be listed."""
    lost = ", ".join(f"{api.id} ({api.name}, {api.kind})" for api in snapshot.public_apis)
    for endpoint in snapshot.api_endpoints:
        if not endpoint.private_dns:
            continue
        if lost:
            yield Saw(
                endpoint.id,
                Text(
                    f"{endpoint.vpc}에서 이름으로 부를 수 없는 이 계정의 공개 API: {lost}",
                    f"public APIs of this account that {endpoint.vpc} cannot call by their names: {lost}",
                ),
            )
        else:
            yield Saw(
                endpoint.id,
                Text(
                    f"{endpoint.vpc}에서 켜져 있음. 이 계정의 공개 API는 없으나 남의 것을 부를 수 없음",
                    f"on in {endpoint.vpc}; this account has no public API, but those of others are lost",
                ),
                "low",
            )
