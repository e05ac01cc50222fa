"""A service written as OpenAPI and read back is the same service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from cce.errors import GatewayDefinitionError
from cce.gateway.definition.load import KIND, parse
from cce.gateway.definition.mended import validate
from cce.gateway.openapi.export import to_openapi
from cce.gateway.openapi.load import definition_text
from cce.yaml_file import read_yaml
from gateway_definitions import service_of, services

if TYPE_CHECKING:
    from cce.gateway.definition.model import Service

EXAMPLE = Path(__file__).resolve().parents[4] / "docs/examples/gateway/members.yaml"


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(service=services())
def test_nothing_of_a_service_is_lost(service: Service) -> None:
    document = json.dumps(to_openapi(service))

    text = definition_text(document.encode(), "openapi.json")

    assert (service,) == validate(read_yaml(text.encode(), "f", KIND).value).services


@pytest.mark.parametrize(
    "text", ["\x85", "a\u2028b", "\ufeff", "\x07", "\U00010000", "off", " a", "a\n\n b\n", "2026-11-22"]
)
def test_a_text_that_yaml_would_read_otherwise_stays_as_it_is(text: str) -> None:
    service = service_of({"name": "a", "description": text, "resources": {"/a": {}}})

    made = definition_text(json.dumps(to_openapi(service)).encode(), "e.json")

    assert text == parse(made.encode(), "f").services[0].description


def test_the_example_is_the_same_after_export_and_import() -> None:
    definition = parse(EXAMPLE.read_bytes(), EXAMPLE.name)

    document = to_openapi(definition.services[0])

    assert definition == parse(definition_text(json.dumps(document).encode(), "e.json").encode(), "f")


def test_the_document_is_plain_openapi() -> None:
    document = to_openapi(parse(EXAMPLE.read_bytes(), EXAMPLE.name).services[0])

    assert ("3.0.3", "members", "1") == (
        document["openapi"],
        document["info"]["title"],
        document["info"]["version"],
    )
    for path, item in document["paths"].items():
        declared = {parameter["name"] for parameter in item.get("parameters", ())}
        assert declared == {part[1:-1] for part in path.split("/") if part.startswith("{")}
        operations = [item[key] for key in item if key in {"get", "post", "delete", "head"}]
        assert all(operation["responses"] for operation in operations)
    assert ["/files/{file}", "/members", "/members/{memberId}", "/reports", "/status"] == list(
        document["paths"]
    )


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("x-gw-definition", 2, "gateway: write 1, the version"),
        (
            "x-gw-stages",
            [{"name": "Dev", "backend": "http://b.example"}],
            "services.0.stages.0.name: a stage's name",
        ),
        ("paths", {"/a": {"get": {}}}, "but not as cce gateway export writes it (KeyError('x-gw-backend'))"),
        ("info", 1, "but not as cce gateway export writes it"),
    ],
)
def test_a_document_of_ours_that_was_changed_wrongly_is_refused(key: str, value: object, said: str) -> None:
    document = to_openapi(parse(EXAMPLE.read_bytes(), EXAMPLE.name).services[0]) | {key: value}

    with pytest.raises(GatewayDefinitionError) as caught:
        definition_text(json.dumps(document).encode(), "e.json")

    assert said in caught.value.problems[0]
