"""The opaque token of a next page: where to go on, and in which list."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Final

from cce.api.problems import malformed

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST: Final = 512

_UNREADABLE: Final = "is no page token; use one from the answer before"


def next_token(filters: Mapping[str, object], after: str) -> str:
    """Make the token of the page behind ``after``, the last key of this one."""
    body = json.dumps([_digest(filters), after], separators=(",", ":"))
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


def read_token(token: str | None, filters: Mapping[str, object]) -> str:
    """The key behind which to go on; empty for the first page.

    A token is checked, not signed: one that somebody makes up can only begin elsewhere in the same list.

    Raises
    ------
    Problem
        400 when it is no token, or one of a list with other filters.
    """
    if token is None:
        return ""
    try:
        digest, after = json.loads(_decoded(token))
    except (ValueError, TypeError, RecursionError) as error:
        raise malformed("token", _UNREADABLE) from error
    if isinstance(after, str) and after.isascii() and next_token(filters, after) == token:
        return after
    if isinstance(digest, str) and digest != _digest(filters):
        raise malformed("token", "belongs to a list with other filters; repeat them with every page")
    raise malformed("token", _UNREADABLE)


def _decoded(token: str) -> bytes:
    if len(token) > _LONGEST:
        raise ValueError(token)
    return base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)


def _digest(filters: Mapping[str, object]) -> str:
    text = json.dumps(filters, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
