"""An assessment's scope in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.text import Text

if TYPE_CHECKING:
    from cce.assessment import Scope

#: More names than this are counted, not listed.
_NAMES: Final = 5


def scope_text(scope: Scope) -> Text:
    """Say which accounts, regions, servers, tags and items an assessment covers.

    Examples
    --------
    >>> from cce.assessment import Scope
    >>> scope_text(Scope(accounts=("111111111111",), items=("U-01",))).en
    'accounts 111111111111; all regions; items U-01'
    """
    parts = [
        Text("모든 계정", "all accounts")
        if scope.accounts == "all"
        else _named("계정", "accounts", scope.accounts),
        Text("모든 리전", "all regions")
        if scope.regions == "all"
        else _named("리전", "regions", scope.regions),
        *([_named("서버", "servers", scope.servers)] if scope.servers else []),
        *(_named(f"태그 {key}", f"tag {key}", values) for key, values in sorted(scope.tags.items())),
        *([_named("항목", "items", scope.items)] if scope.items else []),
    ]
    return Text(ko="; ".join(part.ko for part in parts), en="; ".join(part.en for part in parts))


def _named(ko: str, en: str, names: tuple[str, ...]) -> Text:
    shown, more = ", ".join(names[:_NAMES]), len(names) - _NAMES
    if more > 0:
        return Text(f"{ko} {shown} 외 {more}", f"{en} {shown} and {more} more")
    return Text(f"{ko} {shown}", f"{en} {shown}")
