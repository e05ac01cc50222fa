"""DOC-03: a private API without a looked-at endpoint in its configuration has no alias there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.doctor.checks.registry import Saw, check
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.model import Snapshot


@check("endpoints", "apis")
def judge(snapshot: Snapshot) -> Iterator[Saw]:
    """Every private API is associated with at least one of the looked-at endpoints."""
    if not snapshot.api_endpoints:
        return
    there = ", ".join(f"{e.id} ({e.vpc})" for e in snapshot.api_endpoints)
    for api in snapshot.apis:
        if not snapshot.associated(api):
            named = ", ".join(api.endpoints)
            yield Saw(
                api.id,
                Text(
                    f"{api.name}에 연결된 엔드포인트: {named or '없음'}. 살펴본 엔드포인트: {there}",
                    f"{api.name} is associated with: {named or 'none'}; endpoints looked at: {there}",
                ),
            )
