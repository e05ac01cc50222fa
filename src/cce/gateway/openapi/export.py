"""A service as a plain OpenAPI 3.0 document; ``x-gw-…`` carry what OpenAPI has no word for.

:mod:`cce.gateway.openapi.own` reads it back without a loss.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cce.gateway import paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from cce.gateway.definition.model import Backend, MethodDefinition, Resource, Service

    _Json = dict[str, Any]

#: Marks a document as ours; its value is the version of our format.
MARK: Final = "x-gw-definition"
STAGES: Final = "x-gw-stages"
#: The path as we write it, where OpenAPI cannot: ``/files/{file+}``.
PATH: Final = "x-gw-path"
PLUGINS: Final = "x-gw-plugins"
BACKEND: Final = "x-gw-backend"


def to_openapi(service: Service) -> dict[str, Any]:
    """Write a service as an OpenAPI document, its resources in the order of their paths."""
    return {
        "openapi": "3.0.3",
        "info": _filled({"title": service.name, "description": service.description, "version": "1"}),
        MARK: 1,
        STAGES: [dumped(stage) for stage in service.stages],
        "paths": {
            _plain(text): _item(text, resource) for text, resource in sorted(service.resources.items())
        },
    }


def dumped(part: BaseModel) -> dict[str, Any]:
    """A part of a definition as a file would hold it: without what it says by default."""
    return part.model_dump(mode="json", exclude_defaults=True)


def _item(text: str, resource: Resource) -> _Json:
    item: _Json = {} if _plain(text) == text else {PATH: text}
    if parameters := list(_parameters(text)):
        item["parameters"] = parameters
    if plugins := dumped(resource.plugins):
        item[PLUGINS] = plugins
    for method, definition in resource.methods.items():
        item[method.lower()] = _operation(definition)
    return item


def _operation(definition: MethodDefinition) -> _Json:
    operation = _filled({"summary": definition.name, "description": definition.description})
    operation["responses"] = _responses(definition.backend)
    operation[BACKEND] = dumped(definition.backend)
    if plugins := dumped(definition.plugins):
        operation[PLUGINS] = plugins
    return operation


def _responses(backend: Backend) -> _Json:
    if backend.custom is None:
        return {"default": {"description": "What the backend answers."}}
    headers = {
        name: {"schema": {"type": "string"}}
        for name in backend.custom.headers
        if name.lower() != "content-type"  # OpenAPI ignores it there
    }
    answer: _Json = {"description": "Answered by the gateway itself."}
    return {str(backend.custom.status): answer | ({"headers": headers} if headers else {})}


def _parameters(text: str) -> Iterator[_Json]:
    for name in paths.parse(text).variables:
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _plain(text: str) -> str:
    """The path as OpenAPI has it, which knows no variable of several segments."""
    return text.replace("+}", "}")


def _filled(given: _Json) -> _Json:
    return {key: value for key, value in given.items() if value != ""}
