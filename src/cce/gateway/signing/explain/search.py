"""Finds which mistakes lead to what the client has."""

from __future__ import annotations

import hmac
import re
from base64 import b64decode, b64encode
from binascii import unhexlify
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cce.gateway.signing.explain.mistakes import MISTAKES
from cce.gateway.signing.keys import Algorithm

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cce.gateway.message import Request
    from cce.gateway.signing.explain.draft import Draft
    from cce.gateway.signing.keys import Key
    from cce.gateway.signing.verify import Claim

#: Drafts of two mistakes that are tried; far more than a usual request gives.
_PAIRS: Final = 20_000
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_SIGNATURE_LIMIT: Final = 256


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of the mistakes, none for what is right, and the string that they lead to."""

    mistakes: tuple[str, ...]
    text: str


def by_text(right: Draft, request: Request, claim: Claim, text: str) -> Found | None:
    """The mistakes that lead to a string."""
    for mistakes, draft in _drafts(right, request, claim):
        if draft.text == text:
            return Found(mistakes, text)
    return None


def by_signature(right: Draft, request: Request, claim: Claim, keys: Sequence[Key]) -> Found | None:
    """The mistakes that lead to the signature that was sent: in the string, the secret, the spelling."""
    readings = dict(_readings(claim.said.signature))
    for mistakes, draft in _drafts(right, request, claim):
        for more, secret, algorithm in _ways(keys, claim, few=len(mistakes) > 1):
            made = hmac.digest(secret, draft.text.encode("utf-8", "surrogatepass"), algorithm.digest)
            if made in readings:
                return Found((*mistakes, *more, *readings[made]), draft.text)
    return None


def _drafts(right: Draft, request: Request, claim: Claim) -> Iterator[tuple[tuple[str, ...], Draft]]:
    """The right draft, then those with one mistake, then those with two; each string once."""
    seen = {right.text}
    yield (), right
    singles: list[tuple[str, Draft]] = []
    for name, mistake in MISTAKES.items():
        for draft in mistake(right, request, claim):
            if draft.text not in seen:
                seen.add(draft.text)
                singles.append((name, draft))
                yield (name,), draft
    for first, single in singles:
        for second, mistake in MISTAKES.items():
            if second == first:
                continue
            for draft in mistake(single, request, claim):
                if draft.text not in seen:
                    seen.add(draft.text)
                    yield (first, second), draft
                if len(seen) > _PAIRS:
                    return


def _ways(
    keys: Sequence[Key], claim: Claim, *, few: bool
) -> Iterator[tuple[tuple[str, ...], bytes, Algorithm]]:
    """The secrets and algorithms to try, with the mistakes that they are."""
    said = next((a for a in Algorithm if a.value == claim.said.algorithm), Algorithm.SHA256)
    other = next(a for a in Algorithm if a is not said)
    for key in keys:
        raw = key.secret.encode("utf-8", "surrogatepass")
        yield (), raw, said
        if not few:
            yield ("other-algorithm",), raw, other
            for name, secret in _secrets(key.secret, raw):
                yield (name,), secret, said


def _secrets(text: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    yield "secret-line-end", raw + b"\n"
    if text != text.strip():
        yield "secret-line-end", text.strip().encode("utf-8", "surrogatepass")
    for name, decode in (("secret-base64", b64decode), ("secret-hex", unhexlify)):
        try:
            yield name, decode(text)
        except ValueError:
            continue


def _readings(signature: str) -> Iterator[tuple[bytes, tuple[str, ...]]]:
    """The bytes that a signature may stand for, with the mistake in its spelling; the right one last."""
    if len(signature) > _SIGNATURE_LIMIT:
        return
    plain = signature.strip()
    loose = _unpadded(plain.rstrip("=").replace("-", "+").replace("_", "/"))
    yield loose, ("signature-base64",)
    for text, name in ((plain, "signature-hex"), (loose.decode("latin-1"), "signature-hex-in-base64")):
        if _HEX.fullmatch(text):
            yield unhexlify(text), (name,)
    if b64encode(loose).decode() == signature:
        yield loose, ()


def _unpadded(text: str) -> bytes:
    """What Base64 without its padding stands for; nothing if it is none."""
    try:
        return b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return b""
