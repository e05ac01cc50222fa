"""Calls of an API through an endpoint as policies see them. No check of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.doctor.model import Gap
from cce.doctor.policy import Call, Decision, PolicyError, decide

if TYPE_CHECKING:
    from cce.doctor.model import Api, Endpoint, Snapshot


def call(snapshot: Snapshot, api: Api, endpoint: Endpoint) -> Call:
    """The call; anonymous if a method other than a preflight asks for no signature."""
    anonymous = any(
        m.authorization == "NONE" for m in snapshot.methods.get(api.id, ()) if m.verb != "OPTIONS"
    )
    return Call(snapshot.region, snapshot.account, api.id, endpoint.id, endpoint.vpc, anonymous)


def judged(policy: str, asked: Call, action: str) -> Decision | Gap:
    """What the policy says; a gap if it cannot be understood."""
    try:
        return decide(policy, asked)
    except PolicyError as error:
        return Gap(action, str(error))
