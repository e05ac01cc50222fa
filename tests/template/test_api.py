"""The private API after SAM's transform: private, keyed, logged, and what the code serves."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from cce.api.problems import ProblemDetails
from cce.api.routes import OPERATIONS
from policies import resolver
from templates import hub, load, resources, text_of

TEMPLATE = hub()
ENDPOINT = {"Fn::If": ["HasApiEndpoint", {"Ref": "ApiEndpoint"}, {"Ref": "ApiEndpointId"}]}


def _plain(value: Any) -> Any:
    """What is there when the API is there: SAM wraps a conditional function's part in Fn::If."""
    while isinstance(value, dict) and value.keys() == {"Fn::If"} and value["Fn::If"][0] == "HasApi":
        value = value["Fn::If"][1]
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


API = resources(TEMPLATE, "AWS::ApiGateway::RestApi")["Api"]
BODY = _plain(API["Body"])
METHODS = {
    (method.upper(), path): m for path, methods in BODY["paths"].items() for method, m in methods.items()
}
ANSWERS = BODY["x-amazon-apigateway-gateway-responses"]
STAGE = resources(TEMPLATE, "AWS::ApiGateway::Stage")["Apiv1Stage"]


def test_the_gateway_has_the_operations_of_the_code_their_preflights_and_no_other() -> None:
    of_code = {(operation.method, path) for operation in OPERATIONS for path in operation.paths}

    assert of_code | {("OPTIONS", path) for _, path in of_code} == METHODS.keys()


@pytest.mark.row("T3", how="template")
@pytest.mark.parametrize(("method", "path"), METHODS, ids=map(str, METHODS))
def test_every_method_but_pages_and_preflights_wants_the_key_and_all_lead_to_the_function(
    method: str, path: str
) -> None:
    free = method == "OPTIONS" or any(o.page for o in OPERATIONS if method == o.method and path in o.paths)
    described = METHODS[method, path]

    assert ([] if free else [{"api_key": []}]) == described.get("security", [])
    assert "ApiFunction.Arn" in text_of(described["x-amazon-apigateway-integration"]["uri"])


def test_one_page_alone_needs_no_key() -> None:
    assert ["/gateway/dashboard"] == [operation.path for operation in OPERATIONS if operation.page]


@pytest.mark.row("T29", "T30", how="template")
def test_the_api_is_private_and_associated_with_its_endpoint() -> None:
    assert {"Types": ["PRIVATE"], "VpcEndpointIds": [ENDPOINT]} == API["EndpointConfiguration"]


@pytest.mark.row("T33", how="template")
def test_the_api_admits_its_endpoint_alone() -> None:
    statements = BODY["x-amazon-apigateway-policy"]["Statement"]
    (denied,) = [s for s in statements if s["Effect"] == "Deny"]

    # SAM writes the value of a parameter into the body: here the default, an endpoint of the stack's own
    own = {"Fn::If": ["HasApiEndpoint", {"Ref": "ApiEndpoint"}, ""]}
    assert {"StringNotEquals": {"aws:SourceVpce": own}} == denied["Condition"]
    assert ["execute-api:/*", "*"] == [denied["Resource"], denied["Principal"]]
    assert {"execute-api:Invoke"} == {s["Action"] for s in statements}


def test_the_endpoint_leads_to_apis_of_this_account_only() -> None:
    endpoint = resources(TEMPLATE, "AWS::EC2::VPCEndpoint")["ApiEndpoint"]

    assert "execute-api" in text_of(endpoint["ServiceName"])
    (statement,) = endpoint["PolicyDocument"]["Statement"]
    assert "${AWS::AccountId}" in text_of(statement["Resource"])


def test_calls_are_limited_and_logged_without_the_key() -> None:
    plan = resources(TEMPLATE, "AWS::ApiGateway::UsagePlan")["ApiUsagePlan"]
    log = json.loads(STAGE["AccessLogSetting"]["Format"])

    assert {"RateLimit", "BurstLimit"} == plan["Throttle"].keys()
    assert [{"Ref": "ApiRequestsPerSecond"}] * 2 == [
        STAGE["MethodSettings"][0][f"Throttling{kind}Limit"] for kind in ("Rate", "Burst")
    ]
    assert "$context.identity.apiKeyId" == log["key"]
    assert 'identity.apiKey"' not in text_of(STAGE)
    assert "ApiLogAccount" == TEMPLATE["Resources"]["Api"]["DependsOn"]


def test_what_the_gateway_answers_itself_are_problems() -> None:
    answers = {name: a for name, a in ANSWERS.items() if not name.startswith("DEFAULT_")}
    found = {
        name: ProblemDetails.model_validate_json(a["responseTemplates"]["application/json"])
        for name, a in answers.items()
    }

    assert {n: int(a["statusCode"]) for n, a in answers.items()} == {n: p.status for n, p in found.items()}
    assert (403, 404) == (found["INVALID_API_KEY"].status, found["MISSING_AUTHENTICATION_TOKEN"].status)


@pytest.mark.parametrize(
    ("origins", "headers"),
    [("", {}), ("https://console.example", {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"})],
)
def test_a_page_reads_what_the_gateway_answers_itself_once_an_origin_is_named(
    origins: str, headers: dict[str, str]
) -> None:
    values = resolver(TEMPLATE, {"ApiCorsOrigins": origins})

    assert {"DEFAULT_4XX", "DEFAULT_5XX"} < ANSWERS.keys()
    assert [headers] * len(ANSWERS) == [values.resolve(a["responseParameters"]) for a in ANSWERS.values()]


@pytest.mark.parametrize(
    ("origin", "taken"),
    [
        ("", True),
        ("*", True),
        ("https://console.bank.example", True),
        ("http://10.111.0.10:8080", True),
        ("https://console.example/", False),
        ("https://console.example/page", False),
        ("https://Console.example", False),
        ("https://*.example", False),
        ("console.example", False),
        ("null", False),
    ],
)
def test_only_what_browsers_send_is_an_origin(origin: str, *, taken: bool) -> None:
    parameter = load("template.yaml")["Parameters"]["ApiCorsOrigins"]

    assert taken is bool(re.fullmatch(parameter["AllowedPattern"], origin))


@pytest.mark.row("T16", how="template")
def test_a_policy_or_parameter_that_changes_is_deployed() -> None:
    assert load("template.yaml")["Resources"]["Api"]["Properties"]["AlwaysDeploy"] is True


def test_without_a_key_there_is_no_api_and_discover_asks_nobody() -> None:
    unconditional = [
        name
        for name, resource in TEMPLATE["Resources"].items()
        if resource["Type"].startswith("AWS::ApiGateway::")
        and resource.get("Condition") not in {"HasApi", "HasApiLogRole", "HasApiDomain"}
    ]
    variables = resources(TEMPLATE, "AWS::Lambda::Function")["DiscoverFunction"]["Environment"]["Variables"]

    assert [] == unconditional
    assert "" == variables["INVENTORY_URL"]["Fn::If"][2]["Fn::If"][2]
    assert "https://${Api}-${Endpoint}.execute-api" in text_of(variables["INVENTORY_URL"])


def test_keys_are_no_echo() -> None:
    parameters = load("template.yaml")["Parameters"]

    assert all(parameters[name]["NoEcho"] for name in ("ApiKey", "InventoryKey"))


def test_the_function_may_write_the_inventory_and_nothing_else_that_is_stored() -> None:
    role = resources(TEMPLATE, "AWS::IAM::Role")["ApiFunctionRole"]
    policies = resolver(TEMPLATE, {}).resolve(role["Policies"])
    statements = [s for p in policies for s in p["PolicyDocument"]["Statement"]]
    writing = [s for s in statements if re.search(r"Put|Update|Delete|BatchWrite", text_of(s["Action"]))]

    assert ["KeepInventory"] == [s["Sid"] for s in writing]
    assert writing[0]["Resource"].endswith(":table/cce-fleet-InventoryTable-EXAMPLE")


def test_the_permissions_of_all_methods_fit_into_the_functions_policy() -> None:
    """SAM makes one of each event, Lambda takes 20 KB of them (Lambda developer guide, quotas)."""
    of_methods = [
        (name, each["Properties"])
        for name, each in TEMPLATE["Resources"].items()
        if each["Type"] == "AWS::Lambda::Permission" and name.startswith("ApiFunction")
    ]
    statements = [
        {
            "Sid": f"{'s' * 32}-{name}-ABCDEFGHIJKL",
            "Effect": "Allow",
            "Principal": {"Service": properties["Principal"]},
            "Action": properties["Action"],
            "Resource": f"arn:aws:lambda:ap-northeast-2:111111111111:function:{'f' * 64}",
            "Condition": {"ArnLike": {"AWS:SourceArn": json.dumps(properties["SourceArn"])}},
        }
        for name, properties in of_methods
    ]

    assert len(METHODS) == len(of_methods)
    assert 20_480 > len(json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": statements}))
