"""DOC-20: an endpoint policy by which no call of the API is allowed."""

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
    """The policy of each endpoint admits, or may admit, the APIs that are called through it."""
    for api in snapshot.apis:
        for endpoint in snapshot.callable_through(api):
            if not endpoint.policy:
                continue
            asked = call(snapshot, api, endpoint)
            said = judged(endpoint.policy, asked, f"ec2:DescribeVpcEndpoints {endpoint.id} policy")
            if isinstance(said, Gap):
                yield said
            elif said is Decision.DENIED:
                how = Text("서명하지 않은 ", "unsigned ") if asked.anonymous else Text("", "")
                yield Saw(
                    endpoint.id,
                    Text(
                        f"정책이 {api.id}({api.name})의 {how.ko}호출을 허용하지 않음",
                        f"its policy allows no {how.en}call of {api.id} ({api.name})",
                    ),
                )
