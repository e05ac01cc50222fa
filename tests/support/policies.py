"""IAM policies of the templates, resolved and evaluated: who may do what, where, and from where.

Only what the templates use is known; anything else is an error, so that no condition is passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lab.intrinsics import Resolver, parameter_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

HUB, MEMBER, STRANGER = "111111111111", "222222222222", "999999999999"
REGION: Final = "ap-northeast-2"
STACK: Final = "cce-fleet"


class _Attributes(dict[tuple[str, str], str]):
    """``Fn::GetAtt`` of resources that exist only here: an ARN in the form of the resource's kind."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        super().__init__()
        self._kinds = {name: body["Type"] for name, body in template["Resources"].items()}

    def __missing__(self, key: tuple[str, str]) -> str:
        name, attribute = key
        physical = f"{STACK}-{name}-EXAMPLE"
        place = f"{REGION}:{HUB}"
        arns = {
            "AWS::S3::Bucket": f"arn:aws:s3:::{physical.lower()}",
            "AWS::DynamoDB::Table": f"arn:aws:dynamodb:{place}:table/{physical}",
            "AWS::SQS::Queue": f"arn:aws:sqs:{place}:{physical}",
            "AWS::IAM::Role": f"arn:aws:iam::{HUB}:role/{physical}",
            "AWS::Lambda::Function": f"arn:aws:lambda:{place}:function:{physical}",
            "AWS::KMS::Key": f"arn:aws:kms:{place}:key/{physical}",
        }
        kind = self._kinds[name]
        return arns[kind] if attribute == "Arn" and kind in arns else f"{name}.{attribute}"


def resolver(template: Mapping[str, Any], given: Mapping[str, str]) -> Resolver:
    """What resolves a template's functions, with invented names for its resources."""
    references = {
        **{name: f"{STACK}-{name}-EXAMPLE" for name in template["Resources"]},
        **parameter_values(template, {"Accounts": f"{HUB},{MEMBER}", **given}),
        "AWS::AccountId": HUB,
        "AWS::Region": REGION,
        "AWS::Partition": "aws",
        "AWS::StackName": STACK,
        "AWS::URLSuffix": "amazonaws.com",
    }
    return Resolver(references, _Attributes(template), template.get("Conditions", {}))


@dataclass(frozen=True)
class Request:
    """One call: who, what, where, and the other keys of its context (``aws:SourceVpce`` and the like)."""

    principal: str
    action: str
    resource: str
    keys: Mapping[str, str] = field(default_factory=dict)

    def value(self, key: str) -> str | None:
        """A condition key; ``None`` where the request has none."""
        own = {}  # a service has no ARN and no account
        if self.principal.startswith("arn:"):
            own = {"aws:principalarn": self.principal, "aws:principalaccount": self.principal.split(":")[4]}
        return {**own, **{k.lower(): v for k, v in self.keys.items()}}.get(key.lower())


def decide(policy: Mapping[str, Any], request: Request) -> str:
    """``allow``, ``deny`` where a statement says so, or ``nothing``."""
    effects = {statement["Effect"] for statement in policy["Statement"] if _applies(statement, request)}
    return "deny" if "Deny" in effects else "allow" if "Allow" in effects else "nothing"


def _applies(statement: Mapping[str, Any], request: Request) -> bool:
    unknown = statement.keys() - {
        *("Sid", "Effect", "Principal", "Action", "Resource", "NotResource", "Condition")
    }
    assert not unknown, f"the evaluator does not know {unknown}"
    if "NotResource" in statement:
        there = not _any_like(request.resource, statement["NotResource"])
    else:
        there = _any_like(_filled(request, request.resource), _filled(request, statement["Resource"]))
    return (
        there
        and _any_like(request.action.lower(), [a.lower() for a in _listed(statement["Action"])])
        and _is_principal(statement.get("Principal", "*"), request)
        and all(
            _holds(operator, block, request) for operator, block in statement.get("Condition", {}).items()
        )
    )


def _is_principal(principal: Any, request: Request) -> bool:
    if principal == "*":
        return True
    named = [each for kind in principal.values() for each in _listed(kind)]
    account = request.value("aws:PrincipalAccount")
    return any(each in {"*", account, request.principal, f"arn:aws:iam::{account}:root"} for each in named)


def _holds(operator: str, block: Mapping[str, Any], request: Request) -> bool:
    """Whether every key of a block holds; a negated operator holds where the request has no such key."""
    name, if_exists = operator.removesuffix("IfExists"), operator.endswith("IfExists")
    compare: dict[str, Callable[[str, list[str]], bool]] = {
        "StringEquals": lambda value, wanted: value in wanted,
        "StringNotEquals": lambda value, wanted: value not in wanted,
        "ArnLike": _any_like,
        "ArnNotLike": lambda value, wanted: not _any_like(value, wanted),
        "Bool": lambda value, wanted: value in wanted,
    }
    for key, wanted in block.items():
        value = request.value(key)
        if value is None:
            if not (if_exists or "Not" in name):
                return False
        elif not compare[name](value, _listed(wanted)):
            return False
    return True


def _filled(request: Request, pattern: Any) -> Any:
    """Policy variables put in, as in ``output/${aws:PrincipalAccount}/*``."""
    if isinstance(pattern, list):
        return [_filled(request, each) for each in pattern]
    return re.sub(r"\$\{(aws:\w+)\}", lambda found: request.value(found[1]) or "\0", pattern)


def _any_like(value: str, patterns: str | Iterable[str]) -> bool:
    return any(
        re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), value, re.DOTALL)
        for pattern in _listed(patterns)
    )


def _listed(value: str | Iterable[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
