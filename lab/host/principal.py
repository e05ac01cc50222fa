"""Condition keys as AWS gives them, where MiniStack has another value or none.

``aws:PrincipalArn`` is for an assumed role the ARN of the role, not of the session:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn

``aws:SourceVpce`` is the endpoint by which a call came. MiniStack has endpoints as records only and puts no
function into a VPC; here every call of a role comes by the endpoint that its account has for the service.
"""

from __future__ import annotations

from typing import Any

from lab.host.ministack import module


def condition_keys() -> None:
    """Correct MiniStack's evaluator, which gives the session's ARN."""
    evaluator = module("core.iam_evaluator")
    resolve = evaluator._resolve_condition_key  # noqa: SLF001 - the one place where keys get their values

    def resolved(key: str, context: Any) -> Any:  # noqa: ANN401 - MiniStack's own types
        value = resolve(key, context)
        if key.lower() == "aws:sourcevpce" and _by_endpoint(context):
            return endpoint_id(context)
        if key.lower() == "aws:vpcsourceip":
            return context.source_ip
        if key.lower() == "aws:principalarn" and ":assumed-role/" in str(value):
            return role_arn(str(value))
        return value

    evaluator._resolve_condition_key = resolved  # noqa: SLF001


def _by_endpoint(context: Any) -> bool:  # noqa: ANN401 - MiniStack's own types
    return ":assumed-role/" in str(context.principal_arn) or context.action == "execute-api:Invoke"


def role_arn(session_arn: str) -> str:
    """The ARN, path included, of the role behind ``arn:aws:sts::111111111111:assumed-role/NAME/SESSION``."""
    account, name = session_arn.split(":")[4], session_arn.split("/")[1]
    role = module("services.iam")._roles.get_scoped(account, None, name) or {}  # noqa: SLF001 - no public name
    return str(role.get("Arn") or f"arn:aws:iam::{account}:role/{name}")


def endpoint_id(context: Any) -> str | None:  # noqa: ANN401 - MiniStack's own types
    """The endpoint of the hub for the service of a call (``s3:GetObject``); ``None`` without one."""
    service = f".{context.action.partition(':')[0]}"
    endpoints = module("services.ec2")._vpc_endpoints.values()  # noqa: SLF001 - no public name
    return next((each["VpcEndpointId"] for each in endpoints if each["ServiceName"].endswith(service)), None)
