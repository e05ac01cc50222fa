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
    """0: every item was assessed and none is vulnerable; 1: one is vulnerable; 2: some could not be assessed.

    So 0 never hides what was not read.
    """
    found = {verdict.verdict for verdict in verdicts}
    if Verdict.VULNERABLE in found:
        return VULNERABLE
    return NOT_ASSESSED if Verdict.ERROR in found or not found else NOTHING_VULNERABLE


def nothing_assessed(verdicts: Sequence[ItemVerdict]) -> bool:
    """Whether every item is an error."""
    return {verdict.verdict for verdict in verdicts} <= {Verdict.ERROR}
