"""Any service of right form compiles to a document that is valid, or is refused with a reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cfnlint.api import lint
from cfnlint.config import ManualArgs
from hypothesis import HealthCheck, assume, given, settings
from openapi_spec_validator import OpenAPIV30SpecValidator

from cce.errors import CompileError
from cce.gateway.compiler import compile_stage
from cce.gateway.snapshot import Snapshot
from compiled import SERVICE, TARGET, compiled, custom, headers, http
from gateway_definitions import services
from lab import vtl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cce.gateway.definition.model import Service


def _templates(document: dict[str, Any]) -> Iterator[str]:
    for item in document["paths"].values():
        for operation in item.values():
            made = operation["x-amazon-apigateway-integration"]
            for response in made.get("responses", {}).values():
                yield from response["responseTemplates"].values()


@settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None, max_examples=60
)
@given(services())
def test_any_service_compiles_to_a_valid_document_or_is_refused(service: Service) -> None:
    for stage in service.stages:
        try:
            made = compile_stage(Snapshot(service=SERVICE, resources=service.resources, stage=stage), TARGET)
        except (
            CompileError,
            ValueError,
        ) as error:  # a variable that no path declares is the checks' business
            assume(isinstance(error, CompileError))
            continue
        text = made.text().replace("+}", "}")
        assert [] == [str(e) for e in OpenAPIV30SpecValidator(json.loads(text)).iter_errors()]
        for template in _templates(made.document):
            vtl.render(
                template,
                path={"v": "1", "w": "2", "a": "3", "b": "4", "x": "5"} | _all(made.document),
                headers={},
            )


def _all(document: dict[str, Any]) -> dict[str, str]:
    operations = [o for item in document["paths"].values() for o in item.values()]
    return {p["name"]: "value" for o in operations for p in o.get("parameters", [])}


def test_cloudformation_takes_the_document_as_the_body_of_an_api() -> None:
    resources = {
        "/a/{v}": {
            "plugins": {"cors": {"allow_origins": ["https://a.example"]}},
            "methods": {"GET": http("/${request.path.v}"), "DELETE": custom(204)},
        },
        "/b/{w+}": {"methods": {"GET": http("/", request_headers=headers(x_a="${request.path.w+}"))}},
        "/c": {"methods": {"GET": {"backend": {"function": "ApiFunction"}}}},
    }
    made = compiled(resources, hmac={"secret": "cce-gateway/members"}).document
    endpoint = {"Types": ["PRIVATE"], "VpcEndpointIds": ["vpce-0123456789abcdef0"]}
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            "Rest": {
                "Type": "AWS::ApiGateway::RestApi",
                "Properties": {"Name": SERVICE, "Body": made, "EndpointConfiguration": endpoint},
            }
        },
    }

    assert [] == [str(m) for m in lint(json.dumps(template), config=ManualArgs(regions=["ap-northeast-2"]))]
