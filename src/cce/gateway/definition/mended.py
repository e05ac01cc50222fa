"""A definition of wrong form with what is wrong left out, so that the rest is checked in the same go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from cce.gateway.definition.model import Definition
from cce.yaml_file.mended import mended as mended_file

if TYPE_CHECKING:
    from pydantic import ValidationError

    from cce.yaml_file import Document, Path

#: Stand for what cannot be left out; no check finds fault with them.
_BACKEND: Final = {"custom": {"status": 200}}
_URL: Final = "http://backend.example"
_RESOURCES: Final = {"/": {"methods": {"GET": {"backend": _BACKEND}}}}
#: The most entries that the model takes.
_MOST: Final = 10


def validate(value: Any) -> Definition:  # noqa: ANN401 - whatever the file holds
    """Read a definition from what a file holds; strict, but a list is a list.

    Raises
    ------
    pydantic.ValidationError
        When it has not the form of one.
    """
    return Definition.model_validate_json(json.dumps(value))


def mended(document: Document, error: ValidationError) -> Definition | None:
    """The definition without the parts that pydantic complains about; ``None`` if that is none either."""
    return mended_file(document, error, validate, _leave_out)


def _leave_out(value: Any, path: Path) -> None:  # noqa: ANN401
    match path:
        case ("services",):
            value["services"] = value["services"][:_MOST]
        case ("services", int(number)):
            value["services"][number] = {"name": f"service {number}", "resources": _RESOURCES}
        case ("services", int(number), *rest):
            _of_service(value["services"][number], number, rest)
        case ("gateway",):
            value["gateway"] = 1
        case (key, *_):
            del value[key]


def _of_service(service: Any, number: int, path: list[str | int]) -> None:  # noqa: ANN401
    match path:
        case ["name"]:
            service["name"] = f"service {number}"
        case ["resources"]:
            service["resources"] = _RESOURCES
        case ["resources", resource]:
            service["resources"][resource] = {}
        case ["resources", resource, "methods", method, *rest]:
            _of_method(service["resources"][resource]["methods"], str(method), rest)
        case ["resources", resource, *rest]:
            _take_out(service["resources"][resource], rest)
        case ["stages"] if isinstance(service["stages"], list):
            service["stages"] = service["stages"][:_MOST]
        case ["stages", int(stage), *rest]:
            _of_stage(service["stages"], stage, rest)
        case _:
            del service[path[0]]


def _of_stage(stages: Any, number: int, path: list[str | int]) -> None:  # noqa: ANN401
    stand_in = {"name": f"stage{number}", "backend": _URL}
    if not path:
        stages[number] = stand_in
    elif path[0] in stand_in:
        stages[number][path[0]] = stand_in[str(path[0])]
    else:
        del stages[number][path[0]]


def _of_method(methods: Any, method: str, path: list[str | int]) -> None:  # noqa: ANN401
    match path:
        case []:
            del methods[method]
        case ["backend", *_]:
            methods[method]["backend"] = _BACKEND
        case _:
            _take_out(methods[method], path)


def _take_out(part: Any, path: list[str | int]) -> None:  # noqa: ANN401
    """Take out one plugin, or a whole field."""
    if path[0] == "plugins" and len(path) > 1:
        del part["plugins"][path[1]]
    else:
        del part[path[0]]
