"""DOC-15: a load balancer in front of the endpoint that puts its own address in the callers' place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.doctor.checks.registry import Saw, check
from cce.doctor.model import Gap
from cce.doctor.policy import PolicyError, condition_keys
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.model import Snapshot


@check("endpoints", "balancers", "apis")
def judge(snapshot: Snapshot) -> Iterator[Saw | Gap]:
    """No load balancer hides the callers; it is grave where a policy decides by their addresses."""
    by_address = []
    for api in snapshot.apis:
        try:
            if api.policy and "aws:vpcsourceip" in condition_keys(api.policy):
                by_address.append(api.id)
        except PolicyError as error:
            yield Gap(f"apigateway:GetRestApi {api.id} policy", str(error))
    for balancer in snapshot.balancers:
        if snapshot.fronted(balancer) and not balancer.keeps_client_ip:
            apis = ", ".join(by_address)
            yield Saw(
                balancer.target_group,
                Text(
                    "preserve_client_ip.enabled가 true가 아님"
                    + (f". 주소로 판단하는 정책: {apis}" if apis else ""),
                    "preserve_client_ip.enabled is not true"
                    + (f"; policies that decide by address: {apis}" if apis else ""),
                ),
                "high" if by_address else None,
            )
