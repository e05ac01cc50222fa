"""Who answers a method, and what API Gateway is told about it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator, validate

from cce.errors import CompileError
from cce.gateway.compiler import compile_stage
from cce.gateway.compiler.policy import LIMIT
from cce.gateway.definition.load import load
from cce.gateway.definition.model import Method
from cce.gateway.definition.stage import Stage
from cce.gateway.snapshot import Snapshot
from compiled import (
    SERVICE,
    TARGET,
    URL,
    compiled,
    custom,
    headers,
    http,
    integration,
    kind,
    mocked,
    snapshot,
)

EXAMPLE = Path(__file__).resolve().parents[3] / "docs/examples/gateway/members.yaml"
SIGNED = {"secret": "cce-gateway/members"}
CORS = {"allow_origins": ["https://a.example"], "expose_headers": ["x-request-id"]}


@pytest.mark.row("23", how="native")
@pytest.mark.parametrize(
    ("method", "stage"),
    [
        (http("/v2/${request.path.v}"), {}),
        (http("/", request_headers=headers(x_a="one two")), {}),
        (http("/", request_headers=headers(x_a="${request.path.v}")), {}),
        (http("/"), {"hmac": SIGNED | {"content_digest": False}}),
        (http("/"), {"hmac": SIGNED | {"enabled": False}}),
        (http("/"), {"blocking": {"failures": 2}}),
    ],
)
def test_api_gateway_does_alone_what_it_can(method: dict[str, Any], stage: dict[str, Any]) -> None:
    assert ("native", "API Gateway passes the request on by the VPC link") == kind(method, **stage)


@pytest.mark.row("24", how="native")
def test_custom_responses_are_mocks() -> None:
    assert "mock" == kind(custom(204))[0]
    assert "mock" == kind(custom(200, '{"v": "${request.path.v}"}'), name="DELETE")[0]


@pytest.mark.row("87", "155", "G1", "G2", how="relay")
@pytest.mark.parametrize(
    ("method", "name", "stage", "reason"),
    [
        (http("/", response_headers=headers(x_b="1")), "GET", {}, "it sets response headers (x-b)"),
        (http("/", request_headers=headers(x_a="id-${request.path.v}")), "GET", {}, "text around a variable"),
        (http("/", request_headers=headers(x_a="it's")), "GET", {}, "a single quote"),
        (http("/v2/x-${request.path.v}"), "GET", {}, "text around a variable within one segment"),
        (http("/"), "GET", {"blocking": {"every_method": True}}, "blocking of silent backends is asked for"),
        (custom(200, "{}"), "POST", {}, "by the Content-Type of the request's body"),
        (
            custom(200, "<p>${request.path.v}", headers={"Content-Type": "text/html"}),
            "GET",
            {},
            "cannot escape them for HTML",
        ),
        (
            custom(200, "<p>${request.path.v}")
            | {"plugins": {"response_headers": {"set": {"Content-Type": "text/html"}}}},
            "GET",
            {},
            "cannot escape them for HTML",
        ),
        (
            custom(200, "<p>${request.path.v}", headers={"Content-Type": "text/${request.path.v}"}),
            "GET",
            {},
            "its content type, which says how to escape them, has too",
        ),
        (custom(200, "x" * 310_000), "GET", {}, "longer than a template"),
        (custom(200, "", headers={"x!y": "${request.path.v}"}), "GET", {}, "cannot set the header x!y"),
    ],
)
def test_the_relay_does_the_rest_and_the_reason_is_said(
    method: dict[str, Any], name: str, stage: dict[str, Any], reason: str
) -> None:
    who, why = kind(method, name=name, **stage)

    assert ("relay", True) == (who, reason in why), why


@pytest.mark.row("G4", how="relay")
def test_a_body_is_compared_whatever_method_it_comes_with() -> None:
    methods = ("GET", "HEAD", "OPTIONS", "DELETE", "POST", "PUT", "PATCH")
    made = compiled({"/a": {"methods": {method: http() for method in methods}}}, hmac=SIGNED)

    assert dict.fromkeys(methods, "relay") == {choice.method: choice.kind for choice in made.choices}
    assert all("signed content-digest" in choice.reason for choice in made.choices)
    assert "mock" == kind(custom(204), name="DELETE", hmac=SIGNED)[0], "which reads no body"


def test_no_backend_is_called_from_outside_the_vpc() -> None:
    resources = {"/a": {"methods": {"GET": http()}}}
    (linked,) = compiled(resources).document["paths"]["/a"].values()
    (choice,) = compiled(resources, replace(TARGET, vpc_link="")).choices

    called = linked["x-amazon-apigateway-integration"]
    assert ("VPC_LINK", "a1b2c3") == (called["connectionType"], called["connectionId"])
    assert ("relay", True) == (choice.kind, "from outside the VPC" in choice.reason)


def test_a_backend_on_a_path_with_cors_is_relayed_and_its_preflight_is_not() -> None:
    made = compiled({"/a": {"plugins": {"cors": CORS}, "methods": {"GET": http(), "DELETE": custom()}}})

    assert {"GET": "relay", "DELETE": "mock", "OPTIONS": "mock"} == {c.method: c.kind for c in made.choices}
    assert (TARGET.relay,) == made.functions


@pytest.mark.row("15", "25", "26", "27", "103", how="native")
def test_the_uri_joins_backend_and_path_and_maps_its_variables() -> None:
    made = compiled(
        {"/a/{v}/{w+}": {"methods": {"GET": http("/x/${request.path.w+}/${request.path.v}")}}},
        backend="https://b.example:8443/base/",
    )
    found = integration(made, "/a/{v}/{w+}")

    assert "https://b.example:8443/base/x/{w}/{v}" == found["uri"]
    assert {
        "integration.request.path.v": "method.request.path.v",
        "integration.request.path.w": "method.request.path.w",
    } == found["requestParameters"]


@pytest.mark.row("15", "78", "82", how="native")
def test_request_headers_are_mapped() -> None:
    method = http("/", request_headers=headers(x_a="plain", x_b="${request.path.v}"))
    found = integration(compiled({"/a/{v}": {"methods": {"GET": method}}}), "/a/{v}")

    assert {
        "integration.request.header.x-a": "'plain'",
        "integration.request.header.x-b": "method.request.path.v",
    } == found["requestParameters"]


@pytest.mark.row("106", "108", "146", how="native")
def test_the_backend_url_is_compiled_into_the_deployment() -> None:
    override = {"method": "GET", "path": "/b", "backend": "https://other.example"}
    made = compiled({p: {"methods": {"GET": http("/x")}} for p in ("/a", "/b")}, overrides=[override])

    assert [f"{URL}/x", "https://other.example/x"] == [integration(made, p)["uri"] for p in ("/a", "/b")]


@pytest.mark.row("154", "G7", how="native")
def test_no_stage_waits_longer_than_api_gateway() -> None:
    resources = {"/a": {"methods": {"GET": http()}}}
    with pytest.raises(CompileError, match=r"timeout_seconds is 45, and API Gateway waits for 29 s"):
        compiled(resources, timeout_seconds=45)

    assert 1500 == integration(compiled(resources, timeout_seconds=1.5), "/a")["timeoutInMillis"]


@pytest.mark.row("36", how="native")
def test_a_tree_of_too_many_parts_is_refused() -> None:
    path = "".join(f"/a{n}" for n in range(40))
    resources = {f"/r{n}{path}": {"methods": {"GET": http()}} for n in range(8)}

    with pytest.raises(CompileError, match="329 parts of paths, and API Gateway takes 300"):
        compiled(resources)


@pytest.mark.row("125", how="native")
@pytest.mark.parametrize("place", ["env:SIGNING_SECRET", "file:/run/secrets/signing"])
def test_a_secret_that_only_the_local_server_reads_is_refused(place: str) -> None:
    resources = {"/a": {"methods": {"GET": custom()}}}
    with pytest.raises(CompileError, match=f"{place}, which only cce gateway serve reads"):
        compiled(resources, hmac={"secret": place})

    assert compiled(resources, hmac={"secret": place, "enabled": False}).functions == ()


@pytest.mark.row("20", how="native")
def test_api_gateway_is_told_every_method() -> None:
    methods = dict.fromkeys(get_args(Method), http())

    assert {name.lower() for name in methods} == compiled({"/a": {"methods": methods}}).document["paths"][
        "/a"
    ].keys()


@pytest.mark.row("21", "22", how="native")
def test_a_methods_name_and_description_are_those_of_the_operation() -> None:
    named = custom() | {"name": "회원 조회", "description": "One page."}
    document = compiled({"/a": {"methods": {"GET": named, "DELETE": custom()}}}).document
    operations = document["paths"]["/a"]
    why = "mock: the definition states the whole answer"

    assert ("회원 조회", f"One page.\n{why}") == (
        operations["get"]["summary"],
        operations["get"]["description"],
    )
    assert (None, why) == (operations["delete"].get("summary"), operations["delete"]["description"])


def test_functions_are_those_of_the_stack_and_answer_by_themselves() -> None:
    function = {"backend": {"function": "ApiFunction"}}
    assert "function" == kind(function)[0]
    with pytest.raises(CompileError, match="the stack has no function Other; it has: ApiFunction"):
        kind({"backend": {"function": "Other"}})
    with pytest.raises(CompileError, match="no plugin changes their headers"):
        kind(function | {"plugins": {"request_headers": headers(x_a="1")}})


@pytest.mark.row("G4", how="definition")
@pytest.mark.parametrize("name", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_function_gets_no_body_that_nobody_compared(name: str) -> None:
    function = {"backend": {"function": "ApiFunction"}}
    with pytest.raises(CompileError, match=f"the body of a {name} as it came; write content_digest: false"):
        kind(function, name=name, hmac=SIGNED)

    assert "function" == kind(function, name=name, hmac=SIGNED | {"content_digest": False})[0]
    for bodiless in ("GET", "HEAD", "OPTIONS"):
        who, why = kind(function, name=bodiless, hmac=SIGNED)
        assert ("function", True) == (who, f"the body of a {bodiless} with content-digest" in why)


# ---------------------------------------------------------------- what guards the API


@pytest.mark.row("124", "136", "74", how="authorizer")
def test_every_method_but_preflights_asks_the_authorizer_which_caches_nothing() -> None:
    resources = {
        "/a": {"plugins": {"cors": CORS}, "methods": {"GET": http()}},
        "/b": {"methods": {"GET": custom()}},
    }
    document = compiled(resources, hmac=SIGNED).document
    scheme = document["components"]["securitySchemes"]["signature"]["x-amazon-apigateway-authorizer"]

    assert (0, None) == (scheme["authorizerResultTtlInSeconds"], scheme.get("identitySource"))
    assert [[{"signature": []}], [], [{"signature": []}]] == [
        document["paths"][path][method]["security"]
        for path, method in (("/a", "get"), ("/a", "options"), ("/b", "get"))
    ]
    assert {} == compiled(resources).document["components"]["securitySchemes"]


@pytest.mark.row("116", "117", "118", how="native")
@pytest.mark.parametrize(("mode", "operator"), [("allow", "NotIpAddress"), ("deny", "IpAddress")])
def test_the_policy_holds_the_endpoint_and_the_addresses_of_the_stage(mode: str, operator: str) -> None:
    acl = {"mode": mode, "entries": ["10.111.0.1/16"]}
    made = compiled({"/a": {"methods": {"GET": http()}}}, name="dev", ip_acl=acl)
    allow, endpoint, addresses = made.document["x-amazon-apigateway-policy"]["Statement"]

    assert ("Allow", "Deny", "Deny") == (allow["Effect"], endpoint["Effect"], addresses["Effect"])
    assert {"StringNotEquals": {"aws:SourceVpce": ["vpce-0123456789abcdef0"]}} == endpoint["Condition"]
    assert {operator: {"aws:VpcSourceIp": ["10.111.0.0/16"]}} == addresses["Condition"]
    assert "execute-api:/dev/*" == addresses["Resource"]
    assert "policy" == made.acl_in


@pytest.mark.row("121", "G9", how="authorizer")
def test_what_does_not_fit_into_the_policy_is_left_to_the_authorizer() -> None:
    entries = [f"203.111.{100 + n}.128/27" for n in range(100)]
    acl = {"mode": "allow", "entries": entries}
    others = tuple(
        Stage.model_validate(
            {"name": f"s{n}", "backend": URL, "ip_acl": {"mode": "deny", "entries": entries}}
        )
        for n in range(3)
    )
    fits = compiled({"/a": {"methods": {"GET": http()}}}, neighbours=others[:2], ip_acl=acl)
    made = compiled({"/a": {"methods": {"GET": http()}}}, neighbours=others, ip_acl=acl)
    policy = json.dumps(made.document["x-amazon-apigateway-policy"], separators=(",", ":"))

    assert ("policy", "authorizer") == (fits.acl_in, made.acl_in)
    assert len(policy) <= LIMIT
    assert all(f"execute-api:/s{n}/*" in policy for n in range(3))
    assert [{"signature": []}] == made.document["paths"]["/a"]["get"]["security"]
    assert any("the authorizer looks at addresses" in note for note in made.notes)


# ---------------------------------------------------------------- refusals


@pytest.mark.row(
    "18",
    "35",
    "129",
    "152",
    "154",
    "4031007",
    "4041007",
    "4131000",
    "5020001",
    "5040001",
    "G13",
    how="native",
)
def test_api_gateways_own_refusals_speak_as_the_gateway_does() -> None:
    responses = compiled({"/a": {"methods": {"GET": http()}}}).document[
        "x-amazon-apigateway-gateway-responses"
    ]
    codes = {
        name: (
            response["statusCode"],
            json.loads(response["responseTemplates"]["application/json"])["header"]["resultCode"],
        )
        for name, response in responses.items()
        if "statusCode" in response
    }

    assert {
        "ACCESS_DENIED": (403, 4031007),
        "INTEGRATION_FAILURE": (502, 5020001),
        "INTEGRATION_TIMEOUT": (504, 5040001),
        "MISSING_AUTHENTICATION_TOKEN": (404, 4041007),
        "REQUEST_TOO_LARGE": (413, 4131000),
        "RESOURCE_NOT_FOUND": (404, 4041007),
        "UNAUTHORIZED": (401, 4011008),
    } == codes
    assert {"context.requestId"} == {
        r["responseParameters"]["gatewayresponse.header.x-request-id"] for r in responses.values()
    }


@pytest.mark.row("68", how="native")
def test_pages_read_refusals_too_unless_several_origins_may_send_credentials() -> None:
    def made(*origins: list[str], credentials: bool = False) -> tuple[str | None, tuple[str, ...]]:
        cors = CORS | {"allow_credentials": credentials}
        resources = {
            f"/p{n}": {"plugins": {"cors": cors | {"allow_origins": each}}, "methods": {"GET": custom()}}
            for n, each in enumerate(origins)
        }
        found = compiled(resources)
        refusal = found.document["x-amazon-apigateway-gateway-responses"]["DEFAULT_5XX"]["responseParameters"]
        return refusal.get("gatewayresponse.header.access-control-allow-origin"), found.notes

    assert ("'https://a.example'", ()) == made(["https://a.example"], ["https://a.example"])
    for several in (
        [["https://a.example", "https://b.example"]],
        [["https://a.example"], ["https://b.example"]],
    ):
        origin, notes = made(*several)
        assert ("'*'", True) == (origin, notes[0].startswith("pages of every origin can read the refusals"))
        origin, notes = made(*several, credentials=True)
        assert (None, True) == (origin, "cannot read the refusals" in notes[0])
    assert ("'https://a.example'", ()) == made(["https://a.example"], credentials=True)


@pytest.mark.row("35", how="native")
def test_a_path_answers_404_itself_where_a_wider_one_would_take_its_other_methods() -> None:
    made = compiled({p: {"methods": {"GET": http()}} for p in ("/a/b", "/a", "/b", "/a/{w+}")})
    guarded = [p for p, item in made.document["paths"].items() if "x-amazon-apigateway-any-method" in item]
    answer = mocked(made, "/a/b", "x-amazon-apigateway-any-method")

    assert ["/a/b"] == guarded
    assert (404, 4041007) == (answer.status, json.loads(answer.body)["header"]["resultCode"])


# ---------------------------------------------------------------- the whole document


def _example() -> list[Snapshot]:
    (service,) = load(EXAMPLE.read_bytes(), "members.yaml").definition.services
    return [Snapshot(service=SERVICE, resources=service.resources, stage=stage) for stage in service.stages]


@pytest.mark.parametrize("each", _example(), ids=lambda each: each.stage.name or "default")
def test_the_example_compiles_to_a_valid_document(each: Snapshot) -> None:
    made = compile_stage(each, TARGET)

    # OpenAPI knows no {v+}; API Gateway does, and names its parameter without the plus.
    validate(json.loads(made.text().replace("+}", "}")), cls=OpenAPIV30SpecValidator)
    native = set() if each.stage.hmac else {"native"}  # a signed stage has its bodies compared
    assert native | {"relay", "mock", "function"} == {choice.kind for choice in made.choices}
    assert bool(native) is any("http://10.111.3.4:10080" in note for note in made.notes)
    assert made.text() == compile_stage(each, TARGET).text()


@pytest.mark.row("159", how="native")
def test_the_api_is_called_by_its_id_because_metrics_lose_korean_names() -> None:
    assert SERVICE == compiled({"/a": {"methods": {"GET": http()}}}).document["info"]["title"]
    assert ["*/*"] == compiled({"/a": {"methods": {"GET": http()}}}).document[
        "x-amazon-apigateway-binary-media-types"
    ]
    assert SERVICE == snapshot({"/a": {"methods": {"GET": http()}}}).service
