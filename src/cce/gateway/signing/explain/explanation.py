"""Explains what became of a signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from cce.gateway.message import WITH_BODY
from cce.gateway.signing import dates
from cce.gateway.signing.canonical import canonical
from cce.gateway.signing.digest import body_problem
from cce.gateway.signing.explain.draft import Draft
from cce.gateway.signing.explain.search import Found, by_signature, by_text
from cce.gateway.signing.explain.sentences import REASONS, SENTENCES
from cce.gateway.signing.keys import Algorithm, fits
from cce.gateway.signing.reasons import Reason, Refused
from cce.gateway.signing.verify import Claim, first_problem, forms, verify

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cce.gateway.signing.explain.recording import Recording
    from cce.gateway.signing.keys import Key
    from cce.gateway.signing.settings import Hmac
    from cce.text import Text

Verdict = Literal["accepted", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why, with the remedy. ``detail`` is what the server logs, where it is about the request itself."""

    id: str
    text: Text
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of a signature.

    Parameters
    ----------
    verdict
        ``unknown`` where without the secret it cannot be told.
    reason
        The result code that the server logs; 0 if it is not refused.
    server
        The string that the server signs.
    client
        The string that the client signed, given or found out; ``None`` if neither.
    causes
        The likely causes, the first problem first; empty if all is well.
    clock_known
        Whether the server's clock was recorded, so that the window could be judged.
    body_known
        Whether the request has no body, or one that was recorded, so that ``content-digest`` could be judged.
    """

    verdict: Verdict
    reason: int
    server: str
    client: str | None
    causes: tuple[Cause, ...]
    clock_known: bool
    body_known: bool


def explain(
    recording: Recording, settings: Hmac, keys: Sequence[Key] = (), client: str | None = None
) -> Explanation:
    """Say what was signed, what the server signs, and where they part.

    Parameters
    ----------
    keys
        The server's secrets; without them only a string that is given can be compared.
    client
        The string that the client says it signed.
    """
    request, claim = recording.request, Claim.of(recording.request)
    now = recording.received or dates.parse(claim.date) or datetime.now(UTC)
    early = first_problem(claim, request, settings, now)
    right = Draft.right(request, claim, canonical(request.query))
    body = body_problem(request, settings) if recording.has_body else None
    found = _found(recording, right, claim, keys, client)
    causes = [
        *([Cause(f"reason-{early.reason.value}", REASONS[early.reason], early.detail)] if early else []),
        *_differences(right, claim, keys, client, found),
        *([Cause("body-digest", SENTENCES["body-digest"], body.detail)] if body and not early else []),
    ]
    problem = early or body or (None if keys else _another_string(recording, claim, client))
    verdict, reason = _verdict(recording, settings, keys, now, problem)
    text = client if client is not None else found.text if found else None
    clock_known, body_known = recording.received is not None, _body_known(recording, settings)
    return Explanation(verdict, reason, right.text, text, tuple(causes), clock_known, body_known)


def _body_known(recording: Recording, settings: Hmac) -> bool:
    request = recording.request
    announced = request.headers.one("content-length") not in {None, "0"} or request.headers.all(
        "transfer-encoding"
    )
    return recording.has_body or not settings.content_digest or not (announced or request.method in WITH_BODY)


def _verdict(
    recording: Recording, settings: Hmac, keys: Sequence[Key], now: datetime, problem: Refused | None
) -> tuple[Verdict, int]:
    result = verify(recording.request, settings, keys, now) if keys else None
    refused = result if isinstance(result, Refused) else problem
    if refused:
        return "refused", refused.reason.value
    return ("accepted", 0) if result else ("unknown", 0)


def _another_string(recording: Recording, claim: Claim, client: str | None) -> Refused | None:
    """A signature of another string than the server's is refused whatever the secret is."""
    request = recording.request
    right = {claim.string_to_sign(request, query) for query, _ in forms(request.query)}
    return None if client is None or client in right else Refused(Reason.INVALID, "another string was signed")


def _found(
    recording: Recording, right: Draft, claim: Claim, keys: Sequence[Key], client: str | None
) -> Found | None:
    if client is not None:
        return by_text(right, recording.request, claim, client)
    return by_signature(right, recording.request, claim, keys) if claim.said.signature else None


def _differences(
    right: Draft, claim: Claim, keys: Sequence[Key], client: str | None, found: Found | None
) -> Iterator[Cause]:
    """Where the two strings, or the signatures, part."""
    if found:
        yield from (Cause(name, SENTENCES[name]) for name in found.mistakes)
    elif client is not None:
        yield Cause("unknown-difference", SENTENCES["unknown-difference"])
    elif keys and claim.said.signature:
        yield Cause("unknown", SENTENCES["unknown"])
    if client is not None and keys and claim.said.signature and not _is_of(claim, keys, client):
        name = "wrong-secret" if client == right.text else "not-of-this-string"
        yield Cause(name, SENTENCES[name])


def _is_of(claim: Claim, keys: Sequence[Key], text: str) -> bool:
    algorithm = next((a for a in Algorithm if a.value == claim.said.algorithm), Algorithm.SHA256)
    return any(fits(claim.said.signature, key, algorithm, text) for key in keys)
