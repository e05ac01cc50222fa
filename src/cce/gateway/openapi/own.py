"""A definition from a document that :mod:`cce.gateway.openapi.export` wrote: nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from cce.errors import GatewayDefinitionError
from cce.gateway.definition.advice import advice
from cce.gateway.definition.mended import validate
from cce.gateway.definition.model import Method
from cce.gateway.openapi.export import BACKEND, MARK, PATH, PLUGINS, STAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cce.gateway.definition.model import Definition

    _Json = Mapping[str, Any]


def from_own(document: Mapping[str, Any], name: str) -> Definition:
    """The definition of one service that a document of ours holds.

    Raises
    ------
    GatewayDefinitionError
        When the document was changed so that it holds none any more.
    """
    try:
        service = {
            "name": document["info"]["title"],
            "description": document["info"].get("description", ""),
            "stages": document[STAGES],
            "resources": {item.get(PATH, path): _resource(item) for path, item in document["paths"].items()},
        }
        return validate({"gateway": document[MARK], "services": [service]})
    except (KeyError, AttributeError, TypeError) as error:
        message = f"{name}:1: it is marked with {MARK}, but not as cce gateway export writes it ({error!r})"
        raise GatewayDefinitionError(f"{message}; export it again, or take {MARK} out") from error
    except ValidationError as error:
        problems = error.errors(include_url=False)
        said = [f"{name}:1: {'.'.join(map(str, each['loc']))}: {advice(each)}" for each in problems]
        raise GatewayDefinitionError(*said) from error


def _resource(item: _Json) -> _Json:
    methods = {method: _method(item[method.lower()]) for method in get_args(Method) if method.lower() in item}
    return {"plugins": item.get(PLUGINS, {}), "methods": methods}


def _method(operation: _Json) -> _Json:
    return {
        "name": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "backend": operation[BACKEND],
        "plugins": operation.get(PLUGINS, {}),
    }
