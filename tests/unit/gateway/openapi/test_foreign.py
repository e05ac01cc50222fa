"""Of somebody else's document everything is carried over or named in the comments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.errors import GatewayDefinitionError
from cce.gateway.definition.load import parse
from cce.gateway.openapi.load import definition_text

if TYPE_CHECKING:
    from cce.gateway.definition.model import Service

DOCS = Path(__file__).resolve().parents[4] / "docs"


def _imported(document: dict[str, Any], backend: str | None = None) -> tuple[Service, str]:
    text = definition_text(json.dumps(document).encode(), "d.json", backend)
    comments = "".join(line.removeprefix("# ") + "\n" for line in text.split("\n") if line.startswith("#"))
    return parse(text.encode(), "made.yaml").services[0], comments


def _paths(service: Service) -> dict[str, dict[str, str]]:
    return {
        path: {
            method: each.backend.http.path for method, each in resource.methods.items() if each.backend.http
        }
        for path, resource in service.resources.items()
    }


def test_the_document_of_this_projects_api_becomes_a_definition_that_is_right() -> None:
    document = json.loads((DOCS / "openapi.json").read_text("utf-8"))

    service, comments = _imported(document)

    methods = {path: {method.upper() for method in item} for path, item in document["paths"].items()}
    found = _paths(service)
    assert methods == {path: set(backends) for path, backends in found.items()}
    assert dict.fromkeys(("GET", "OPTIONS", "PUT"), "/srv/${request.path.srvid}") == found["/srv/{srvid}"]
    assert "List servers" == service.resources["/srv"].methods["GET"].name
    assert "GET /srv: not carried over: operationId, parameters, responses\n" in comments
    assert "the document: not carried over: components, security" in comments
    assert service.stages[0].backend.endswith(".amazonaws.com/v1")


def test_swagger_2_has_its_backend_in_three_parts() -> None:
    document = {
        "swagger": "2.0",
        "info": {"title": "pets", "version": "1"},
        "host": "pets.example",
        "basePath": "/v1",
        "schemes": ["https", "http"],
        "consumes": ["application/json"],
        "paths": {"/pets/{pet-id}": {"get": {"operationId": "pet", "responses": {}}, "parameters": []}},
    }

    service, comments = _imported(document)

    assert {"/pets/{pet_id}": {"GET": "/pets/${request.path.pet_id}"}} == _paths(service)
    assert [("", "https://pets.example/v1"), ("server2", "http://pets.example/v1")] == [
        (stage.name, stage.backend) for stage in service.stages
    ]
    assert "/pets/{pet-id}: {pet-id} is called {pet_id} here\n" in comments
    assert "/pets/{pet-id}: not carried over: parameters\n" in comments
    assert "the document: not carried over: consumes" in comments


def test_what_the_gateway_has_no_word_for_is_named() -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t" * 60, "description": "two\nlines", "contact": {}},
        "servers": [
            {"url": "/relative"},
            {"url": "https://{env}.b.example/", "variables": {"env": {"default": "dev"}}},
        ],
        "webhooks": {},
        "paths": {
            "/a/{x}": {"get": {"summary": "s" * 51, "description": "d" * 201, "tags": ["t"]}, "trace": {}},
            "/a/{y}/b": {"put": {"operationId": "op", "summary": "put b"}},
            "/a/": {"get": {}},
            "/a": {"get": {}},
            "/{id}.json": {"get": {}},
            "/c:run": {"post": {}},
            "d": {"get": {}},
            "/files/{proxy+}": {"x-amazon-apigateway-any-method": {}, "get": {}},
            "x-more": 1,
        },
    }

    service, comments = _imported(document)

    assert {
        "/a/{x}": {"GET": "/a/${request.path.x}"},
        "/a/{x}/b": {"PUT": "/a/${request.path.x}/b"},
        "/a": {"GET": "/a/"},
        "/files/{proxy+}": {"GET": "/files/${request.path.proxy+}"},
    } == _paths(service)
    assert ("t" * 50, "two lines", "https://dev.b.example") == (
        service.name, service.description, service.stages[0].backend,
    )  # fmt: skip
    for said in (
        f"info: title cut to 50 characters: {'t' * 60}",
        "info: not carried over: contact",
        "servers: /relative names no host, so it is no backend",
        "server https://{env}.b.example/: {env} is dev here, its default",
        "the document: not carried over: webhooks",
        f"GET /a/{{x}}: summary cut to 50 characters: {'s' * 51}",
        f"GET /a/{{x}}: description cut to 200 characters: {'d' * 201}",
        "GET /a/{x}: not carried over: tags",
        "/a/{x}: not carried over: trace",
        "/a/{y}/b: {y} is called {x} here",
        "PUT /a/{y}/b: not carried over: operationId",
        "/a: left out: it is the same resource as /a/",
        "/{id}.json: left out: the segment '{id}.json' is neither",
        "/c:run: left out: the segment 'c:run' is neither",
        "d: left out: a path begins with /",
        "/files/{proxy+}: not carried over: x-amazon-apigateway-any-method",
        "paths: not carried over: x-more",
    ):
        assert said in comments


def test_a_backend_that_is_given_takes_the_place_of_the_servers() -> None:
    document = {"openapi": "3.0.3", "servers": [{"url": "https://a.example"}], "paths": {"/a": {"get": {}}}}

    service, comments = _imported(document, "http://b.example")

    assert ["http://b.example"] == [stage.backend for stage in service.stages]
    assert "servers: not carried over: https://a.example (--stage-backend takes their place)" in comments


def test_without_a_server_there_is_no_stage_which_is_said() -> None:
    service, comments = _imported({"openapi": "3.0.3", "paths": {"/a": {"get": {}}}})

    assert () == service.stages
    assert "servers: none with a full URL, so there is no stage" in comments


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[]", "it is neither OpenAPI 3 nor Swagger 2.0"),
        (b'{"openapi": "4.0"}', "it is neither OpenAPI 3 nor Swagger 2.0"),
        (b'{"openapi": "3.0.3", "paths": {"/a b": {}}}', "it has no path that could be carried over"),
        (b"{", "this is no YAML"),
        (b'{"openapi": "3.0.3", "paths": {"/a": {"get": {"summary": "\\ud800"}}}}', "this is no YAML"),
        (b"[" * 100_000, "nested too deeply to be an OpenAPI document"),
    ],
)
def test_what_no_definition_can_be_made_of_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(GatewayDefinitionError) as caught:
        definition_text(body, "d.json")

    assert said in caught.value.problems[0]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["url", "get", "title", "a"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    info=JSON,
    servers=JSON,
    paths=st.dictionaries(st.sampled_from(["/a", "/{x}", "b", "x-a"]), JSON, max_size=3),
)
def test_a_document_with_anything_in_its_places_is_read_or_refused(
    info: Any, servers: Any, paths: Any
) -> None:
    document = {"openapi": "3.0.0", "info": info, "servers": servers, "paths": paths}

    assert all("no path that could be carried over" in problem for problem in _problems(document)[:1])


def _problems(document: dict[str, Any]) -> tuple[str, ...]:
    try:
        definition_text(json.dumps(document).encode(), "d.json")
    except GatewayDefinitionError as error:
        return error.problems
    return ()
