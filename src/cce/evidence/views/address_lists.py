"""Address match lists of named: what a stranger, of no certain address and without a key, comes to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cce.evidence.views.named_syntax import Statement

#: Addresses that only the server itself reaches.
LOOPBACK: Final = frozenset({"127.0.0.1", "127.0.0.0/8", "127/8", "::1", "none"})
#: What matches the server itself, its networks, certain countries or holders of a key, but no stranger.
_NEVER: Final = frozenset({"localhost", "localnets", "key", "geoip", "ecs", ""})
_ADDRESS: Final = re.compile(r"([\d.]+|[0-9a-f]*:[0-9a-f:.]*)(?:%\w+)?(?:/(\d{1,3}))?", re.IGNORECASE)
_MAX_DEPTH: Final = 30


class AddressLists:
    """The named lists (``acl``) of a configuration."""

    def __init__(self, acls: Iterable[Statement]) -> None:
        self._acls = {acl.argument.lower(): acl.block or () for acl in acls}
        self._known: dict[tuple[str, int], bool] = {}

    def everybody(self, elements: Sequence[Statement], family: int) -> bool:
        """Whether a stranger of the family (4 or 6) matches: the first element that he matches decides.

        Raises
        ------
        Unread
            When a list has a name that no ``acl`` defines.
        """
        return self._matches(elements, family, 0) is True

    def _matches(self, elements: Sequence[Statement], family: int, depth: int) -> bool | None:
        if depth > _MAX_DEPTH:
            raise Unread("acl", "nested too deep")
        for element in elements:
            text = " ".join(element.words)
            bare = text.lstrip("! ")
            allowed = text[: len(text) - len(bare)].count("!") % 2 == 0
            name = bare.partition(" ")[0].lower()
            if name == "none":  # it is written for "not any"
                return not allowed
            # What a list inside refuses is no match of it.
            if element.block is not None and self._matches(element.block, family, depth + 1):
                return allowed
            if element.block is None and self._matches_one(name, family, depth):
                return allowed
        return None

    def _matches_one(self, name: str, family: int, depth: int) -> bool:
        if name == "any" or name in _NEVER:
            return name == "any"
        if address := _ADDRESS.fullmatch(name):
            # Half of all addresses are still no certain ones.
            return address[2] is not None and int(address[2]) <= 1 and (":" in name) == (family == 6)  # noqa: PLR2004
        if name not in self._acls:
            raise Unread(f"acl {name}", "not defined")
        if (name, family) not in self._known:
            self._known[name, family] = self._matches(self._acls[name], family, depth + 1) is True
        return self._known[name, family]
