"""The schema for editors is that of the model, and takes and refuses what the loader does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cce.gateway.definition.load import KIND
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
    own = {name: part for name, part in schema()["$defs"].items() if name != "Hmac"}  # described as a whole
    undescribed = [
        f"{name}.{key}"
        for name, part in own.items()
        for key, value in part.get("properties", {}).items()
        if "description" not in value
    ]

    assert [] == undescribed


SERVICE: dict[str, Any] = {"name": "a", "resources": {"/a": {}}}


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"gateway": 2, "services": [SERVICE]},
        {"gateway": 1, "services": []},
        {"gateway": 1, "services": [SERVICE] * 11},
        {"gateway": 1, "services": [SERVICE | {"nam": 1}]},
        {"gateway": 1, "services": [SERVICE | {"stages": [{"name": "Dev", "backend": "http://b.example"}]}]},
        {
            "gateway": 1,
            "services": [SERVICE | {"resources": {"/a": {"methods": {"TRACE": {"backend": {}}}}}}],
        },
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(wrong: dict[str, Any]) -> None:
    assert list(jsonschema.Draft202012Validator(schema()).iter_errors(wrong))
