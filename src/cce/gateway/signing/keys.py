"""Secrets and what is computed with them."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from cce.errors import SecretError

if TYPE_CHECKING:
    from hashlib import _Hash

#: What NHN's guide advises, and what SHA-256 makes full use of.
ADVISED_BYTES: Final = 32


class Algorithm(Enum):
    """The algorithms of the scheme; the values are the names on the wire, exactly."""

    SHA256 = "HmacSHA256"
    SHA1 = "HmacSHA1"

    def __init__(self, name: str) -> None:
        #: The name that :mod:`hashlib` knows.
        self.digest = name.removeprefix("Hmac").lower()


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
    return _signature(secret, algorithm, text).decode()


def fits(given: str, key: Key, algorithm: Algorithm, text: str) -> bool:
    """Whether that is the signature of the text, in a time that does not tell where it differs."""
    return hmac.compare_digest(_signature(key.secret, algorithm, text), _bytes(given))


def _signature(secret: str, algorithm: Algorithm, text: str) -> bytes:
    inner, outer = _begun(secret, algorithm.digest)
    inner, outer = inner.copy(), outer.copy()
    inner.update(_bytes(text))
    outer.update(inner.digest())
    return b64encode(outer.digest())


def same(one: str, other: str) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(_bytes(one), _bytes(other))


@lru_cache(maxsize=64)
def _begun(secret: str, digest: str) -> tuple[_Hash, _Hash]:
    """The two hashes of an HMAC with the padded secret in each (RFC 2104, 4 advises to keep them).

    ``hmac.digest`` begins anew for every text and looks its algorithm up: more than twice the time.
    """
    key = _bytes(secret)
    size = hashlib.new(digest).block_size
    block = (key if len(key) <= size else hashlib.new(digest, key).digest()).ljust(size, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in block) for pad in (0x36, 0x5C))
    return hashlib.new(digest, inner), hashlib.new(digest, outer)


def _bytes(text: str) -> bytes:
    # What JSON may hold and UTF-8 may not must not end in an exception: it is simply not equal.
    return text.encode("utf-8", "surrogatepass")
