"""The API's resource policy: by which endpoints it may be called, and from which addresses.

``aws:VpcSourceIp`` is the caller's address behind a VPC endpoint; ``aws:SourceIp`` does not hold for private
APIs. The policy is one for all stages of an API, and may have 8,192 characters.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from cce.gateway.compiler.model import stage_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cce.gateway.compiler.model import AclIn, Target
    from cce.gateway.definition.stage import IpAcl, Stage

#: Characters of a resource policy (API Gateway quotas).
LIMIT: Final = 8192


def policy(stage: Stage, neighbours: Iterable[Stage], target: Target) -> tuple[dict[str, Any], AclIn]:
    """The policy, and who looks at this stage's addresses.

    Parameters
    ----------
    neighbours
        Stages of the same API whose lists are in the policy already; they stay there.
    """
    others = [acl for each in neighbours if each.name != stage.name and (acl := _acl_of(each))]
    own = _acl_of(stage)
    if own is None:
        return _document(others, target), "none"
    whole = _document([*others, own], target)
    if len(_text(whole)) <= LIMIT:
        return whole, "policy"
    return _document(others, target), "authorizer"


def _acl_of(stage: Stage) -> tuple[str, IpAcl] | None:
    return (stage_name(stage.name), stage.ip_acl) if stage.ip_acl and stage.ip_acl.enabled else None


def _document(acls: list[tuple[str, IpAcl]], target: Target) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {**_CALL, "Effect": "Allow", "Resource": "execute-api:/*"},
            {
                **_CALL,
                "Effect": "Deny",
                "Resource": "execute-api:/*",
                "Condition": {"StringNotEquals": {"aws:SourceVpce": list(target.endpoints)}},
            },
            *(_statement(name, acl) for name, acl in sorted(acls, key=lambda found: found[0])),
        ],
    }


def _statement(stage: str, acl: IpAcl) -> dict[str, Any]:
    operator = "NotIpAddress" if acl.mode == "allow" else "IpAddress"
    return {
        **_CALL,
        "Effect": "Deny",
        "Resource": f"execute-api:/{stage}/*",
        "Condition": {operator: {"aws:VpcSourceIp": list(acl.entries)}},
    }


_CALL: Final = {"Principal": "*", "Action": "execute-api:Invoke"}


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"))
