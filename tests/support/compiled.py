"""Stages compiled for tests, and what API Gateway would answer from their templates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from cce.gateway.compiler import Compiled, Target, compile_stage
from cce.gateway.definition.load import load
from cce.gateway.snapshot import Snapshot
from lab import vtl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cce.gateway.definition.stage import Stage

_FUNCTIONS: Final = "arn:aws:lambda:ap-northeast-2:111111111111:function"
TARGET: Final = Target(
    region="ap-northeast-2",
    endpoints=("vpce-0123456789abcdef0",),
    relay=f"{_FUNCTIONS}:relay",
    authorizer=f"{_FUNCTIONS}:authorizer",
    functions={"ApiFunction": f"{_FUNCTIONS}:api"},
    vpc_link="a1b2c3",
)
SERVICE: Final = "k3j2h1g0f9"
URL: Final = "https://members.example/api"


def http(path: str = "/v2", **plugins: Any) -> dict[str, Any]:
    """A method with an HTTP backend."""
    return {"backend": {"http": {"path": path}}, "plugins": plugins}


def custom(status: int = 200, body: str = "", **more: Any) -> dict[str, Any]:
    """A method with a custom response."""
    return {"backend": {"custom": {"status": status, "body": body, **more}}}


def headers(**values: str) -> dict[str, Any]:
    """A plugin that sets headers."""
    return {"set": {name.replace("_", "-"): value for name, value in values.items()}}


def snapshot(resources: Mapping[str, Any], **stage: Any) -> Snapshot:
    """A checked definition of one service and one stage."""
    stated = {"backend": URL, **stage}
    service = {"name": "members", "resources": dict(resources), "stages": [stated]}
    text = json.dumps({"gateway": 1, "services": [service]}, ensure_ascii=False)  # YAML too
    (found,) = load(text.encode(), "members.yaml").definition.services
    return Snapshot(service=SERVICE, resources=found.resources, stage=found.stages[0])


def compiled(
    resources: Mapping[str, Any], target: Target = TARGET, neighbours: tuple[Stage, ...] = (), **stage: Any
) -> Compiled:
    """What it compiles to."""
    return compile_stage(snapshot(resources, **stage), target, neighbours)


def kind(method: Mapping[str, Any], path: str = "/a/{v}", name: str = "GET", **stage: Any) -> tuple[str, str]:
    """Who answers one method, and why."""
    made = compiled({path: {"methods": {name: method}}}, **stage)
    (choice,) = made.choices
    return choice.kind, choice.reason


def integration(made: Compiled, path: str, method: str = "get") -> dict[str, Any]:
    """The integration of a method."""
    return dict(made.document["paths"][path][method]["x-amazon-apigateway-integration"])


def mocked(
    made: Compiled, path: str, method: str = "get", *, given: Mapping[str, str] = {}, **sent: str
) -> vtl.Answer:
    """What a mock answers: its template evaluated, its static headers added."""
    response = integration(made, path, method)["responses"]["default"]
    answer = vtl.render(
        response["responseTemplates"]["application/json"],
        path=given,
        headers={name.replace("_", "-"): value for name, value in sent.items()},
    )
    static = {
        name.removeprefix("method.response.header."): value[1:-1]
        for name, value in response["responseParameters"].items()
    }
    return vtl.Answer(answer.body, answer.status or int(response["statusCode"]), static | answer.headers)
