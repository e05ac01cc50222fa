"""``Content-Digest`` (RFC 9530): binds the body, which NHN's scheme leaves out, to the signature."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from cce.gateway.message import WITH_BODY
from cce.gateway.signing.grammar import MalformedError, parse
from cce.gateway.signing.keys import same
from cce.gateway.signing.reasons import Reason, Refused

if TYPE_CHECKING:
    from cce.gateway.message import Request
    from cce.gateway.signing.settings import Hmac

HEADER: Final = "content-digest"


def content_digest(body: bytes) -> str:
    """The header's value for a body.

    Examples
    --------
    >>> content_digest(b'{"result":"good"}')
    'sha-256=:1IX0i5UttleoZm/c2Skj3hs72dBvlYK5ddkB1FFJMJs=:'
    """
    return f"sha-256=:{b64encode(sha256(body).digest()).decode()}:"


def body_problem(request: Request, settings: Hmac) -> Refused | None:
    """What is wrong with the body of a request whose signature is good.

    The authorizer never sees the body, so whoever has it (relay, local server) must ask this before using it.
    A body of a method that needs none (DELETE) must be bound as well, or anybody could add one on the way.
    """
    if not settings.content_digest or not (request.method in WITH_BODY or request.body):
        return None
    if HEADER not in _listed(request):
        return Refused(Reason.HEADERS_MISSING, f"the request has a body, and {HEADER} is not signed")
    members = [member.strip(" \t") for value in request.headers.all(HEADER) for member in value.split(",")]
    ours = [member for member in members if member.startswith("sha-256=")]
    if len(ours) != 1:
        return Refused(Reason.INVALID, f"{HEADER} holds {len(ours)} values of sha-256, not one")
    if not same(ours[0], content_digest(request.body)):
        return Refused(Reason.INVALID, f"{HEADER} is not that of the body")
    return None


def _listed(request: Request) -> tuple[str, ...]:
    try:
        return parse(request.headers.one("authorization") or "").headers
    except MalformedError:
        return ()
