"""CORS: answers of preflights, and the headers that let a page read an answer (the Fetch standard)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.gateway.message import Headers

if TYPE_CHECKING:
    from cce.gateway.definition.plugins import Cors
    from cce.gateway.message import Request

#: What the gateway alone decides on a path with CORS; lines of the backend would double or contradict it.
OWNED: Final = (
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-expose-headers",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-max-age",
)

_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


def is_preflight(request: Request) -> bool:
    """Whether a browser asks before a call; an OPTIONS without these headers is an ordinary request."""
    return (
        request.method == "OPTIONS"
        and bool(request.headers.all("origin"))
        and bool(request.headers.all("access-control-request-method"))
    )


class CorsHeaders:
    """The headers that one plugin makes."""

    def __init__(self, settings: Cors) -> None:
        self._everybody = "*" in settings.allow_origins
        self._origins = frozenset(_normal(origin) for origin in settings.allow_origins)
        credentials = (("access-control-allow-credentials", "true"),) if settings.allow_credentials else ()
        self._preflight = (*credentials, *_preflight_lines(settings))
        self._actual = (*credentials, *_list("access-control-expose-headers", settings.expose_headers))

    def preflight(self, request: Request) -> Headers:
        """The headers of a preflight's answer; an unknown origin gets none that allows anything."""
        return Headers(self._lines(request, self._preflight))

    def actual(self, request: Request) -> Headers:
        """The headers of every other answer, refusals included: else a browser hides those from the page."""
        return Headers(self._lines(request, self._actual))

    def applied(self, request: Request, headers: Headers) -> Headers:
        """An answer's headers with these in place of the backend's own."""
        ours = self.actual(request)
        varies = {name.strip().lower() for value in headers.all("vary") for name in value.split(",")}
        if "origin" in varies:
            ours = ours.without(["vary"])
        return Headers((*headers.without(OWNED), *ours))

    def _lines(self, request: Request, more: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        if self._everybody:
            return (("access-control-allow-origin", "*"), *more)
        origin, vary = request.headers.one("origin"), ("vary", "Origin")
        if origin is None or _normal(origin) not in self._origins:
            return (vary,)
        return (("access-control-allow-origin", origin), vary, *more)


def _preflight_lines(settings: Cors) -> tuple[tuple[str, str], ...]:
    age = () if settings.max_age is None else (("access-control-max-age", str(settings.max_age)),)
    return (
        *_list("access-control-allow-methods", settings.allow_methods),
        *_list("access-control-allow-headers", settings.allow_headers),
        *age,
    )


def _list(name: str, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return ((name, ",".join(values)),) if values else ()


def _normal(origin: str) -> str:
    """An origin with neither upper-case letters nor its scheme's own port."""
    lower = origin.lower()
    scheme = lower.partition("://")[0]
    return lower.removesuffix(_DEFAULT_PORTS.get(scheme, "\n"))
