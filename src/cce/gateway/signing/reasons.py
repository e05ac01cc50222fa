"""Why a signature is refused: the nine reasons, with the result codes of NHN Cloud's API Gateway."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256


class Reason(Enum):
    """A reason and its result code. It is for the log; the caller is told one and the same thing for all."""

    AUTHORIZATION_EMPTY = 4011001
    ALGORITHM = 4011002
    SIGNATURE_EMPTY = 4011003
    HEADERS_MISSING = 4011004
    DATE_EMPTY = 4011005
    DATE_FORMAT = 4011006
    EXPIRED = 4011007
    INVALID = 4011008
    SCHEME = 4011009


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that is not let in; ``detail`` says what is wrong, without values of headers."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A request that carries a good signature.

    Parameters
    ----------
    key
        Name of the secret that made it (``current``, ``previous``).
    notes
        What an operator may want to know: ``query_not_canonical``.
    """

    key: str
    signature: str = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def replay_key(self) -> str:
        """The same for the same signature, so that a second use can be told, and no signature itself."""
        return sha256(self.signature.encode()).hexdigest()


#: The signature holds for the query as it was written, not for its canonical form.
QUERY_NOT_CANONICAL = "query_not_canonical"
