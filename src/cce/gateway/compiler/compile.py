"""Puts the document of a stage together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cce.gateway.compiler import limits
from cce.gateway.compiler.choose import choose
from cce.gateway.compiler.integrations import integration, not_found
from cce.gateway.compiler.model import Choice, Compiled
from cce.gateway.compiler.policy import policy
from cce.gateway.compiler.refusals import gateway_responses
from cce.gateway.paths import Kind as SegmentKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cce.gateway.compiler.model import Target
    from cce.gateway.definition.stage import Stage
    from cce.gateway.paths import PathTemplate
    from cce.gateway.serving import Route
    from cce.gateway.snapshot import Snapshot

_SCHEME: Final = "signature"

_UNLISTED: Final = (
    "the address list of this stage does not fit into the API's policy beside those of the other stages, so "
    "the authorizer looks at addresses; preflights, which tell nobody anything, are answered to everybody"
)
_FUNCTIONS: Final = (
    "functions answer on paths with CORS; they must set the CORS headers of their answers themselves"
)


def compile_stage(snapshot: Snapshot, target: Target, neighbours: Iterable[Stage] = ()) -> Compiled:
    """Make the OpenAPI document of a stage.

    Parameters
    ----------
    neighbours
        The stages of the same service whose address lists are in the API's policy.

    Raises
    ------
    CompileError
        When API Gateway cannot serve it, with the reason and what to do.
    """
    serving = snapshot.serving()
    limits.check_stage(serving, target)
    stage = serving.stage
    choices = tuple(choose(route, stage, target) for route in serving.routes)
    allowed, acl_in = policy(stage, neighbours, target)
    asked = bool(stage.hmac and stage.hmac.enabled) or acl_in == "authorizer"
    refusals, notes = gateway_responses(serving)
    document = {
        "openapi": "3.0.1",
        # The id, not the name: metrics drop characters that are not ASCII, and Korean names would be one.
        "info": {"title": serving.service, "version": snapshot.digest[:12]},
        "servers": [
            {
                "url": "/",
                "x-amazon-apigateway-endpoint-configuration": {"vpcEndpointIds": list(target.endpoints)},
            }
        ],
        "paths": {
            path.text: _path_item(path, routes, choices, serving.resources, asked, stage, target)
            for path, routes in serving.resources.items()
        },
        "components": {"securitySchemes": _schemes(target) if asked else {}},
        # Bodies are bytes: what is no text reaches the backend, and the signed digest its body, unchanged.
        "x-amazon-apigateway-binary-media-types": ["*/*"],
        "x-amazon-apigateway-gateway-responses": refusals,
        "x-amazon-apigateway-policy": allowed,
    }
    limits.check_document(document)
    functions = sorted(_functions(serving.routes, choices, target, asked=asked))
    return Compiled(document, choices, acl_in, (*notes, *_notes(serving.routes, acl_in)), tuple(functions))


def _functions(
    routes: Iterable[Route], choices: Iterable[Choice], target: Target, *, asked: bool
) -> set[str]:
    named = {
        target.functions[route.backend.function]
        for route in routes
        if route.backend and route.backend.function
    }
    relayed = {target.relay} if any(choice.kind == "relay" for choice in choices) else set()
    return named | relayed | ({target.authorizer} if asked else set())


def _path_item(  # noqa: PLR0913, PLR0917 - the parts of one document
    path: PathTemplate,
    routes: Mapping[str, Route],
    choices: Iterable[Choice],
    resources: Iterable[PathTemplate],
    asked: bool,  # noqa: FBT001
    stage: Stage,
    target: Target,
) -> dict[str, Any]:
    of_path = {choice.method: choice for choice in choices if choice.path == path.text}
    item = {
        method.lower(): _operation(route, of_path[method], stage, target, asked=asked)
        for method, route in sorted(routes.items())
    }
    if any(_covers(wider, path) for wider in resources):
        item["x-amazon-apigateway-any-method"] = {
            "responses": {"404": _answer(("content-type", "x-request-id"))},
            "security": [],
            "x-amazon-apigateway-integration": not_found(),
        } | _parameters(path)
    return item


def _operation(route: Route, choice: Choice, stage: Stage, target: Target, *, asked: bool) -> dict[str, Any]:
    made = integration(route, choice, stage, target)
    operation: dict[str, Any] = {
        "description": f"{choice.kind}: {choice.reason}",
        **_parameters(route.path),
        "responses": {"default": {"description": "What the backend answers."}},
        "x-amazon-apigateway-integration": made,
    }
    if made["type"] == "mock":
        answer = made["responses"]["default"]
        names = [name.removeprefix("method.response.header.") for name in answer["responseParameters"]]
        operation["responses"] = {answer["statusCode"]: _answer(names)}
    # Browsers send preflights without a signature (row 74).
    operation["security"] = [{_SCHEME: []}] if asked and route.backend is not None else []
    return operation


def _parameters(path: PathTemplate) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in path.variables
    ]
    return {"parameters": parameters} if parameters else {}


def _answer(headers: Iterable[str]) -> dict[str, Any]:
    return {
        "description": "What the definition states.",
        "headers": {name: {"schema": {"type": "string"}} for name in headers},
    }


def _covers(wider: PathTemplate, path: PathTemplate) -> bool:
    """Whether API Gateway would look at the wider path for methods that the path lacks."""
    if wider == path or not wider.segments or wider.segments[-1].kind is not SegmentKind.GREEDY:
        return False
    before = wider.segments[:-1]
    return len(path.segments) > len(before) and all(
        SegmentKind.LITERAL not in {a.kind, b.kind} or a.kind is not b.kind or a.text == b.text
        for a, b in zip(before, path.segments, strict=False)
    )


def _schemes(target: Target) -> dict[str, Any]:
    return {
        _SCHEME: {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "x-amazon-apigateway-authtype": "custom",
            # No identity source: where it is missing API Gateway would answer itself, unlogged.
            "x-amazon-apigateway-authorizer": {
                "type": "request",
                "authorizerUri": target.invocation(target.authorizer),
                "authorizerResultTtlInSeconds": 0,
            },
        }
    }


def _notes(routes: Iterable[Route], acl_in: str) -> Iterator[str]:
    if acl_in == "authorizer":
        yield _UNLISTED
    if any(route.cors and route.backend and route.backend.function for route in routes):
        yield _FUNCTIONS
