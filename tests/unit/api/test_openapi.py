"""docs/openapi.json is what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate

from api_world import ApiWorld, asset, server
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


def test_the_document_is_openapi() -> None:
    validate(document())


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


@pytest.mark.parametrize(
    ("body", "taken"),
    [
        ({}, True),
        ({"excluded": False}, True),
        ({"excluded": True, "excluded_reason": "교체 예정"}, True),
        ({"excluded": True}, False),
        ({"excluded": True, "excluded_reason": "  "}, False),
        ({"ip": "10.111.0.20"}, True),
        ({"ip": "fd00::20"}, True),
        ({"ip": "10.111.0.300"}, False),
        ({"ip": "20"}, False),
    ],
)
def test_the_document_takes_the_records_that_the_api_takes(body: dict[str, Any], *, taken: bool) -> None:
    schema = document()["components"]["schemas"]["AssetChange"]
    world = ApiWorld()
    given = {"path": {"srvid": server(1).srvid}, "headers": {"if-none-match": "*"}}

    fits = Draft202012Validator(schema, format_checker=FormatChecker()).is_valid(body)
    assert (taken, 201 if taken else 400) == (fits, world.ask("putServer", body=body, **given).status)


@pytest.mark.parametrize(
    ("srvid", "status"),
    [
        ("111111111111/ap-northeast-2/i-0a1b2c3d4e5f60718", 404),
        ("i-0a1b2c3d4e5f60718", 404),
        ("111111111111/i-0a1b2c3d4e5f60718", 400),
        ("web-1", 400),
        ("", 400),
    ],
)
def test_the_document_takes_the_ids_that_the_api_takes(srvid: str, status: int) -> None:
    (parameter,) = [
        p for p in document()["paths"]["/srv/{srvid}"]["get"]["parameters"] if p["name"] == "srvid"
    ]

    assert status == ApiWorld().ask("getServer", path={"srvid": srvid}).status
    assert (status == 404) is bool(re.search(parameter["schema"]["pattern"], srvid))


@pytest.mark.parametrize(
    ("operation", "header", "value", "taken"),
    [
        ("getServer", "If-None-Match", "*", True),
        ("getServer", "If-None-Match", '"0a1b", W/"2c"', True),
        ("getServer", "If-None-Match", "0a1b", False),
        ("putServer", "If-Match", '"0a1b"', True),
        ("putServer", "If-Match", "", False),
        ("putServer", "If-None-Match", "*", True),
        ("putServer", "If-None-Match", '"0a1b"', False),
    ],
)
def test_the_document_takes_the_conditions_that_the_api_takes(
    operation: str, header: str, value: str, *, taken: bool
) -> None:
    methods = document()["paths"]["/srv/{srvid}"].values()
    (described,) = [m for m in methods if m.get("operationId") == operation]
    (pattern,) = [p["schema"]["pattern"] for p in described["parameters"] if p["name"] == header]
    given = {"path": {"srvid": server(1).srvid}, "headers": {header.lower(): value}}
    status = ApiWorld().with_assets(asset(1)).ask(operation, body={}, **given).status

    assert (taken, taken) == (bool(re.search(pattern, value)), status != 400)


def test_names_of_operations_are_unique() -> None:
    assert len(OPERATIONS) == len({operation.name for operation in OPERATIONS})
