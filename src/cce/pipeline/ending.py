"""How a target that could not be assessed ends: its status and reason first, then its token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cce.assessment import TargetStatus
    from cce.pipeline.ports import Assessments, Callbacks
    from cce.pipeline.records import TargetRecord
    from cce.text import Text

#: SendTaskFailure takes at most 32,768 characters of cause; a reader wants far fewer.
_CAUSE: Final = 1000


def end_target(
    assessments: Assessments, callbacks: Callbacks, target: TargetRecord, status: TargetStatus, reason: Text
) -> None:
    """Give the target its final status and end its child execution.

    The token is returned also when the target had ended before: the caller that ended it may have died
    between the two.
    """
    assessments.finish(target.ended(status, reason))
    if target.task_token:
        callbacks.failure(target.task_token, status.value, reason.en[:_CAUSE])
