"""Writes down every IAM decision on a call that a role made: one JSON object per line.

The root callers (the deployment, the lab itself) are left out: they are allowed everything and say nothing.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final

from lab.host.ministack import module

if TYPE_CHECKING:
    from pathlib import Path


#: AWS has no actions for the batch calls of SQS: the single call's permission decides (SQS developer guide,
#: actions and resources). MiniStack asks for one of its own.
_AS_AWS_DECIDES: Final = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}


class Recorder:
    """Appends decisions to a file, one ``write`` per line so that threads do not mix them."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, *, action: str, principal: str, account: str, resource: str, decision: str) -> None:
        """Append one decision.

        Parameters
        ----------
        action
            As IAM names it, ``sqs:SendMessage``.
        decision
            ``allow``, ``deny``, or the code of a failed authentication.
        """
        service, _, operation = action.partition(":")
        line = {
            "service": service,
            "operation": operation,
            "principal": principal,
            "account": account,
            "resource": resource,
            "decision": decision,
        }
        os.write(self._file, (json.dumps(line) + "\n").encode())


def record_decisions(recorder: Recorder) -> None:
    """Make MiniStack's evaluator write down what it decides."""
    evaluator = module("core.iam_evaluator")
    enforce = evaluator.enforce

    def recording(  # noqa: PLR0913, PLR0917 - the original's signature
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - MiniStack's own result types
        iam_action = _AS_AWS_DECIDES.get(iam_action, iam_action)
        outcome = enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
        caller = evaluator.resolve_caller_identity(access_key_id) or {}
        principal = str(caller.get("userArn", ""))
        if not principal.endswith(":root"):
            recorder.write(
                action=iam_action,
                principal=principal,
                account=principal.split(":")[4] if principal else "",
                resource=resource_arn,
                decision=decision_of(outcome),
            )
        return outcome

    evaluator.enforce = recording


def decision_of(outcome: Any) -> str:  # noqa: ANN401 - MiniStack's own result types
    """``allow``, ``deny``, or the error code of a caller who is not who they claim to be."""
    if outcome is None:
        return "allow"
    return str(outcome.code) if hasattr(outcome, "code") else "deny"
