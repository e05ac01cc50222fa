"""Exit statuses of ``cce``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cce.verdict import ItemVerdict

NOTHING_VULNERABLE: Final = 0
VULNERABLE: Final = 1
NOT_ASSESSED: Final = 2

#: 128 + the signal, as shells report it.
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141


def exit_status(verdicts: Sequence[ItemVerdict]) -> int:
    """0: no item is vulnerable; 1: one is; 2: nothing could be assessed, every item is an error."""
    found = {verdict.verdict for verdict in verdicts}
    if Verdict.VULNERABLE in found:
        return VULNERABLE
    return NOT_ASSESSED if found <= {Verdict.ERROR} else NOTHING_VULNERABLE
