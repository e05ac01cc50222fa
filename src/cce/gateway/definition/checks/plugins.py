"""Plugins of paths and methods: where they may stand, and what they set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.gateway.definition.checks import cors, headers, tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cce.gateway.definition.model import MethodPlugins, Service
    from cce.yaml_file import Path, Problem


def problems_of(place: Path, service: Service) -> Iterator[Problem]:
    """What is wrong with the plugins of a service."""
    for text, template in tree.parsed(service.resources).items():
        resource, here = service.resources[text], (*place, "resources", text)
        yield from _of_headers((*here, "plugins"), resource.plugins, template.variables)
        if resource.plugins.cors:
            yield from cors.problems_of((*here, "plugins", "cors"), resource.plugins.cors)
        for method, definition in resource.methods.items():
            own = (*here, "methods", method, "plugins")
            yield from _of_headers(own, definition.plugins, template.variables)
            yield from _nothing_below(own, definition.plugins)


def _of_headers(place: Path, plugins: MethodPlugins, variables: Mapping[str, bool]) -> Iterator[Problem]:
    if asked := plugins.request_headers:
        where = (*place, "request_headers", "set")
        yield from headers.problems_of(where, asked.set, variables, headers.ASKED)
    if sent := plugins.response_headers:
        where = (*place, "response_headers", "set")
        yield from headers.problems_of(where, sent.set, variables, headers.ANSWER)


def _nothing_below(place: Path, plugins: MethodPlugins) -> Iterator[Problem]:
    for name in ("request_headers", "response_headers"):
        plugin = getattr(plugins, name)
        if plugin is not None and plugin.overwrite_below:
            yield (
                (*place, name, "overwrite_below"),
                "there is nothing below a method; take it out, or write the plugin among the path's",
            )
