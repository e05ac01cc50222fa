"""DOC-21: STRICT access mode on an API that is called by its alias."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.doctor.checks.registry import Saw, check
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.doctor.model import Snapshot


@check("apis", "endpoints", "domains")
def judge(snapshot: Snapshot) -> Iterator[Saw]:
    """APIs with one of the newer security policies are called by a custom domain, or their mode is BASIC."""
    for api in snapshot.apis:
        strict = api.security_policy.startswith("SecurityPolicy_") and api.access_mode == "STRICT"
        by_plain_name = any(e.private_dns for e in snapshot.callable_through(api))
        if strict and not by_plain_name and not snapshot.domains_of(api):
            yield Saw(
                api.id,
                Text(
                    f"{api.name}: 보안 정책 {api.security_policy}, 접근 모드 STRICT",
                    f"{api.name}: security policy {api.security_policy}, access mode STRICT",
                ),
            )
