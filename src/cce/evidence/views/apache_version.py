"""Apache's version, and what depends on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cce.evidence.model import Unread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cce.evidence.model import Evidence

#: From 2.4.54 on a request's body has a limit by default: 1 GiB.
BODY_LIMIT: Final = 1 << 30
_BODY_LIMIT_SINCE: Final = (2, 4, 54)
#: Releases of Red Hat's packages of an older version that have it too (RHEL 8.7 and 9.1).
_BACKPORTED: Final = {(2, 4, 37): 51, (2, 4, 53): 7}
#: Up to here every option was on by default, and .htaccess could say everything.
_RESTRICTED_SINCE: Final = (2, 3, 11)


def version(evidence: Evidence, package: str) -> tuple[int, ...]:
    """The version as numbers; one built from source does not say it.

    Raises
    ------
    Unread
        When it cannot be told.
    """
    installed = evidence.package(package) if package else None
    if installed is None:
        raise Unread("Apache", "version unknown")
    return _numbers(installed.version.partition(":")[2] or installed.version)


def default_body_limit(evidence: Evidence, package: str) -> int:
    """What LimitRequestBody is where nothing sets it; 0 is unlimited."""
    found = version(evidence, package)
    if found >= _BODY_LIMIT_SINCE:
        return BODY_LIMIT
    installed = evidence.package(package)
    release = (
        re.search(r"-(\d{1,9})", installed.version) if installed and installed.manager == "rpm" else None
    )
    backported = found in _BACKPORTED and release is not None and int(release[1]) >= _BACKPORTED[found]
    return BODY_LIMIT if backported else 0


def restricted_by_default(evidence: Evidence, package: str) -> bool:
    """Whether Options is FollowSymLinks and AllowOverride None by default; before it was All, both."""
    return version(evidence, package) >= _RESTRICTED_SINCE


def meets(evidence: Evidence, package: str, args: Sequence[str]) -> bool:
    """Whether ``<IfVersion args>`` holds, its ``!`` left to the caller."""
    operator, wanted = (args[0].removeprefix("!"), args[1]) if len(args) > 1 else ("=", (args or ("",))[0])
    if not re.fullmatch(r"[0-9.]+", wanted.removeprefix("!")) or operator not in _COMPARE:
        raise Unread("<IfVersion>", "not evaluated")
    numbers = _numbers(wanted.removeprefix("!"))
    have = version(evidence, package)
    # A shorter version compares with zeros behind it.
    width = max(len(numbers), len(have))
    left, right = (n + (0,) * (width - len(n)) for n in (have, numbers))
    return ((left > right) - (left < right)) in _COMPARE[operator]


_COMPARE: Final = {
    "=": (0,),
    "==": (0,),
    ">": (1,),
    ">=": (0, 1),
    "<": (-1,),
    "<=": (-1, 0),
}


def _numbers(text: str) -> tuple[int, ...]:
    found = re.match(r"\d{1,9}(?:\.\d{1,9})*", text)
    if found is None:
        raise Unread("Apache", "version unknown")
    return tuple(int(n) for n in found[0].split("."))
