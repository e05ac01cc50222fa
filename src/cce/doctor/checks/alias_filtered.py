"""DOC-09: the resolver knows the alias but keeps its private addresses back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.doctor.checks.aliases import is_filtered
from cce.doctor.checks.registry import Saw, check
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.model import Snapshot


@check("apis", "endpoints", "answers")
def judge(snapshot: Snapshot) -> Iterator[Saw]:
    """No alias is filtered."""
    for _, endpoint, alias in snapshot.aliases():
        if is_filtered(snapshot, alias):
            answer = snapshot.answers[alias]
            got = ", ".join(answer.addresses) or answer.status
            want = ", ".join(endpoint.addresses)
            yield Saw(
                alias,
                Text(
                    f"리졸버의 응답: {got}. 있어야 할 주소: {want}",
                    f"the resolver says: {got}; it ought to say: {want}",
                ),
            )
