"""What the local server takes and API Gateway cannot serve, told by the file alone; applying refuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.gateway import paths
from cce.gateway.serving import serving
from cce.gateway.signing.settings import LOCAL_PLACES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.gateway.definition.model import Service
    from cce.gateway.definition.stage import Stage
    from cce.gateway.serving import Route
    from cce.yaml_file import Path, Problem

#: Methods whose bodies no function of the stack is expected to read. To HTTP the body of a DELETE means as
#: little, but programs send and read it.
_UNREAD: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def gets_unbound_body(method: str, stage: Stage) -> bool:
    """Whether a function of the stack would get bodies that nobody compared with their signed digests."""
    return stage.compares_bodies and method not in _UNREAD


def warnings_of(place: Path, service: Service) -> Iterator[Problem]:
    """The warnings about a service that has no problems."""
    tree = {paths.parse(text): text for text in service.resources}
    told = set()
    for number, stage in enumerate(service.stages):
        yield from _of_secret((*place, "stages", number, "hmac", "secret"), stage)
        for route in serving(service.name, service.resources, stage).routes:
            here = (*place, "resources", tree[route.path], "methods", route.method, "backend", "function")
            for said in _of_function(route, stage):
                if (here, said) not in told:
                    yield here, said
                told.add((here, said))


def _of_secret(place: Path, stage: Stage) -> Iterator[Problem]:
    if stage.hmac and stage.hmac.enabled and stage.hmac.secret.startswith(LOCAL_PLACES):
        yield place, "only cce gateway serve reads this place; for AWS name a secret in Secrets Manager"


def _of_function(route: Route, stage: Stage) -> Iterator[str]:
    if not (route.backend and route.backend.function):
        return
    if route.request_headers or route.response_headers:
        yield "no plugin changes the headers of a function, so this cannot be applied; take the plugin out"
    if gets_unbound_body(route.method, stage):
        yield (
            f"stage {stage.name or '(default)'} wants bodies compared with content-digest, which nobody does "
            "for functions, so this cannot be applied; write content_digest: false there"
        )
