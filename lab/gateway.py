"""Puts the gateway responses of an API by API: MiniStack takes none from the body that SAM makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lab.by_api import resolver_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lab.by_api import Stack
    from lab.clients import Clients
    from lab.template import Split

_TYPE: Final = "AWS::Serverless::Api"


def put_gateway_responses(
    clients: Clients, stack: Stack, parts: Split, given: Mapping[str, str]
) -> list[str]:
    """Put and deploy what the template says of each API in it; one line for each, for people to read."""
    apis = {name: body for name, body in parts.template["Resources"].items() if body["Type"] == _TYPE}
    if not apis:
        return []
    resolver = resolver_of(clients, stack, parts, given, {})
    gateway = clients.client("apigateway", stack.account, stack.region)
    lines = []
    for name, body in apis.items():
        if "Condition" in body and not resolver.holds(body["Condition"]):
            continue
        api = str(resolver.resolve({"Ref": name}))
        answers: dict[str, Any] = body["Properties"].get("GatewayResponses", {})
        for kind, answer in answers.items():
            gateway.put_gateway_response(restApiId=api, responseType=kind, **_given(resolver.resolve(answer)))
        gateway.create_deployment(restApiId=api, stageName=body["Properties"]["StageName"])
        lines.append(
            f"{stack.name} in {stack.account}: {len(answers)} gateway responses of {name} put by API"
        )
    return lines


def _given(answer: dict[str, Any]) -> dict[str, Any]:
    """The arguments of ``PutGatewayResponse``, as SAM makes them of its shorter form."""
    headers = answer.get("ResponseParameters", {}).get("Headers", {})
    found: dict[str, Any] = {
        "responseParameters": {f"gatewayresponse.header.{name}": value for name, value in headers.items()}
    }
    if "StatusCode" in answer:
        found["statusCode"] = str(answer["StatusCode"])
    if "ResponseTemplates" in answer:
        found["responseTemplates"] = answer["ResponseTemplates"]
    return found
