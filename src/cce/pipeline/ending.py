"""How a target ends: its final status first, then every token that the state machine gave for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.assessment import TargetStatus

if TYPE_CHECKING:
    from cce.pipeline.ports import Assessments, Callbacks
    from cce.pipeline.records import TargetRecord
    from cce.text import Text

#: SendTaskFailure takes at most 32,768 characters of cause; a reader, and the map's result, want far fewer.
_CAUSE: Final = 500


def end_target(
    assessments: Assessments, callbacks: Callbacks, target: TargetRecord, status: TargetStatus, reason: Text
) -> None:
    """Give the target a final status, unless it has one, and return its tokens."""
    assessments.finish(target.ended(status, reason))
    return_tokens(assessments, callbacks, target)


def return_tokens(assessments: Assessments, callbacks: Callbacks, target: TargetRecord) -> TargetStatus:
    """Return every token by what the target has become, and say what that is.

    The table is read again: another function may have ended the target first, and a repeated message may
    have brought a newer token. Returning a token twice does no harm.
    """
    stored = assessments.target(target.assessment_id, target.srvid) or target
    for token in stored.task_tokens:
        return_token(callbacks, stored, token)
    return stored.status


def return_token(callbacks: Callbacks, target: TargetRecord, token: str) -> None:
    """Return one token of an ended target."""
    if target.status is TargetStatus.ASSESSED:
        callbacks.success(token, {"srvid": target.srvid, "status": target.status.value})
    else:
        callbacks.failure(token, target.status.value, target.reason_en[:_CAUSE])
