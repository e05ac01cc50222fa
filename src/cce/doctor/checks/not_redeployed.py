"""DOC-07: the API's policy is newer than what a stage serves, by CloudTrail's event history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.doctor.checks.registry import Saw, check
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.model import Snapshot


@check("apis", "stages", "changes")
def judge(snapshot: Snapshot) -> Iterator[Saw]:
    """No stage's deployment is older than the last change of its API's policy."""
    for api in snapshot.apis:
        changed = snapshot.changes.get(api.id)
        for stage in snapshot.stages[api.id]:
            if changed and changed > stage.deployed:
                policy, deployed = (f"{t:%Y-%m-%dT%H:%M:%SZ}" for t in (changed, stage.deployed))
                yield Saw(
                    f"{api.id}/{stage.name}",
                    Text(
                        f"정책을 바꾼 때 {policy}, 스테이지의 배포 {deployed}",
                        f"policy changed {policy}, stage deployed {deployed}",
                    ),
                )
