"""How to call the methods of a stage, as commands to copy."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cce.gateway.serving import Route


def sample(route: Route, url: str) -> str:
    """The call of a method with curl; variables stand as they are, for the caller to fill in.

    Parameters
    ----------
    url
        Of the stage.
    """
    target = shlex.quote(f"{url}{route.path.text}")
    # curl takes braces for a list of URLs.
    parts = ["curl", *(["-g"] if route.path.variables else []), *_how(route), target]
    return " ".join(parts)


def _how(route: Route) -> list[str]:
    if route.method == "GET":
        return []
    if route.method == "HEAD":
        return ["-I"]
    if route.backend or not route.cors:
        return ["-X", route.method]
    asks = (f"Origin: {route.cors.allow_origins[0]}", "Access-Control-Request-Method: GET")
    return ["-X", "OPTIONS", *(part for line in asks for part in ("-H", shlex.quote(line)))]


def note(route: Route) -> str:
    """What there is to know about a method, as a comment behind its sample; empty if nothing."""
    text = "preflights of browsers" if route.backend is None else route.name
    return f"   # {text}" if text else ""
