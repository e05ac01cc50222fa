"""The gateway's part of the stack: off unless asked for, and each function may do what it does, no more."""

from __future__ import annotations

from typing import Any, Final

import pytest

from policies import resolver
from templates import hub, load, resources, text_of

ON: Final = {"ApiKey": "k" * 20, "Gateway": "on"}
TABLES: Final = resources(hub(), "AWS::DynamoDB::Table")
PARTS: Final = [
    name
    for name, resource in hub()["Resources"].items()
    if str(resource.get("Condition", "")).startswith("HasGateway")
]


def _may(role: str) -> dict[str, Any]:
    policies = resources(hub(), "AWS::IAM::Role")[role]["Policies"]
    statements = resolver(hub(), ON).resolve(
        [s for policy in policies for s in policy["PolicyDocument"]["Statement"]]
    )
    return {s["Sid"]: (s["Action"], str(s["Resource"]).rsplit(":", 1)[-1]) for s in statements}


def test_it_is_off_unless_asked_for() -> None:
    assert {
        "RelayFunction",
        "AuthorizerFunction",
        "GatewayBookTable",
        "TroublesTable",
        "ReplaysTable",
    } <= set(PARTS)
    assert "off" == hub()["Parameters"]["Gateway"]["Default"]
    for given, on in (({}, False), ({"Gateway": "on"}, False), ({"ApiKey": "k" * 20}, False), (ON, True)):
        assert on is resolver(hub(), given).holds("HasGateway")


@pytest.mark.row("125", how="authorizer")
def test_the_functions_read_snapshots_and_no_other_data() -> None:
    relay, authorizer = _may("RelayFunctionRole"), _may("AuthorizerFunctionRole")

    for role in (relay, authorizer):
        action, resource = role["ReadSnapshots"]
        assert ("s3:GetObject", True) == (action, resource.endswith("/gateway/snapshots/*"))
    assert {"ReadSnapshots", "RememberTroubles", "UseDataKey"} == relay.keys()
    assert {"ReadSnapshots", "ReadSecrets", "RememberSignatures", "UseDataKey"} == authorizer.keys()
    assert ("secretsmanager:GetSecretValue", "cce-gateway/*") == authorizer["ReadSecrets"]


def test_the_private_api_reads_the_book_where_there_is_one() -> None:
    api = resources(hub(), "AWS::Lambda::Function")["ApiFunction"]["Environment"]["Variables"]
    without = resolver(hub(), {"ApiKey": "k" * 20})

    assert ("dynamodb:Query", True) == (
        _may("ApiFunctionRole")["ReadTheBook"][0],
        "GatewayBookTable" in _may("ApiFunctionRole")["ReadTheBook"][1],
    )
    assert "GatewayBookTable" in str(resolver(hub(), ON).resolve(api)["GATEWAY_BOOK_TABLE"])
    assert "" == without.resolve(api)["GATEWAY_BOOK_TABLE"]
    assert "GatewayBookTable" not in str(
        without.resolve(resources(hub(), "AWS::IAM::Role")["ApiFunctionRole"]["Policies"])
    )


@pytest.mark.parametrize("name", ["TroublesTable", "ReplaysTable"])
def test_what_is_remembered_for_a_while_expires(name: str) -> None:
    assert {"AttributeName": "expires", "Enabled": True} == TABLES[name]["TimeToLiveSpecification"]


def test_only_the_relay_reaches_backends_and_only_in_their_network() -> None:
    rules = resolver(hub(), ON).resolve(
        resources(hub(), "AWS::EC2::SecurityGroup")["RelaySecurityGroup"]["SecurityGroupEgress"]
    )
    users = [
        name
        for name, f in resources(hub(), "AWS::Lambda::Function").items()
        if "RelaySecurityGroup" in text_of(f)
    ]

    assert {"10.0.0.0/8"} == {rule["CidrIp"] for rule in rules}
    assert ["RelayFunction"] == users


@pytest.mark.row("171", how="relay")
def test_the_relay_logs_where_its_notes_are_counted() -> None:
    relay = load("template.yaml")["Resources"]["RelayFunction"]["Properties"]

    assert {"Ref": "GatewayLog"} == relay["LoggingConfig"]["LogGroup"]
    assert relay["Timeout"] > 29
