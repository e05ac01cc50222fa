"""DOC-02: an endpoint that is pending, failed or not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.doctor.checks.registry import Saw, check
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.model import Snapshot


@check("endpoints", "apis")
def judge(snapshot: Snapshot) -> Iterator[Saw]:
    """Every endpoint of the looked-at VPCs is available, and private APIs have one."""
    for endpoint in snapshot.endpoints:
        if endpoint.state != "available":
            yield Saw(
                endpoint.id,
                Text(
                    f"{endpoint.vpc}의 {endpoint.service} 엔드포인트 상태: {endpoint.state}",
                    f"the {endpoint.service} endpoint of {endpoint.vpc} is {endpoint.state}",
                ),
            )
    if not snapshot.apis:
        return
    have = {endpoint.vpc for endpoint in snapshot.api_endpoints}
    for vpc in snapshot.named_vpcs:
        if vpc not in have:
            yield Saw(vpc, Text("execute-api 엔드포인트가 없음", "it has no execute-api endpoint"))
    if not have and not snapshot.named_vpcs:
        names = ", ".join(api.id for api in snapshot.apis)
        yield Saw(
            snapshot.region,
            Text(
                f"프라이빗 API({names})가 있으나 이 계정의 VPC에 execute-api 엔드포인트가 없음",
                f"there are private APIs ({names}) but no VPC of this account has an execute-api endpoint",
            ),
        )
