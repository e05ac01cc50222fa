"""What the server says when it starts: where each stage is, and how to call it."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cce.gateway.samples import note, sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.gateway.serving import Route, Serving


def lines(servings: tuple[Serving, ...], address: str) -> Iterator[str]:
    """The lines of the message.

    Parameters
    ----------
    address
        What the server listens on, ``http://127.0.0.1:8080``.
    """
    for serving in servings:
        stage = serving.stage
        name = f"stage {stage.name}" if stage.name else "the default stage"
        url = f"{address}/{stage.name}".rstrip("/")
        yield f"{name}: {url}"
        yield f"  backend {stage.backend}, {_guards(serving)}"
        for route in serving.routes:
            yield f"  {sample(route, url)}{_note(route)}"


def statistics(address: str) -> str:
    """The line on the page with statistics, which is for this machine alone."""
    parts = urlsplit(address)
    host = ip_address(parts.hostname or "")
    if host.is_unspecified:  # loopback is among what the server listens on
        host = ip_address("::1" if host.version == 6 else "127.0.0.1")  # noqa: PLR2004 - IPv6
    if not host.is_loopback:
        return "no page with statistics: it answers this machine alone, and the server is not on loopback"
    shown = f"[{host}]" if ":" in str(host) else str(host)
    return f"statistics: http://{shown}:{parts.port}/-/dashboard"


def _guards(serving: Serving) -> str:
    stage = serving.stage
    acl = f"IP ACL {stage.ip_acl.mode}" if stage.ip_acl and stage.ip_acl.enabled else "no IP ACL"
    signed = stage.hmac is not None and stage.hmac.enabled
    return f"{acl}, {'HMAC: sign with `cce gateway sign`' if signed else 'no HMAC'}"


def _note(route: Route) -> str:
    if route.backend and route.backend.function:
        return "   # answers 502 here: only API Gateway can ask a function"
    return note(route)
