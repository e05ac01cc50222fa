"""``aws:PrincipalArn`` as AWS gives it: for an assumed role the ARN of the role, not of the session.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
"""

from __future__ import annotations

from typing import Any

from lab.host.ministack import module


def principal_arn_of_roles() -> None:
    """Correct MiniStack's evaluator, which gives the session's ARN."""
    evaluator = module("core.iam_evaluator")
    resolve = evaluator._resolve_condition_key  # noqa: SLF001 - the one place where keys get their values

    def resolved(key: str, context: Any) -> Any:  # noqa: ANN401 - MiniStack's own types
        value = resolve(key, context)
        if key.lower() == "aws:principalarn" and ":assumed-role/" in str(value):
            return role_arn(str(value))
        return value

    evaluator._resolve_condition_key = resolved  # noqa: SLF001


def role_arn(session_arn: str) -> str:
    """The ARN, path included, of the role behind ``arn:aws:sts::111111111111:assumed-role/NAME/SESSION``."""
    account, name = session_arn.split(":")[4], session_arn.split("/")[1]
    role = module("services.iam")._roles.get_scoped(account, None, name) or {}  # noqa: SLF001 - no public name
    return str(role.get("Arn") or f"arn:aws:iam::{account}:role/{name}")
