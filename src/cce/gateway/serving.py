"""A stage as it serves: its routes, with plugins and backend URLs resolved. All answering works from this."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from cce.gateway import paths, values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cce.gateway.definition.model import Backend, Method, PathPlugins, Resource
    from cce.gateway.definition.plugins import Cors, HeaderChange, Plugin
    from cce.gateway.definition.stage import Stage
    from cce.gateway.paths import PathTemplate
    from cce.gateway.values import Value

HeaderValues = tuple[tuple[str, "Value"], ...]
AnyPlugin = TypeVar("AnyPlugin", bound="Plugin")


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path on one stage.

    Parameters
    ----------
    backend
        As defined; ``None`` for the OPTIONS that CORS makes.
    backend_url
        The URL that the backend's path is appended to; empty where no HTTP backend is asked.
    name, description
        For people; empty where the definition gives none.
    """

    method: str
    path: PathTemplate
    backend: Backend | None
    backend_url: str = ""
    request_headers: HeaderValues = ()
    response_headers: HeaderValues = ()
    cors: Cors | None = None
    name: str = ""
    description: str = ""


@dataclass(frozen=True)
class Serving:
    """What a stage serves. ``service`` is the service's id (its name until it has one)."""

    service: str
    stage: Stage
    routes: tuple[Route, ...]

    @cached_property
    def resources(self) -> Mapping[PathTemplate, Mapping[str, Route]]:
        """The routes by path and method; the path alone decides which resource a request means."""
        found: dict[PathTemplate, dict[str, Route]] = {}
        for route in self.routes:
            found.setdefault(route.path, {})[route.method] = route
        return found


def serving(service: str, resources: Mapping[str, Resource], stage: Stage) -> Serving:
    """Resolve a checked resource tree for a stage.

    A method's plugin wins over its path's; a path's plugin with ``overwrite_below`` replaces the same plugin
    everywhere below, the highest one winning.
    """
    tree = {paths.parse(path): resource for path, resource in resources.items()}
    return Serving(service, stage, tuple(_routes(tree, stage)))


def _routes(tree: Mapping[PathTemplate, Resource], stage: Stage) -> Iterator[Route]:
    overrides = {
        (override.method, paths.parse(override.path)): override.backend
        for override in stage.overrides
        if override.enabled
    }
    for path, resource in sorted(tree.items(), key=lambda entry: entry[0].text):
        cors = _plugin(tree, path, lambda plugins: plugins.cors, resource.plugins.cors)
        for method in resource.methods:
            if not (cors and method == "OPTIONS"):  # the one that CORS makes takes its place
                route = _route(tree, path, method, overrides.get((method, path), stage.backend))
                yield replace(route, cors=cors)
        if cors:
            yield Route("OPTIONS", path, None, cors=cors)


def _route(tree: Mapping[PathTemplate, Resource], path: PathTemplate, method: Method, url: str) -> Route:
    definition, own = tree[path].methods[method], tree[path].plugins
    asked = _plugin(
        tree,
        path,
        lambda plugins: plugins.request_headers,
        definition.plugins.request_headers or own.request_headers,
    )
    sent = _plugin(
        tree,
        path,
        lambda plugins: plugins.response_headers,
        definition.plugins.response_headers or own.response_headers,
    )
    variables = path.variables
    return Route(
        method,
        path,
        definition.backend,
        url if definition.backend.http else "",
        _header_values(asked, variables),
        _header_values(sent, variables),
        name=definition.name,
        description=definition.description,
    )


def _plugin(
    tree: Mapping[PathTemplate, Resource],
    path: PathTemplate,
    pick: Callable[[PathPlugins], AnyPlugin | None],
    own: AnyPlugin | None,
) -> AnyPlugin | None:
    """The plugin in force: the highest one that overwrites what is below it, else its own."""
    above = [
        (len(parent.segments), plugin)
        for parent, resource in tree.items()
        if path.within(parent) and (plugin := pick(resource.plugins)) and plugin.overwrite_below
    ]
    return min(above, key=lambda found: found[0])[1] if above else own


def _header_values(change: HeaderChange | None, variables: Mapping[str, bool]) -> HeaderValues:
    if change is None:
        return ()
    return tuple((name, values.parse(text, variables)) for name, text in change.set.items())
