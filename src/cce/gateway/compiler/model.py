"""What the compiler is told, and what it makes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Who answers a method: API Gateway from the backend, API Gateway itself, the relay, a function of the stack.
Kind = Literal["native", "mock", "relay", "function"]

#: Who looks at client addresses; ``none`` where no list is in force.
AclIn = Literal["policy", "authorizer", "none"]

#: What the default stage, whose name is empty, is called on AWS.
DEFAULT_STAGE: Final = "default"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a document is for.

    Parameters
    ----------
    endpoints
        Ids of the VPC endpoints by which the API may be called; at least one.
    relay, authorizer
        ARNs of the two functions.
    functions
        ARNs of the stack's other functions by their logical ids.
    vpc_link
        Id of the VPC link by which API Gateway itself may call backends; empty: the relay calls all of them.
    integration_seconds
        How long API Gateway waits for a backend: 29 unless the account's quota was raised.
    resource_quota
        Parts of paths that one API may have: 300 unless the quota was raised.
    """

    region: str
    endpoints: tuple[str, ...]
    relay: str
    authorizer: str
    functions: Mapping[str, str] = field(default_factory=dict)
    vpc_link: str = ""
    partition: str = "aws"
    integration_seconds: int = 29
    resource_quota: int = 300

    def invocation(self, function: str) -> str:
        """The URI by which API Gateway calls a function."""
        path = f"lambda:path/2015-03-31/functions/{function}/invocations"
        return f"arn:{self.partition}:apigateway:{self.region}:{path}"


@dataclass(frozen=True, slots=True)
class Choice:
    """Who answers one method, and why."""

    method: str
    path: str
    kind: Kind
    reason: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """A stage as API Gateway is given it.

    Parameters
    ----------
    document
        OpenAPI 3.0.1 with API Gateway's extensions.
    notes
        What holds for the whole stage and may surprise, a sentence each.
    functions
        ARNs of the functions that the API calls.
    """

    document: dict[str, Any]
    choices: tuple[Choice, ...]
    acl_in: AclIn
    notes: tuple[str, ...]
    functions: tuple[str, ...]

    def text(self) -> str:
        """The document's one JSON."""
        return json.dumps(self.document, ensure_ascii=False, indent=1)


def stage_name(name: str) -> str:
    """The stage's name on AWS."""
    return name or DEFAULT_STAGE
