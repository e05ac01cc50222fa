"""Integrations that pass a request on: to the backend by API Gateway itself, or to a function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cce.gateway import values
from cce.gateway.compiler import cors, mock, vtl
from cce.gateway.refusal import Refusals, body_of
from cce.gateway.values import Reference

if TYPE_CHECKING:
    from cce.gateway.compiler.model import Choice, Target
    from cce.gateway.definition.stage import Stage
    from cce.gateway.serving import Route
    from cce.gateway.values import Value


def integration(route: Route, choice: Choice, stage: Stage, target: Target) -> dict[str, Any]:
    """What API Gateway does with a request of the route."""
    backend = route.backend
    if backend is None:
        assert route.cors
        return mock.integration(204, cors.preflight(route.cors), {})
    if choice.kind == "mock":
        assert backend.custom
        return mock.custom_response(route, backend.custom)
    if choice.kind == "native":
        return _http_proxy(route, stage, target)
    function = target.relay if choice.kind == "relay" else target.functions[backend.function or ""]
    return {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": target.invocation(function),
        "passthroughBehavior": "when_no_match",
        "timeoutInMillis": target.integration_seconds * 1000,
    }


def not_found() -> dict[str, Any]:
    """What a path answers to methods that it lacks, where API Gateway would look for a wider path."""
    refused = Refusals.NOT_FOUND.value
    template = vtl.template(
        '#set($context.responseOverride.header.x-request-id = "$context.requestId")',
        vtl.literal(body_of(refused)),
    )
    return mock.integration(refused.status.value, template, {"content-type": "application/json"})


def _http_proxy(route: Route, stage: Stage, target: Target) -> dict[str, Any]:
    assert route.backend
    assert route.backend.http
    path = values.parse("/" + route.backend.http.path.lstrip("/"), route.path.variables)
    named = {part.name for part in path.parts if isinstance(part, Reference)}
    mappings = {f"integration.request.path.{name}": f"method.request.path.{name}" for name in sorted(named)}
    for name, value in route.request_headers:
        mappings[f"integration.request.header.{name}"] = _mapped(value)
    return {
        "type": "http_proxy",
        "connectionType": "VPC_LINK",  # without it the request would leave by the internet
        "connectionId": target.vpc_link,
        "httpMethod": route.method,
        "uri": route.backend_url.rstrip("/") + path.render({name: f"{{{name}}}" for name in named}),
        "requestParameters": mappings,
        "passthroughBehavior": "when_no_match",
        "timeoutInMillis": max(50, round(stage.timeout_seconds * 1000)),
    }


def _mapped(value: Value) -> str:
    if value.alone:
        return f"method.request.path.{value.alone.name}"
    return mock.quoted(value.render({}))
