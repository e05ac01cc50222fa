"""DOC-13: an API for browsers that only headers can name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.doctor.checks.registry import Saw, check
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.model import Snapshot


@check("apis", "endpoints", "methods", "domains")
def judge(snapshot: Snapshot) -> Iterator[Saw]:
    """Every API with preflights has an alias, a custom domain or, by private DNS, its plain name."""
    for api in snapshot.apis:
        paths = sorted({m.path for m in snapshot.methods[api.id] if m.verb == "OPTIONS"})
        named = snapshot.associated(api) or snapshot.domains_of(api)
        if paths and not named and not any(e.private_dns for e in snapshot.api_endpoints):
            yield Saw(
                api.id,
                Text(
                    f"{api.name}에 OPTIONS가 있으나({', '.join(paths)}) 별칭도 사용자 지정 도메인도 없음",
                    f"{api.name} has OPTIONS ({', '.join(paths)}) but neither an alias nor a custom domain",
                ),
            )
