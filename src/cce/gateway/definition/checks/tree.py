"""The tree: its paths, one variable per level, the number of methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cce.gateway import paths
from cce.gateway.paths import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cce.gateway.definition.model import Resource, Service
    from cce.gateway.paths import PathTemplate, Segment
    from cce.yaml_file import Path, Problem

#: Methods of a service over all its paths. The OPTIONS that CORS makes are nobody's work and do not count.
METHODS: Final = 100


def parsed(resources: Mapping[str, Resource]) -> dict[str, PathTemplate]:
    """The paths that are right, by the spelling of the file."""
    found = {}
    for text in resources:
        try:
            found[text] = paths.parse(text)
        except ValueError:
            continue  # problems_of tells it
    return found


def problems_of(place: Path, service: Service) -> Iterator[Problem]:
    """What is wrong with the paths, each by itself and beside the others."""
    here = (*place, "resources")
    for text in service.resources:
        try:
            paths.parse(text)
        except ValueError as error:
            yield (*here, text), str(error)
    templates = parsed(service.resources)
    yield from _same_resource(here, templates)
    yield from _variables_of_one_level(here, templates)
    yield from _too_many(here, service)


def _same_resource(here: Path, templates: Mapping[str, PathTemplate]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for text, template in templates.items():
        if template.text in seen:
            yield (
                (*here, text),
                f"{seen[template.text]} is the same resource: a / at the end means nothing; keep one",
            )
        seen.setdefault(template.text, text)


def _variables_of_one_level(here: Path, templates: Mapping[str, PathTemplate]) -> Iterator[Problem]:
    """Two variables of one level fit the same requests; API Gateway refuses them too."""
    seen: dict[tuple[Segment, ...], tuple[Segment, str]] = {}
    for text, template in templates.items():
        for depth, segment in enumerate(template.segments):
            if segment.kind is Kind.LITERAL:
                continue
            first, where = seen.setdefault(template.segments[:depth], (segment, text))
            if first != segment:
                why = f"{_written(segment)} and {_written(first)} of {where} are variables of one level"
                yield (*here, text), f"{why}, which has one at most; write {_written(first)} in both"
                break


def _too_many(here: Path, service: Service) -> Iterator[Problem]:
    count = 0
    for text, resource in service.resources.items():
        count += len(resource.methods)
        if count > METHODS:
            total = sum(len(each.methods) for each in service.resources.values())
            why = (
                f"the service has {total} methods, {METHODS} are allowed (those that CORS makes do not count)"
            )
            yield (*here, text), f"{why}; move paths to another service"
            return


def _written(segment: Segment) -> str:
    return f"{{{segment.text}{'+' if segment.kind is Kind.GREEDY else ''}}}"
