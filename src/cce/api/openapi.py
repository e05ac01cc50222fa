"""The OpenAPI document (3.1), made of the operations and their models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic.json_schema import models_json_schema

from cce import __version__
from cce.api.conditions import ANY, ANY_OR_TAGS, LONGEST
from cce.api.problems import MEDIA_TYPE, ProblemDetails
from cce.api.routes import OPERATIONS
from cce.api.statistics import SERVICE, STAGE
from cce.assessment import INSTANCE, SRVID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

    from cce.api.operations import Operation

_SRVID: Final = {
    "description": "`account/region/instance-id`, its slashes as they are or %2F; or a unique instance id.",
    "schema": {"type": "string", "pattern": rf"^(?:{SRVID.pattern}|{INSTANCE})$"},
    "examples": {
        "whole": {"value": "111111111111/ap-northeast-2/i-0123456789abcdef0"},
        "short": {"value": "i-0123456789abcdef0"},
    },
}

_PATH: Final[dict[str, dict[str, Any]]] = {
    "srvid": _SRVID,
    "assessment_id": {"schema": {"type": "string", "pattern": "^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}$"}},
    "service": {
        "description": "Id of a service's API.",
        "schema": {"type": "string", "pattern": SERVICE.pattern},
    },
    "stage": {
        "description": "Name of a stage; `-` for the default stage.",
        "schema": {"type": "string", "pattern": STAGE.pattern},
    },
}

_PROBLEMS: Final = {
    400: "A field is malformed; `errors` names it.",
    403: "No API key, a wrong one, or a caller from outside the endpoint.",
    404: "There is no such thing.",
    409: "The id means several servers (`candidates`), or the body names another server than the path.",
    412: "The record is not the one that the condition names.",
    413: "The body is too long.",
    428: "A write needs If-Match or If-None-Match.",
    429: "More requests than the usage plan allows.",
    500: "A defect.",
    503: "AWS did not answer; try again.",
}

#: The answer to OPTIONS. It needs no key: a browser sends none when it asks for a page.
_PREFLIGHT: Final[dict[str, Any]] = {
    "summary": "What may be done here, and from which web pages",
    "security": [],
    "responses": {
        "204": {
            "description": "`Allow`; to a page whose origin is admitted also `Access-Control-Allow-*`.",
            "headers": {
                "Allow": {"description": "The methods.", "schema": {"type": "string"}},
                "Access-Control-Allow-Origin": {"schema": {"type": "string"}},
                "Access-Control-Allow-Methods": {"schema": {"type": "string"}},
                "Access-Control-Allow-Headers": {"schema": {"type": "string"}},
                "Access-Control-Max-Age": {"schema": {"type": "string"}},
            },
        }
    },
}

#: What every operation may answer.
_ALWAYS: Final = (400, 403, 429, 500, 503)


def document() -> dict[str, Any]:
    """The whole document as JSON data."""
    models = [(model, _mode(model)) for model in _models()]
    _, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        path = paths.setdefault(operation.path, {})
        path[operation.method.lower()] = _operation(operation)
        path["options"] = _preflight(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "cce-fleet",
            "version": __version__,
            "description": "The private API: servers, verdicts, findings, assessments, gateway services.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [
            {
                "url": "https://{api}-{endpoint}.execute-api.{region}.amazonaws.com/v1",
                "description": "The Route 53 alias of the API at its endpoint; output ApiUrl of the stack.",
                "variables": {
                    "api": {"default": "a1b2c3d4e5"},
                    "endpoint": {"default": "vpce-0123456789abcdef0"},
                    "region": {"default": "ap-northeast-2"},
                },
            },
            {
                "url": "https://{name}/v1",
                "description": "The API's own name, where the stack has ApiDomainName; output ApiDomainUrl.",
                "variables": {"name": {"default": "cce.corp.example"}},
            },
        ],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas["$defs"].items())),
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-api-key"}},
        },
    }


def _mode(model: type[BaseModel]) -> Any:  # noqa: ANN401 - a literal of pydantic's
    read = {operation.body for operation in OPERATIONS}
    return "validation" if model in read else "serialization"


def _models() -> Iterable[type[BaseModel]]:
    found: list[type[BaseModel]] = [ProblemDetails]
    found += [m for operation in OPERATIONS for m in (operation.body, *operation.answers.values()) if m]
    return dict.fromkeys(found)


def _operation(operation: Operation) -> dict[str, Any]:
    made: dict[str, Any] = {"operationId": operation.name, "summary": operation.summary}
    if said := (operation.handle.__doc__ or "").strip():
        made["description"] = said
    if parameters := [*_path_parameters(operation), *_query_parameters(operation), *_headers(operation)]:
        made["parameters"] = parameters
    if operation.page:
        made["security"] = []
    if operation.body:
        made["requestBody"] = {"required": True, "content": _json(operation.body)}
    answers = {str(status): _answer(operation, status) for status in operation.answers}
    problems = {str(status): _problem(status) for status in sorted({*_ALWAYS, *operation.problems})}
    return made | {"responses": answers | problems}


def _preflight(operation: Operation) -> dict[str, Any]:
    # Of any text: what stands in the path is not looked at.
    parameters = [{**p, "schema": {"type": "string"}} for p in _path_parameters(operation)]
    answers = {str(status): _problem(status) for status in (404, 429, 500)}
    made = {**_PREFLIGHT, "responses": {**_PREFLIGHT["responses"], **answers}}
    return made | ({"parameters": parameters} if parameters else {})


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": _PROBLEMS[status],
        "content": {_media_type(status): {"schema": _reference(ProblemDetails)}},
    }


def _media_type(status: int) -> str:
    # API Gateway answers these itself, and under no other type.
    return "application/json" if status in {403, 429} else MEDIA_TYPE


def _answer(operation: Operation, status: int) -> dict[str, Any]:
    model = operation.answers[status]
    made: dict[str, Any] = {"description": (model.__doc__ or "").strip() if model else "Not changed."}
    if operation.answered:
        made["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in operation.answered.items()
        }
    if model:
        made["content"] = _json(model)
    elif operation.page:
        made |= {"description": "The page.", "content": {"text/html": {"schema": {"type": "string"}}}}
    return made


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": _reference(model)}}


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _path_parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    for name, parameter in _PATH.items():
        if f"{{{name}}}" in operation.path:
            yield {"name": name, "in": "path", "required": True, **parameter}


def _query_parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    schema = operation.query.model_json_schema()
    for name, given in schema.get("properties", {}).items():
        plain = {k: v for k, v in given.items() if k not in {"title", "default", "description", "anyOf"}}
        for alternative in given.get("anyOf", ()):  # a value or, left out, none
            if alternative.get("type") != "null":
                plain |= alternative
        if "$ref" in plain:
            plain = {"type": "string", "enum": schema["$defs"][plain["$ref"].rsplit("/", 1)[-1]]["enum"]}
        if given.get("default") is not None:
            plain["default"] = given["default"]
        described = {"description": given["description"]} if "description" in given else {}
        required = name in schema.get("required", ())
        yield {"name": name, "in": "query", "required": required, **described, "schema": plain}


def _headers(operation: Operation) -> Iterable[dict[str, Any]]:
    for name, text in operation.headers.items():
        yield {
            "name": name,
            "in": "header",
            "required": False,
            "description": text,
            "schema": {
                "type": "string",
                "maxLength": LONGEST,
                "pattern": ANY if operation.body and name == "If-None-Match" else ANY_OR_TAGS,
            },
        }
