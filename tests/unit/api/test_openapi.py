"""docs/openapi.json is what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from cce.api.openapi import document
from cce.api.routes import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[3]


def _nodes(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)


def test_the_document_that_is_checked_in_is_that_of_the_code() -> None:
    kept = json.loads((ROOT / "docs/openapi.json").read_text("utf-8"))

    assert document() == kept, "run make openapi"


def test_every_reference_leads_somewhere() -> None:
    references = {node["$ref"] for node in _nodes(document()) if "$ref" in node}

    assert {f"#/components/schemas/{name}" for name in document()["components"]["schemas"]} >= references


def test_every_schema_is_one() -> None:
    for schema in document()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.name)
def test_every_variable_of_a_path_is_described(operation: Any) -> None:
    described = document()["paths"][operation.path][operation.method.lower()]

    variables = set(re.findall(r"\{(\w+)\}", operation.path))
    assert variables == {p["name"] for p in described.get("parameters", ()) if p["in"] == "path"}


def test_names_of_operations_are_unique() -> None:
    assert len(OPERATIONS) == len({operation.name for operation in OPERATIONS})
