"""Makes by API what MiniStack's CloudFormation does not know."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lab.intrinsics import NO_VALUE, Resolver, parameter_values
from lab.template import OUTPUT_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lab.clients import Clients
    from lab.template import Split


@dataclass(frozen=True)
class Stack:
    """Where a stack is: its name, account and region."""

    name: str
    account: str
    region: str


def make_removed(clients: Clients, stack: Stack, parts: Split, given: Mapping[str, str]) -> list[str]:
    """Make the resources that were taken out of a stack's template; one line for each, for people to read."""
    if not parts.removed:
        return []
    attributes: dict[tuple[str, str], str] = {}
    resolver = resolver_of(clients, stack, parts, given, attributes)
    lines = []
    for name, body in parts.removed.items():
        if "Condition" in body and not resolver.holds(body["Condition"]):
            continue
        properties = resolver.resolve(body["Properties"])
        assert properties is not NO_VALUE
        what = _MAKE[body["Type"]](clients, stack, properties)
        if "DomainName" in properties:
            attributes[name, "DomainNameArn"] = _domain_arn(stack, properties["DomainName"])
        lines.append(f"{stack.name} in {stack.account}: {body['Type']} {name} {what}")
    return lines


def resolver_of(
    clients: Clients,
    stack: Stack,
    parts: Split,
    given: Mapping[str, str],
    attributes: dict[tuple[str, str], str],
) -> Resolver:
    """What fills in the removed resources; ``attributes`` is filled, and may be filled further."""
    cloudformation = clients.client("cloudformation", stack.account, stack.region)
    resources = cloudformation.describe_stack_resources(StackName=stack.name)["StackResources"]
    outputs = stack_outputs(clients, stack, everything=True)
    references = {
        **parameter_values(parts.template, given),
        "AWS::AccountId": stack.account,
        "AWS::Region": stack.region,
        "AWS::Partition": "aws",
        "AWS::StackName": stack.name,
        "AWS::URLSuffix": "amazonaws.com",
        **{each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources},
        **_stages(parts.template),
    }
    attributes |= {wanted: outputs[output] for output, wanted in parts.get_atts.items() if output in outputs}
    return Resolver(references, attributes, parts.template.get("Conditions", {}))


def _stages(template: Mapping[str, Any]) -> dict[str, str]:
    """What ``!Ref Api.Stage`` gives, which SAM knows and CloudFormation does not."""
    return {
        f"{name}.Stage": body["Properties"]["StageName"]
        for name, body in template["Resources"].items()
        if body["Type"] == "AWS::Serverless::Api"
    }


def stack_outputs(clients: Clients, stack: Stack, *, everything: bool = False) -> dict[str, str]:
    """A stack's outputs by key; those that the lab added only with ``everything``."""
    cloudformation = clients.client("cloudformation", stack.account, stack.region)
    described = cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]
    return {
        each["OutputKey"]: each["OutputValue"]
        for each in described.get("Outputs", [])
        if everything or not each["OutputKey"].startswith(OUTPUT_PREFIX)
    }


def _document(clients: Clients, stack: Stack, properties: dict[str, Any]) -> str:
    ssm = clients.client("ssm", stack.account, stack.region)
    content = properties["Content"]
    request = {
        "Name": properties["Name"],
        "Content": content if isinstance(content, str) else json.dumps(content),
        "DocumentFormat": properties.get("DocumentFormat", "JSON"),
    }
    try:
        ssm.create_document(
            **request,
            DocumentType=properties.get("DocumentType", "Command"),
            **({"TargetType": properties["TargetType"]} if "TargetType" in properties else {}),
        )
    except ssm.exceptions.DocumentAlreadyExists:
        try:
            ssm.update_document(**request, DocumentVersion="$LATEST")
        except ssm.exceptions.DuplicateDocumentContent:
            return f"made by API: document {properties['Name']} (unchanged)"
        return f"made by API: document {properties['Name']} (a new version)"
    return f"made by API: document {properties['Name']}"


def _bus_policy(clients: Clients, stack: Stack, properties: dict[str, Any]) -> str:
    """PutPermission takes one principal at a time: an account's number, or ``*`` with a condition."""
    events = clients.client("events", stack.account, stack.region)
    statement = properties.get("Statement", properties)
    principal = statement["Principal"]
    named = principal["AWS"] if isinstance(principal, dict) else principal
    names = [named] if isinstance(named, str) else named
    for name in names:
        events.put_permission(
            EventBusName=properties.get("EventBusName", "default"),
            StatementId=properties["StatementId"]
            if len(names) == 1
            else f"{properties['StatementId']}-{name}",
            Action=statement.get("Action", "events:PutEvents"),
            Principal=name,
        )
    bus = properties.get("EventBusName", "default")
    return f"made by API: permission on bus {bus} for {', '.join(names)}"


def _domain_arn(stack: Stack, name: str) -> str:
    return f"arn:aws:apigateway:{stack.region}:{stack.account}:/domainnames/{name}"


def _domain(clients: Clients, stack: Stack, properties: dict[str, Any]) -> str:
    """MiniStack keeps names of one kind; its names have no policy, and no id in their ARN."""
    gateway = clients.client("apigateway", stack.account, stack.region)
    gateway.create_domain_name(
        domainName=properties["DomainName"],
        certificateArn=properties["CertificateArn"],
        endpointConfiguration={"types": properties["EndpointConfiguration"]["Types"]},
        securityPolicy=properties["SecurityPolicy"],
    )
    return f"made by API: domain name {properties['DomainName']}, without its policy"


def _mapping(clients: Clients, stack: Stack, properties: dict[str, Any]) -> str:
    name, path = properties["DomainNameArn"].rpartition("/")[2], properties["BasePath"]
    clients.client("apigateway", stack.account, stack.region).create_base_path_mapping(
        domainName=name, basePath=path, restApiId=properties["RestApiId"], stage=properties["Stage"]
    )
    return f"made by API: {name}/{path} leads to API {properties['RestApiId']}"


def _access(_clients: Clients, _stack: Stack, properties: dict[str, Any]) -> str:
    return f"left out: MiniStack has none, {properties['AccessAssociationSource']} needs none there"


_MAKE: Final[Mapping[str, Callable[[Clients, Stack, dict[str, Any]], str]]] = {
    "AWS::SSM::Document": _document,
    "AWS::Events::EventBusPolicy": _bus_policy,
    "AWS::ApiGateway::DomainNameV2": _domain,
    "AWS::ApiGateway::BasePathMappingV2": _mapping,
    "AWS::ApiGateway::DomainNameAccessAssociation": _access,
}
