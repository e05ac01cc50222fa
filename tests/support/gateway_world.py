"""Stages of the gateway and requests to them, without a network."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any, Final

from cce.gateway.definition.load import parse
from cce.gateway.engine import Checks, Engine, Forward, Outcome
from cce.gateway.message import Headers, Request, Response
from cce.gateway.snapshot import Snapshot

NOW: Final = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
BACKEND: Final = "https://backend.example/apis"

ECHO: Final = {"backend": {"http": {"path": "/echo"}}}


def to(path: str, **plugins: Any) -> dict[str, Any]:
    """A method that the backend answers on a path."""
    return {"backend": {"http": {"path": path}}} | ({"plugins": plugins} if plugins else {})


def fixed(status: int, body: str = "", **headers: str) -> dict[str, Any]:
    """A method with a custom response."""
    return {"backend": {"custom": {"status": status, "headers": headers, "body": body}}}


def cors(*origins: str, **more: Any) -> dict[str, Any]:
    """The plugin of a path."""
    return {"cors": {"allow_origins": list(origins)} | more}


def definition(resources: dict[str, Any], *stages: dict[str, Any]) -> bytes:
    """A definition file of one service."""
    listed = [{"backend": BACKEND} | stage for stage in (stages or ({},))]
    service = {"name": "members", "resources": resources, "stages": listed}
    return json.dumps({"gateway": 1, "services": [service]}).encode()  # which is YAML too


def snapshot(resources: dict[str, Any], **stage: Any) -> Snapshot:
    """What a stage is deployed from."""
    service = parse(definition(resources, stage), "gateway.yaml", local=True).services[0]
    return Snapshot(service="abcdefghij", resources=service.resources, stage=service.stages[0])


def engine(resources: dict[str, Any], checks: Checks | None = None, **stage: Any) -> Engine:
    """The engine of a stage, after the definition's own checks."""
    return Engine(snapshot(resources, **stage).serving(), checks)


def request(
    method: str = "GET", target: str = "/members", *lines: tuple[str, str], **changes: Any
) -> Request:
    """A request; ``lines`` are its headers."""
    path, _, query = target.partition("?")
    client = ip_address("10.111.0.10")
    asked = Request(method, path, path, query, Headers(lines), client, "11111111-2222-4333-8444-555555555555")
    return asked._replace(**changes)


def forwarded(engine: Engine, request: Request) -> Forward:
    """The request on its way to the backend."""
    decision = engine.decide(request, NOW)
    assert isinstance(decision, Forward), decision
    return decision


def refused(engine: Engine, request: Request) -> Outcome:
    """What the gateway answers itself."""
    decision = engine.decide(request, NOW)
    assert isinstance(decision, Outcome), decision
    return decision


def answered(engine: Engine, request: Request, *lines: tuple[str, str], status: int = 200) -> Response:
    """The answer to the client when the backend answers with these headers."""
    response = Response(status, Headers(lines), b"theirs")
    return engine.answered(forwarded(engine, request), response).response
