"""What MiniStack does not know is taken out of a template and can be made from what is left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lab.errors import LabError
from lab.intrinsics import Resolver, parameter_values
from lab.template import read, split

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Accounts: { Type: CommaDelimitedList }
  Organization: { Type: String, Default: "" }
Conditions:
  HasOrganization: !Not [!Equals [!Ref Organization, ""]]
Resources:
  Bus: { Type: AWS::Events::EventBus, Properties: { Name: !Sub "${AWS::StackName}-status" } }
  Policy:
    Type: AWS::Events::EventBusPolicy
    Properties:
      EventBusName: !Ref Bus
      StatementId: Members
      Statement:
        Effect: Allow
        Principal: !If [HasOrganization, "*", { AWS: !Ref Accounts }]
        Resource: !GetAtt Bus.Arn
        Condition: !If
          - HasOrganization
          - { StringEquals: { aws:PrincipalOrgID: !Ref Organization } }
          - !Ref AWS::NoValue
  Domain: { Type: AWS::ApiGateway::DomainNameV2, Properties: { DomainName: cce.corp.example } }
  Mapping:
    Type: AWS::ApiGateway::BasePathMappingV2
    Properties: { DomainNameArn: !GetAtt Domain.DomainNameArn, BasePath: v1 }
  Probe:
    Type: AWS::SSM::Document
    Properties: { Name: probe, Content: { schemaVersion: "2.2", where: !Sub "${Bus.Arn}" } }
  Rule:
    Type: AWS::Events::Rule
    DependsOn: [Policy, Bus]
    Properties: { EventPattern: { detail: { document-name: [!Ref Probe] } } }
Outputs:
  Document: { Value: !Ref Probe }
"""


@pytest.fixture
def template(tmp_path: Path) -> dict[str, Any]:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE, encoding="utf-8")
    return read(path)


def test_short_tags_are_read_into_their_long_form(template: dict[str, Any]) -> None:
    statement = template["Resources"]["Policy"]["Properties"]["Statement"]

    assert {"Fn::GetAtt": ["Bus", "Arn"]} == statement["Resource"]
    assert "2010-09-09" == template["AWSTemplateFormatVersion"]


def test_unknown_resources_are_taken_out_with_what_refers_to_them(template: dict[str, Any]) -> None:
    parts = split(template)

    assert {"Policy", "Probe", "Domain", "Mapping"} == set(parts.removed)
    assert {"Bus", "Rule"} == set(parts.template["Resources"])
    assert ["Bus"] == parts.template["Resources"]["Rule"]["DependsOn"]
    pattern = parts.template["Resources"]["Rule"]["Properties"]["EventPattern"]
    assert ["probe"] == pattern["detail"]["document-name"]
    assert "probe" == parts.template["Outputs"]["Document"]["Value"]


def test_attributes_that_removed_resources_need_become_outputs(template: dict[str, Any]) -> None:
    """But those of one another: no stack has them, they are known when the resources are made."""
    parts = split(template)

    assert {"LabGetAtt0": ("Bus", "Arn")} == parts.get_atts
    assert {"Fn::GetAtt": ["Bus", "Arn"]} == json.loads(parts.text())["Outputs"]["LabGetAtt0"]["Value"]


def test_the_template_itself_stays_as_it_is(template: dict[str, Any]) -> None:
    before = json.dumps(template)

    split(template)

    assert before == json.dumps(template)


def resolver(template: dict[str, Any], **given: str) -> Resolver:
    references = {**parameter_values(template, given), "Bus": "fleet-status", "AWS::StackName": "fleet"}
    return Resolver(references, {("Bus", "Arn"): "arn:bus"}, template["Conditions"])


def test_a_removed_resources_properties_are_filled_in(template: dict[str, Any]) -> None:
    resolved = resolver(template, Accounts="1,2").resolve(template["Resources"]["Policy"]["Properties"])

    assert {
        "EventBusName": "fleet-status",
        "StatementId": "Members",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": ["1", "2"]}, "Resource": "arn:bus"},
    } == resolved


def test_conditions_choose(template: dict[str, Any]) -> None:
    resolved = resolver(template, Accounts="1", Organization="o-1").resolve(
        template["Resources"]["Policy"]["Properties"]["Statement"]
    )

    assert "*" == resolved["Principal"]
    assert {"StringEquals": {"aws:PrincipalOrgID": "o-1"}} == resolved["Condition"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Fn::Sub": "${AWS::StackName}/${Bus}/${Bus.Arn}/${!kept}"}, "fleet/fleet-status/arn:bus/${kept}"),
        ({"Fn::Sub": ["${name}-x", {"name": {"Ref": "Bus"}}]}, "fleet-status-x"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Bus"}]]}, "a-fleet-status"),
        ({"Fn::Select": [1, {"Fn::Split": [",", "a,b"]}]}, "b"),
        (["kept", {"Ref": "AWS::NoValue"}], ["kept"]),
    ],
)
def test_functions_are_resolved(template: dict[str, Any], value: Any, expected: Any) -> None:
    assert expected == resolver(template, Accounts="").resolve(value)


@pytest.mark.parametrize(
    "value", [{"Ref": "Nowhere"}, {"Fn::GetAtt": ["Bus", "Name"]}, {"Fn::ImportValue": "x"}]
)
def test_what_is_not_known_is_named(template: dict[str, Any], value: Any) -> None:
    with pytest.raises(LabError, match=r"Nowhere|Bus\.Name|ImportValue"):
        resolver(template, Accounts="").resolve(value)
