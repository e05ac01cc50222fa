"""DOC-08: the alias of an associated API is unknown to the resolver."""

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
    """Every alias is known, or known to be filtered, which is DOC-09."""
    for _, _, alias in snapshot.aliases():
        if snapshot.answers[alias].status == "nxdomain" and not is_filtered(snapshot, alias):
            yield Saw(alias, Text("NXDOMAIN: 그런 이름이 없음", "NXDOMAIN: there is no such name"))
