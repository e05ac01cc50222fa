"""DOC-04: a private API without a resource policy answers nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.doctor.checks.registry import Saw, check
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.model import Snapshot


@check("apis")
def judge(snapshot: Snapshot) -> Iterator[Saw]:
    """Every private API has a resource policy."""
    for api in snapshot.apis:
        if not api.policy:
            yield Saw(api.id, Text(f"{api.name}의 정책이 비어 있음", f"the policy of {api.name} is empty"))
