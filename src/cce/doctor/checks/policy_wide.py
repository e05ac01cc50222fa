"""DOC-06: a resource policy that admits an endpoint of anybody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cce.doctor.checks.calls import call, judged
from cce.doctor.checks.registry import Saw, check
from cce.doctor.model import Endpoint, Gap
from cce.doctor.policy import Decision
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.model import Snapshot

#: Somebody else's; the ids are of the right form and belong to nobody.
_FOREIGN: Final = Endpoint(
    "vpce-00000000000000000", "vpc-00000000000000000", "execute-api", "Interface", "available"
)


@check("apis", "methods")
def judge(snapshot: Snapshot) -> Iterator[Saw | Gap]:
    """No policy certainly admits a call through an endpoint that is not ours."""
    for api in snapshot.apis:
        if not api.policy:
            continue
        asked = replace(call(snapshot, api, _FOREIGN), anonymous=True)
        said = judged(api.policy, asked, f"apigateway:GetRestApi {api.id} policy")
        if isinstance(said, Gap):
            yield said
        elif said is Decision.ALLOWED:
            yield Saw(
                api.id,
                Text(
                    f"{api.name}의 정책은 어느 계정의 VPC 엔드포인트로 오는 호출이든 허용함",
                    f"the policy of {api.name} allows calls through the VPC endpoint of any account",
                ),
            )
