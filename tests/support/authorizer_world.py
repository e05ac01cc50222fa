"""Events of a REQUEST authorizer, and one that decides on them with everything in memory."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from cce.gateway.authorizer import Authorizer, Decision
from cce.gateway.signing.guard import Guard
from cce.gateway.signing.ports import Place
from cce.store.memory_signing import MemoryReplays, MemorySecrets, MemorySettings
from signing_world import KEY, NOW, PREVIOUS, settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from cce.errors import CceError
    from cce.gateway.message import Request
    from cce.gateway.signing.keys import Key
    from cce.gateway.signing.settings import Hmac

EVENT: Final[dict[str, Any]] = json.loads(
    (Path(__file__).resolve().parents[2] / "events/authorizer.json").read_text("utf-8")
)
PLACE: Final = Place("01234567ab", "v1")


def event_of(request: Request) -> dict[str, Any]:
    """What API Gateway makes of a request: the query decoded, no body."""
    several: dict[str, list[str]] = {}
    for name, value in request.headers:
        several.setdefault(name, []).append(value)
    parameters = parse_qs(request.query, keep_blank_values=True)
    context = EVENT["requestContext"] | {"path": request.signed_path, "requestId": request.request_id}
    return EVENT | {
        "httpMethod": request.method,
        "path": request.path,
        "headers": {name: values[-1] for name, values in several.items()},
        "multiValueHeaders": several,
        "queryStringParameters": {name: values[-1] for name, values in parameters.items()} or None,
        "multiValueQueryStringParameters": parameters or None,
        "requestContext": context,
    }


@dataclass
class Broken:
    """An adapter whose service is down."""

    error: CceError

    def keys(self, _reference: str) -> tuple[Key, ...]:
        raise self.error

    def first(self, *_signature: Place | str | datetime) -> bool:
        raise self.error

    def settings(self, _place: Place) -> Hmac | None:
        raise self.error


@dataclass
class AuthorizerWorld:
    """An authorizer of one stage."""

    hmac: Hmac | None = field(default_factory=settings)
    secrets: Any = field(default_factory=lambda: MemorySecrets({"gateway/test": (KEY, PREVIOUS)}))
    replays: Any = field(default_factory=MemoryReplays)
    stages: Any = None
    admits: Callable[[Place, Request], bool] = lambda _place, _request: True
    is_preflight: Callable[[Place, Request], bool] = lambda _place, _request: False

    def decide(self, event: Any, now: datetime = NOW) -> Decision:
        stages = self.stages or MemorySettings({PLACE: self.hmac})
        guard = Guard(self.secrets, self.replays)
        return Authorizer(stages, guard, self.admits, self.is_preflight).decide(event, now)
