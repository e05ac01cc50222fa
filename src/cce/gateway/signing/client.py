"""Signs a request, as a client does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.gateway.message import WITH_BODY
from cce.gateway.signing.canonical import canonical
from cce.gateway.signing.digest import HEADER, content_digest
from cce.gateway.signing.keys import Algorithm, signature
from cce.gateway.signing.to_sign import DATE, lines, string_to_sign, target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cce.gateway.message import Request
    from cce.gateway.signing.keys import Key


def signed(
    request: Request,
    key: Key,
    date: str,
    names: Sequence[str] = ("host",),
    algorithm: Algorithm = Algorithm.SHA256,
) -> Request:
    """The request with a canonical query, ``x-nhn-date``, ``content-digest`` and ``Authorization``.

    Parameters
    ----------
    date
        As it is to stand in ``x-nhn-date``.
    names
        The headers to sign, in that order. ``content-digest`` is added where the request has a body.
    """
    headers = request.headers.replaced([(DATE, date)])
    if request.method in WITH_BODY or request.body:
        headers = headers.replaced([(HEADER, content_digest(request.body))])
        names = tuple(dict.fromkeys((*names, HEADER)))
    query = canonical(request.query)
    text = string_to_sign(request.method, target(request.signed_path, query), date, lines(headers, names))
    value = authorization(algorithm, names, signature(key.secret, algorithm, text))
    return request._replace(query=query, headers=headers.replaced([("authorization", value)]))


def authorization(algorithm: Algorithm, names: Sequence[str], made: str) -> str:
    """The value of the header ``Authorization``."""
    listed = f'headers="{",".join(names)}", ' if names else ""
    return f'hmac algorithm="{algorithm.value}", {listed}signature="{made}"'
