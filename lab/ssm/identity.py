"""Who calls the lab's SSM, and whether they may: MiniStack decides, from the signature and the policies."""

from __future__ import annotations

import base64
import json
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from lab.ssm.errors import SsmError

if TYPE_CHECKING:
    from collections.abc import Sequence

TIMEOUT_SECONDS: Final = 30


@dataclass(frozen=True)
class Request:
    """A signed request as it arrived."""

    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    region: str


@dataclass(frozen=True)
class Caller:
    """Who signed a request."""

    account: str
    principal: str


class Authorizer(Protocol):
    """Decides on a request."""

    def authorize(self, request: Request, checks: Sequence[tuple[str, str]]) -> Caller:
        """The caller, when they may do every (action, resource) of ``checks``.

        ``{account}`` in a resource stands for the caller's account.

        Raises
        ------
        SsmError
            ``AccessDeniedException``, or what is wrong with the credentials.
        """
        ...


class MiniStackAuthorizer:
    """Asks MiniStack (:mod:`lab.host.authorize`).

    Parameters
    ----------
    endpoint
        MiniStack's URL.
    """

    def __init__(self, endpoint: str) -> None:
        self._url = f"{endpoint}/_lab/authorize"

    def authorize(self, request: Request, checks: Sequence[tuple[str, str]]) -> Caller:
        """See :class:`Authorizer`."""
        question = {
            "method": "POST",
            "path": request.path,
            "headers": request.headers,
            "body": base64.b64encode(request.body).decode(),
            "region": request.region,
            "checks": [{"action": action, "resource": resource} for action, resource in checks],
        }
        answer = self._ask(question)
        if answer["decision"] == "deny":
            raise denied(
                answer["principal"], answer["action"], answer["resource"], explicit=answer["explicit"]
            )
        if answer["decision"] != "allow":
            raise SsmError(answer["decision"], answer.get("message", ""))
        return Caller(answer["account"], answer["principal"])

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        asked = urllib.request.Request(self._url, json.dumps(question).encode(), method="POST")  # noqa: S310 - the lab's own URL
        with urllib.request.urlopen(asked, timeout=TIMEOUT_SECONDS) as reply:  # noqa: S310 - the lab's own URL
            answer: dict[str, Any] = json.load(reply)
        return answer


def denied(principal: str, action: str, resource: str, *, explicit: bool = False) -> SsmError:
    """AccessDeniedException in AWS's words."""
    reason = (
        "with an explicit deny in an identity-based policy"
        if explicit
        else f"because no identity-based policy allows the {action} action"
    )
    message = f"User: {principal} is not authorized to perform: {action} on resource: {resource} {reason}"
    return SsmError("AccessDeniedException", message)
