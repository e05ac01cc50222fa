"""Which web pages a browser lets call the API (CORS: Fetch standard, section 3.3); none unless named."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from cce.api.http import Response

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: In the list it stands for every origin, a page from a file (``null``) among them.
ANY: Final = "*"

#: What a page may send, by name: a wildcard would not cover ``authorization``.
_SENT: Final = "authorization, content-type, if-match, if-none-match, x-api-key"

#: What a page may read beside what every page may.
_EXPOSED: Final = "ETag, Location, Retry-After"

#: Seconds for which a browser need not ask again; Chromium keeps no answer longer.
_MAX_AGE: Final = 7200


@dataclass(frozen=True, slots=True)
class Cors:
    """The origins whose pages may call, each as browsers send it: ``https://console.bank.example``.

    Credentials (cookies, client certificates) are never admitted: a caller is known by its key.
    """

    origins: Sequence[str] = ()

    def headers(self, origin: str | None) -> Mapping[str, str]:
        """What every answer has for the browser; ``None``: the caller is no page."""
        if not self.origins:
            return {}
        admitted = self._admitted(origin)
        found = {} if ANY in self.origins else {"Vary": "Origin"}  # else a cache gives one page another's
        if admitted:
            found |= {"Access-Control-Allow-Origin": admitted, "Access-Control-Expose-Headers": _EXPOSED}
        return found

    def preflight(self, origin: str | None, methods: Sequence[str]) -> Response:
        """Answer OPTIONS on a path that has those methods; :meth:`headers` come on top."""
        named = ", ".join([*methods, "OPTIONS"])
        headers = {"Allow": named}
        if self._admitted(origin):
            headers |= {
                "Access-Control-Allow-Methods": named,
                "Access-Control-Allow-Headers": _SENT,
                "Access-Control-Max-Age": str(_MAX_AGE),
            }
        return Response(HTTPStatus.NO_CONTENT.value, headers=headers)

    def _admitted(self, origin: str | None) -> str | None:
        if ANY in self.origins:
            return ANY
        return origin if origin in self.origins else None
