"""Stages: their names, their backend URLs, overrides of methods, address lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.gateway import paths
from cce.gateway.definition import addresses
from cce.gateway.definition.checks import backend_url, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.gateway.definition.model import MethodDefinition, Service
    from cce.gateway.definition.stage import Override, Stage
    from cce.yaml_file import Path, Problem

#: What the default stage, whose name is empty, is called on AWS.
DEFAULT: Final = "default"


def problems_of(place: Path, service: Service, *, local: bool) -> Iterator[Problem]:
    """What is wrong with the stages of a service."""
    here = (*place, "stages")
    if service.stages and not any(resource.methods for resource in service.resources.values()):
        yield here, "no path has a method, so there is nothing to deploy; add a method or take the stages out"
    yield from _of_names(here, service)
    for number, stage in enumerate(service.stages):
        own = (*here, number)
        if wrong := backend_url.problem_of(stage.backend, local=local):
            yield (*own, "backend"), wrong
        yield from _of_overrides((*own, "overrides"), service, stage, local=local)
        if stage.ip_acl:
            yield from addresses.problems_of((*own, "ip_acl", "entries"), stage.ip_acl.entries)


def _of_names(here: Path, service: Service) -> Iterator[Problem]:
    names = [stage.name for stage in service.stages]
    for number, name in enumerate(names):
        place = (*here, number, "name")
        if name in names[:number]:
            which = f"stages.{names.index(name)}"
            yield (
                place,
                f"{which} has the name {name!r} too; give each its own"
                if name
                else f"{which} is the default stage already; give this one a name",
            )
        elif name == DEFAULT and "" in names:
            yield place, f"the stage without a name is called {DEFAULT} on AWS; write another name"


def _of_overrides(here: Path, service: Service, stage: Stage, *, local: bool) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for number, override in enumerate(stage.overrides):
        place = (*here, number)
        if wrong := backend_url.problem_of(override.backend, local=local):
            yield (*place, "backend"), wrong
        if problem := _of_target(place, service, override):
            yield problem
        target = (override.method, override.path.rstrip("/"))
        if target in seen:
            yield place, f"{override.method} {override.path} is overridden twice; keep one"
        seen.add(target)


def _of_target(place: Path, service: Service, override: Override) -> Problem | None:
    try:
        template = paths.parse(override.path)
    except ValueError as error:
        return (*place, "path"), str(error)
    found = [text for text, known in tree.parsed(service.resources).items() if known == template]
    if not found:
        return (
            (*place, "path"),
            f"the service has no path {override.path}; write one of its paths as it stands there",
        )
    methods = service.resources[found[0]].methods
    definition: MethodDefinition | None = next(
        (each for method, each in methods.items() if method == override.method), None
    )
    if definition is None:
        return (
            (*place, "method"),
            f"{override.path} has no method {override.method} (it has: {', '.join(methods) or 'none'})",
        )
    if definition.backend.http is None:
        return (
            (*place, "method"),
            f"{override.method} {override.path} asks no backend URL; take the override out",
        )
    return None
