"""A stage with everything made of its routes that can be made before a request comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from cce.gateway.cors import CorsHeaders
from cce.gateway.custom import CustomAnswer
from cce.gateway.routing import Router
from cce.gateway.uris import BackendUrl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cce.gateway.message import Request
    from cce.gateway.serving import Route, Serving


@dataclass(frozen=True, slots=True)
class Method:
    """A route with its backend's URL or its custom answer; neither where a function or CORS answers."""

    route: Route
    custom: CustomAnswer | None
    backend: BackendUrl | None

    @classmethod
    def of(cls, route: Route) -> Method:
        """Prepare a route."""
        backend, variables = route.backend, route.path.variables
        http = backend.http if backend else None
        custom = backend.custom if backend else None
        return cls(
            route,
            CustomAnswer(custom, variables, route.response_headers) if custom else None,
            BackendUrl(route.backend_url, http.path, variables) if http else None,
        )


@dataclass(frozen=True, slots=True)
class Resource:
    """One path with its methods."""

    methods: Mapping[str, Method] = field(default_factory=dict)
    cors: CorsHeaders | None = None

    @classmethod
    def of(cls, routes: Mapping[str, Route]) -> Resource:
        """Prepare the routes of a path."""
        settings = next((route.cors for route in routes.values() if route.cors), None)
        methods = {name: Method.of(route) for name, route in routes.items()}
        return cls(methods, CorsHeaders(settings) if settings else None)


class Match(NamedTuple):
    """A request and what it means; ``given`` holds the path variables, percent-encoded as on the wire."""

    request: Request
    resource: Resource | None = None
    method: Method | None = None
    given: Mapping[str, str] = MappingProxyType({})

    @property
    def route(self) -> Route | None:
        """The route, if there is one."""
        return self.method.route if self.method else None


class Matcher:
    """Finds what requests of one stage mean."""

    def __init__(self, serving: Serving) -> None:
        self._router = Router({path: Resource.of(routes) for path, routes in serving.resources.items()})

    def match(self, request: Request) -> Match:
        """What the request means, as far as it means anything."""
        found = self._router.find(request.path)
        if found is None:
            return Match(request)
        resource, given = found
        return Match(request, resource, resource.methods.get(request.method), given)
