"""CORS in API Gateway's own templates: preflights, and the headers of the answers that it gives itself.

A mock is no proxy, so its template may compare the caller's origin with those that are known. An origin is
compared as browsers write it, in its one spelling; only a known one is ever written back.
"""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Final

from cce.gateway.compiler import vtl
from cce.gateway.cors import CorsHeaders
from cce.gateway.message import Headers, Request
from cce.gateway.refusal import Refusals, body_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cce.gateway.definition.plugins import Cors

_HEADERS: Final = "$input.params().header"


def preflight(settings: Cors) -> str:
    """The template of the OPTIONS that CORS makes: 204 for a preflight, else 404 as for an unknown method."""
    not_found = Refusals.NOT_FOUND.value
    refused = (
        f"#set($context.responseOverride.status = {not_found.status.value})"
        '#set($context.responseOverride.header.x-request-id = "$context.requestId")'
        f"{_set('content-type', 'application/json')}"
        f"{vtl.literal(body_of(not_found))}"
    )
    granted = _granted(settings, preflight_lines(settings))
    return vtl.template(
        _origin() + _read("asked", "Access-Control-Request-Method"),
        f'#if($origin == "" || $asked == ""){refused}#else{granted}#end',
    )


def actual(settings: Cors) -> str:
    """The directives that set the headers of an answer that is none to a preflight."""
    return _origin() + _granted(settings, actual_lines(settings))


def preflight_lines(settings: Cors) -> Headers:
    """What a known origin's preflight is told, beside its origin."""
    return _rest(CorsHeaders(settings).preflight(_from(settings)))


def actual_lines(settings: Cors) -> Headers:
    """What a known origin's page is told, beside its origin."""
    return _rest(CorsHeaders(settings).actual(_from(settings)))


def _granted(settings: Cors, lines: Iterable[tuple[str, str]]) -> str:
    rest = "".join(_set(name, value) for name, value in lines)
    if "*" in settings.allow_origins:
        return f"{_set('access-control-allow-origin', '*')}{rest}"
    known = " || ".join(f'$origin == "{vtl.string(origin)}"' for origin in settings.allow_origins)
    allow = '#set($context.responseOverride.header.access-control-allow-origin = "$origin")'
    return f"{_set('vary', 'Origin')}#if({known}){allow}{rest}#end"


def _set(name: str, value: str) -> str:
    return f'#set($context.responseOverride.header.{name} = "{vtl.string(value)}")'


def _origin() -> str:
    return _read("origin", "Origin")


def _read(variable: str, header: str) -> str:
    """A request header in a variable; its name comes as HTTP/1.1 or HTTP/2 writes it."""
    first, second = (f'{_HEADERS}.get("{name}")' for name in (header, header.lower()))
    return (
        f'#set(${variable} = "")'
        f"#if({first})#set(${variable} = {first})#elseif({second})#set(${variable} = {second})#end"
    )


def _from(settings: Cors) -> Request:
    """A request of a known origin, to ask the engine which headers it gets."""
    origin = next((each for each in settings.allow_origins if each != "*"), "https://any.example")
    headers = Headers((("origin", origin), ("access-control-request-method", "GET")))
    return Request("OPTIONS", "/", "/", "", headers, IPv4Address("192.0.2.1"), "")


def _rest(lines: Headers) -> Headers:
    return lines.without(["access-control-allow-origin", "vary"])
