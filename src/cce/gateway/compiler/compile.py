"""Puts the document of a stage together."""

from __future__ import annotations

from dataclasses import dataclass
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
    from cce.gateway.serving import Route, Serving
    from cce.gateway.snapshot import Snapshot

_SCHEME: Final = "signature"

_UNLISTED: Final = (
    "the address list of this stage does not fit into the API's policy beside those of the other stages, so "
    "the authorizer looks at addresses; preflights, which tell nobody anything, are answered to everybody"
)
_LINKED: Final = (
    "API Gateway calls native methods by the VPC link, so these must stand behind its load balancer; others "
    "need blocking: {every_method: true}, which sends them through the relay:"
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
        "paths": _Paths(serving, target, {(c.method, c.path): c for c in choices}, asked).all(),
        "components": {"securitySchemes": _schemes(target) if asked else {}},
        # Bodies are bytes: what is no text reaches the backend, and the signed digest its body, unchanged.
        "x-amazon-apigateway-binary-media-types": ["*/*"],
        "x-amazon-apigateway-gateway-responses": refusals,
        "x-amazon-apigateway-policy": allowed,
    }
    limits.check_document(document)
    functions = sorted(_functions(serving.routes, choices, target, asked=asked))
    return Compiled(
        document, choices, acl_in, (*notes, *_notes(choices, serving.routes, acl_in)), tuple(functions)
    )


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


@dataclass(frozen=True, slots=True)
class _Paths:
    """Makes the paths of a document. ``guarded`` says whether the authorizer is asked."""

    serving: Serving
    target: Target
    choices: Mapping[tuple[str, str], Choice]
    guarded: bool

    def all(self) -> dict[str, Any]:
        """The path items by their paths."""
        return {path.text: self._item(path) for path in self.serving.resources}

    def _item(self, path: PathTemplate) -> dict[str, Any]:
        routes = self.serving.resources[path]
        item = {method.lower(): self._operation(route) for method, route in sorted(routes.items())}
        if any(_covers(wider, path) for wider in self.serving.resources):
            item["x-amazon-apigateway-any-method"] = {
                **_parameters(path),
                "responses": {"404": _answer(("content-type", "x-request-id"))},
                "security": [],
                "x-amazon-apigateway-integration": not_found(),
            }
        return item

    def _operation(self, route: Route) -> dict[str, Any]:
        choice = self.choices[route.method, route.path.text]
        made = integration(route, choice, self.serving.stage, self.target)
        responses = {"200": {"description": "What the backend answers, whatever its status."}}
        if made["type"] == "mock":
            answer = made["responses"]["default"]
            names = [name.removeprefix("method.response.header.") for name in answer["responseParameters"]]
            responses = {answer["statusCode"]: _answer(names)}
        # Browsers send preflights without a signature (row 74).
        signed = self.guarded and route.backend is not None
        return {
            **({"summary": route.name} if route.name else {}),
            "description": "\n".join(filter(None, (route.description, f"{choice.kind}: {choice.reason}"))),
            **_parameters(route.path),
            "responses": responses,
            "security": [{_SCHEME: []}] if signed else [],
            "x-amazon-apigateway-integration": made,
        }


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


def _notes(choices: Iterable[Choice], routes: Iterable[Route], acl_in: str) -> Iterator[str]:
    native = {(choice.method, choice.path) for choice in choices if choice.kind == "native"}
    called = {each.backend_url for each in routes if (each.method, each.path.text) in native}
    if called:
        yield f"{_LINKED} {', '.join(sorted(called))}"
    if acl_in == "authorizer":
        yield _UNLISTED
    if any(route.cors and route.backend and route.backend.function for route in routes):
        yield _FUNCTIONS
