"""Secrets and what is computed with them."""

from __future__ import annotations

import hmac
from base64 import b64encode
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from cce.errors import SecretError

#: What NHN's guide advises, and what SHA-256 makes full use of.
ADVISED_BYTES: Final = 32


class Algorithm(Enum):
    """The algorithms of the scheme; the values are the names on the wire, exactly."""

    SHA256 = "HmacSHA256"
    SHA1 = "HmacSHA1"

    @property
    def digest(self) -> str:
        """The name that :mod:`hashlib` knows."""
        return "sha256" if self is Algorithm.SHA256 else "sha1"


@dataclass(frozen=True, slots=True)
class Key:
    """A secret that is valid now, and what it is called in logs.

    Raises
    ------
    SecretError
        When the secret is empty: everybody can sign with that one.
    """

    name: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.secret:
            message = f"the secret {self.name!r} is empty; put at least {ADVISED_BYTES} random bytes there"
            raise SecretError(message)

    @property
    def short(self) -> bool:
        """Whether it has fewer bytes than advised."""
        return len(_bytes(self.secret)) < ADVISED_BYTES


def signature(secret: str, algorithm: Algorithm, text: str) -> str:
    """Base64 (standard alphabet, padded) of the HMAC of the text; both are taken as UTF-8."""
    return b64encode(hmac.digest(_bytes(secret), _bytes(text), algorithm.digest)).decode()


def same(one: str, other: str) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(_bytes(one), _bytes(other))


def _bytes(text: str) -> bytes:
    # What JSON may hold and UTF-8 may not must not end in an exception: it is simply not equal.
    return text.encode("utf-8", "surrogatepass")
