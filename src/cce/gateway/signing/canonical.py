"""The canonical query: the form of a query that survives API Gateway.

A REQUEST authorizer gets the parameters decoded, in an order that AWS does not promise, and never the query
as it was on the wire. So client and server sign one form that can be rebuilt from the parameters: pairs
sorted by the encoded key (byte order; values of one key stay in the client's order), encoded as RFC 3986
has it (``%20`` and not ``+``, upper-case hexadecimal, unreserved characters bare), each with its ``=``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Pair = tuple[str, str]


def encoded(text: str | bytes) -> str:
    """Percent-encode everything but letters, digits and ``-._~``.

    Examples
    --------
    >>> encoded("a b/~홍")
    'a%20b%2F~%ED%99%8D'
    """
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return quote(raw, safe="")


def pairs_of(query: str) -> tuple[Pair, ...]:
    """The pairs of a query in its order, each part encoded anew; ``+`` is a blank."""
    parts = (part.partition("=") for part in query.split("&") if part)
    return tuple((_anew(key), _anew(value)) for key, _, value in parts)


def written(pairs: Iterable[Pair]) -> str:
    """A query of encoded pairs, in their order."""
    return "&".join(f"{key}={value}" for key, value in pairs)


def canonical(query: str) -> str:
    """The canonical form of a query.

    Examples
    --------
    >>> canonical("type=public&q=a+b&isEnable=&flag")
    'flag=&isEnable=&q=a%20b&type=public'
    """
    return written(sorted(pairs_of(query), key=lambda pair: pair[0])) if query else ""


def from_parameters(parameters: Mapping[str, Sequence[str]]) -> str:
    """The query of decoded parameters (``multiValueQueryStringParameters``), in the order of the mapping."""
    return written((encoded(key), encoded(value)) for key, values in parameters.items() for value in values)


def _anew(part: str) -> str:
    return encoded(unquote_to_bytes(part.replace("+", " ")))
