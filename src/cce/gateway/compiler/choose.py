"""Who answers a method: what forbids that API Gateway does it alone, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.errors import CompileError
from cce.gateway import values
from cce.gateway.compiler import mock
from cce.gateway.compiler.model import Choice
from cce.gateway.definition.not_on_aws import gets_unbound_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.gateway.compiler.model import Target
    from cce.gateway.definition.stage import Stage
    from cce.gateway.serving import Route


def choose(route: Route, stage: Stage, target: Target) -> Choice:
    """Say who answers the route on this stage.

    Raises
    ------
    CompileError
        When nobody can: a function that the stack lacks, or one that cannot do what is asked.
    """
    method, path, backend = route.method, route.path.text, route.backend
    if backend is None:
        return Choice(method, path, "mock", "a preflight of CORS, which needs no backend and no signature")
    if backend.function:
        _check_function(route, stage, target)
        return Choice(method, path, "function", _reason_for_function(backend.function, method, stage))
    if backend.custom:
        hindrance = mock.hindrance(route, backend.custom)
        if hindrance:
            return Choice(method, path, "relay", hindrance)
        return Choice(method, path, "mock", "the definition states the whole answer")
    reasons = list(_needs_of_http(route, stage, target))
    if reasons:
        return Choice(method, path, "relay", "; ".join(reasons))
    return Choice(method, path, "native", "API Gateway passes the request on by the VPC link")


def _needs_of_http(route: Route, stage: Stage, target: Target) -> Iterator[str]:
    if not target.vpc_link:
        yield "API Gateway would call the backend from outside the VPC, for the stack has no VPC link"
    if route.response_headers:
        names = ", ".join(name for name, _ in route.response_headers)
        yield f"it sets response headers ({names}), and a proxy of API Gateway passes answers on unchanged"
    if route.cors:
        yield "CORS headers must stand on its answers, and a proxy of API Gateway adds none"
    for name, value in route.request_headers:
        if not value.static and value.alone is None:
            yield f"the request header {name} has text around a variable, which no mapping can write"
        elif "'" in value.render(dict.fromkeys(route.path.variables, "")):
            yield f"the request header {name} holds a single quote, which no mapping can write"
    yield from _needs_of_path(route)
    if stage.blocking.enabled and stage.blocking.every_method:
        yield "blocking of silent backends is asked for every method, and API Gateway has none"
    if stage.compares_bodies:
        yield "a body, which can come with every method, must be compared with its signed content-digest"


def _needs_of_path(route: Route) -> Iterator[str]:
    assert route.backend
    assert route.backend.http
    path = values.parse(route.backend.http.path, route.path.variables)
    for segment in path.render(dict.fromkeys(route.path.variables, "{}")).split("/"):
        if "{}" in segment and segment != "{}":
            yield "the backend's path has text around a variable within one segment"
            return


def _reason_for_function(name: str, method: str, stage: Stage) -> str:
    reason = f"the function {name} answers, with its own headers"
    if stage.compares_bodies:
        reason += f"; nobody compares the body of a {method} with content-digest, so it must read none"
    return reason


def _check_function(route: Route, stage: Stage, target: Target) -> None:
    assert route.backend
    name, where = route.backend.function, f"{route.method} {route.path.text}"
    if name not in target.functions:
        known = ", ".join(sorted(target.functions)) or "none"
        raise CompileError(f"{where}: the stack has no function {name}; it has: {known}")
    if route.request_headers or route.response_headers:
        raise CompileError(
            f"{where}: a function gets requests and gives answers as they are, so no plugin changes their "
            "headers; set them in the function, or take the plugin out here"
        )
    if gets_unbound_body(route.method, stage):
        raise CompileError(
            f"{where}: the stage wants bodies compared with content-digest, and API Gateway gives the "
            f"function the body of a {route.method} as it came; write content_digest: false for the stage, "
            "use an HTTP backend, or a method whose body no function reads: GET, HEAD or OPTIONS"
        )
