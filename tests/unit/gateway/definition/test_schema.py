"""The schema for editors is that of the model, and takes and refuses what the loader does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

from cce.errors import GatewayDefinitionError
from cce.gateway.definition.load import KIND, load
from cce.gateway.definition.model import Method
from cce.gateway.definition.schema import schema
from cce.yaml_file import read_yaml

DOCS = Path(__file__).resolve().parents[4] / "docs"
EXAMPLE = DOCS / "examples/gateway/members.yaml"


def test_the_schema_in_the_documentation_is_that_of_the_model() -> None:
    """To make it again: ``make gateway-schema``."""
    assert json.loads((DOCS / "gateway.schema.json").read_text("utf-8")) == schema()


def test_the_schema_accepts_the_example_which_names_it() -> None:
    document = read_yaml(EXAMPLE.read_bytes(), EXAMPLE.name, KIND)

    jsonschema.Draft202012Validator.check_schema(schema())
    assert [] == list(jsonschema.Draft202012Validator(schema()).iter_errors(document.value))
    assert (
        "# yaml-language-server: $schema=../../gateway.schema.json"
        == EXAMPLE.read_text("utf-8").split("\n")[0]
    )


def test_the_example_says_everything_that_a_definition_can_say() -> None:
    text = EXAMPLE.read_text("utf-8")
    keys = {key for part in (schema(), *schema()["$defs"].values()) for key in part.get("properties", {})}
    beyond = {"allow_sha1", "content_digest", "replay"}  # every default of signing is the safe one

    assert [] == sorted(key for key in keys - beyond if f"{key}:" not in text)


def test_every_key_is_described() -> None:
    undescribed = [
        f"{name}.{key}"
        for name, part in schema()["$defs"].items()
        for key, value in part.get("properties", {}).items()
        if "description" not in value
    ]

    assert [] == undescribed


METHOD: dict[str, Any] = {"backend": {"custom": {"status": 200}}}
SERVICE: dict[str, Any] = {"name": "a", "resources": {"/a": {"methods": {"GET": METHOD}}}}
STAGE: dict[str, Any] = {"backend": "http://b.example"}


def _with(**changes: Any) -> dict[str, Any]:
    return {"gateway": 1, "services": [SERVICE | changes]}


def _path(path: str = "/a", **what: Any) -> dict[str, Any]:
    return _with(resources={path: what})


def _stage(**changes: Any) -> dict[str, Any]:
    return _with(stages=[STAGE | changes])


def _refused(value: dict[str, Any]) -> tuple[bool, bool]:
    """Whether the schema refuses it, and whether the loader does."""
    try:
        load(json.dumps(value, ensure_ascii=False).encode(), "f")
    except GatewayDefinitionError:
        told = True
    else:
        told = False
    return bool(list(jsonschema.Draft202012Validator(schema()).iter_errors(value))), told


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"gateway": 2, "services": [SERVICE]},
        {"gateway": 1, "services": []},
        {"gateway": 1, "services": [SERVICE | {"name": str(n)} for n in range(11)]},
        _with(nam=1),
        _with(stages=[STAGE | {"name": str(n)} for n in range(11)]),
        _stage(name="Dev"),
        _stage(backend="b.example"),
        _stage(backend="http://b.example/" + "p" * 150),
        _stage(hmac={"secret": "gateway/a", "window_seconds": 86_401}),
        _stage(hmac={"window_seconds": 1}),
        _path("a"),
        _path(methods={"TRACE": METHOD}),
        _path(methods={"GET": {"backend": {}}}),
        _path(methods={"GET": {"backend": {"http": {"path": "/a"}, "custom": {"status": 200}}}}),
        _path(methods={"GET": {"backend": {"http": {"path": "a"}}}}),
        _path(methods={"GET": {"backend": {"custom": {"status": 200, "headers": {"a b": "c"}}}}}),
        _path(plugins={"request_headers": {"set": {"x-a": ""}}}),
        _path(plugins={"cors": {"allow_origins": ["*"], "allow_methods": ["*"]}}),
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(wrong: dict[str, Any]) -> None:
    assert (True, True) == _refused(wrong)


@pytest.mark.parametrize(
    "right",
    [
        _stage(hmac={"secret": "gateway/a", "mandatory_headers": "host, x-nhn-client-id"}),
        _stage(hmac={"secret": "env:A", "window_seconds": 0, "mandatory_headers": []}),
        _stage(ip_acl={"mode": "deny", "entries": "10.0.0.1\n::1/128 # this one"}),
        _stage(backend="http://b.example:8080/a", timeout_seconds=1.5),
        _path("/{a+}/", methods=dict.fromkeys(get_args(Method), METHOD)),
        _path("/", plugins={"cors": {"allow_origins": ["*"], "allow_methods": list(get_args(Method))}}),
        _path(methods={"GET": {"backend": {"http": {"path": "/"}}}}),
        _path(plugins={"response_headers": {"set": {"x-a_b!": "a b"}}}),
    ],
)
def test_the_schema_raises_no_false_alarm(right: dict[str, Any]) -> None:
    assert (False, False) == _refused(right)
