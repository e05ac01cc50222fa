"""The private API's own name: an option, complete or refused, and the same API behind it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from policies import HUB, REGION, Request, decide, resolver
from templates import ROOT, hub, load, resources

NAME: Final = "cce.corp.example"
CERTIFICATE: Final = f"arn:aws:acm:{REGION}:{HUB}:certificate/11111111-2222-4333-8444-555555555555"
KEY: Final = {"ApiKey": "k" * 20}
NAMED: Final = {**KEY, "ApiDomainName": NAME, "ApiCertificateArn": CERTIFICATE}
ZONE: Final = {"ApiHostedZoneId": "Z0123456789ABCDEFGHIJ"}
THEIRS: Final = {"ApiEndpointId": "vpce-0a1b2c3d"}
KINDS: Final = ("DomainNameV2", "BasePathMappingV2", "DomainNameAccessAssociation")


def made(given: dict[str, str]) -> dict[str, Any]:
    """The resources of the name that a stack with these parameters has, their properties resolved."""
    values = resolver(hub(), given)
    values.attributes["ApiEndpoint", "DnsEntries"] = [f"ZENDPOINT:vpce.{REGION}.example", "Z:zonal"]  # type: ignore[index] # a dict, seen as a mapping
    return {
        name: values.resolve(body["Properties"])
        for name, body in hub()["Resources"].items()
        if name.startswith("ApiDomain") and values.holds(body["Condition"])
    }


def refused(given: dict[str, str]) -> list[str]:
    """What CloudFormation says to parameters before it makes anything."""
    said = []
    for rule in load("template.yaml")["Rules"].values():
        conditions = {"applies": rule["RuleCondition"]}
        conditions |= {a["AssertDescription"]: a["Assert"] for a in rule["Assertions"] if "Api" in str(a)}
        values = replace(resolver(hub(), given), conditions=conditions)
        if values.holds("applies"):
            said += [name for name in conditions if name != "applies" and not values.holds(name)]
    return said


@pytest.mark.parametrize("given", [{}, KEY, {"ApiDomainName": NAME, "ApiCertificateArn": CERTIFICATE}])
def test_without_the_parameters_there_is_only_the_alias(given: dict[str, str]) -> None:
    assert {} == made(given)


@pytest.mark.row("T19", how="template")
def test_with_them_the_name_is_private_and_leads_to_the_api() -> None:
    own = made(NAMED)
    domain, mapping, access = own["ApiDomain"], own["ApiDomainMapping"], own["ApiDomainAccess"]

    assert {"ApiDomain", "ApiDomainMapping", "ApiDomainAccess"} == own.keys()
    assert {f"AWS::ApiGateway::{kind}" for kind in KINDS} == {hub()["Resources"][n]["Type"] for n in own}
    assert (NAME, CERTIFICATE) == (domain["DomainName"], domain["CertificateArn"])
    assert ["PRIVATE"] == domain["EndpointConfiguration"]["Types"]
    assert "cce-fleet-Api-EXAMPLE" == mapping["RestApiId"]
    assert {"ApiDomain.DomainNameArn"} == {each["DomainNameArn"] for each in (mapping, access)}


@pytest.mark.parametrize(
    ("given", "endpoint"), [({}, "cce-fleet-ApiEndpoint-EXAMPLE"), (THEIRS, "vpce-0a1b2c3d")]
)
def test_the_endpoint_of_the_api_may_serve_the_name_and_no_other_may(
    given: dict[str, str], endpoint: str
) -> None:
    own = made(NAMED | given)

    def answer(vpce: str) -> str:
        keys = {"aws:SourceVpce": vpce} if vpce else {}
        return decide(own["ApiDomain"]["Policy"], Request("*", "execute-api:Invoke", "execute-api:/v1", keys))

    assert (endpoint, "VPCE") == (
        own["ApiDomainAccess"]["AccessAssociationSource"],
        own["ApiDomainAccess"]["AccessAssociationSourceType"],
    )
    assert ["allow", "deny", "deny"] == [answer(endpoint), answer("vpce-99999999"), answer("")]


@pytest.mark.row("T37", how="template")
def test_paths_are_the_same_by_both_names() -> None:
    """A client may follow a Location header whichever name it called."""
    base = made(NAMED)["ApiDomainMapping"]["BasePath"]
    stage = resources(hub(), "AWS::ApiGateway::Stage")["Apiv1Stage"]["StageName"]
    event = json.loads((ROOT / "events/api-by-domain.json").read_text("utf-8"))

    assert base == stage == event["requestContext"]["stage"]
    assert event["path"].startswith(f"/{base}/")  # tests/component/test_api_function.py: it is answered
    output = load("template.yaml")["Outputs"]["ApiDomainUrl"]
    assert f"https://{NAME}/{base}" == resolver(hub(), NAMED).resolve(output["Value"])


def test_discover_asks_by_the_alias_whose_name_and_certificate_need_nobody() -> None:
    function = resources(hub(), "AWS::Lambda::Function")["DiscoverFunction"]
    url = resolver(hub(), NAMED | ZONE).resolve(function["Environment"]["Variables"]["INVENTORY_URL"])

    assert url.endswith(f".execute-api.{REGION}.amazonaws.com/v1")


@pytest.mark.parametrize(("version", "kinds"), [("ipv4", ["A"]), ("dualstack", ["A", "AAAA"])])
def test_a_hosted_zone_gets_the_record_of_the_stacks_own_endpoint(version: str, kinds: list[str]) -> None:
    own = made(NAMED | ZONE | {"IpVersion": version})
    records = [record for name, record in own.items() if "Record" in name]

    assert kinds == [record["Type"] for record in records]
    for record in records:
        assert (NAME, ZONE["ApiHostedZoneId"]) == (record["Name"], record["HostedZoneId"])
        assert ("ZENDPOINT", f"vpce.{REGION}.example") == (
            record["AliasTarget"]["HostedZoneId"],
            record["AliasTarget"]["DNSName"],
        )


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({}, 0),
        (KEY, 0),
        (NAMED, 0),
        (NAMED | ZONE, 0),
        (NAMED | THEIRS, 0),
        (KEY | {"ApiDomainName": NAME}, 1),
        (KEY | {"ApiCertificateArn": CERTIFICATE}, 1),
        (KEY | ZONE, 1),
        (NAMED | {"ApiKey": ""}, 1),
        (NAMED | ZONE | THEIRS, 1),  # that endpoint's names are not known here
    ],
)
def test_an_incomplete_set_is_refused(given: dict[str, str], count: int) -> None:
    assert count == len(refused(given)), refused(given)
