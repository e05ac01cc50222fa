"""DOC-05: a resource policy by which no call through the endpoint is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.doctor.checks.calls import call, judged
from cce.doctor.checks.registry import Saw, check
from cce.doctor.model import Gap
from cce.doctor.policy import Decision
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.model import Snapshot


@check("apis", "endpoints", "methods")
def judge(snapshot: Snapshot) -> Iterator[Saw | Gap]:
    """The policy admits, or may admit, calls through each endpoint that the API is called through."""
    for api in snapshot.apis:
        if not api.policy:
            continue
        for endpoint in snapshot.callable_through(api):
            said = judged(api.policy, call(snapshot, api, endpoint), f"apigateway:GetRestApi {api.id} policy")
            if isinstance(said, Gap):
                yield said
                break
            if said is Decision.DENIED:
                yield Saw(
                    api.id,
                    Text(
                        f"{api.name}의 정책은 {endpoint.id}({endpoint.vpc})로 오는 호출을 허용하지 않음",
                        f"the policy of {api.name} allows no call through {endpoint.id} ({endpoint.vpc})",
                    ),
                )
