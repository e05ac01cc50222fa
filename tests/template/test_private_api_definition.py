"""The private API as a definition of the gateway: the same API as the template and the function have."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any, Final

import pytest

from cce.api.routes import OPERATIONS
from cce.gateway.compiler import compile_stage
from cce.gateway.definition.load import load as read
from cce.gateway.snapshot import Snapshot
from compiled import TARGET
from templates import load
from tools import private_api

TEXT: Final = private_api.TARGET.read_text("utf-8")
(SERVICE,) = read(TEXT.encode(), private_api.TARGET.name).definition.services
(STAGE,) = SERVICE.stages
TEMPLATE: Final = load("template.yaml")
FUNCTION: Final = TEMPLATE["Resources"]["ApiFunction"]["Properties"]


def _compiled() -> dict[tuple[str, str], dict[str, Any]]:
    """What API Gateway is given, by method and path."""
    snapshot = Snapshot(service="k3j2h1g0f9", resources=SERVICE.resources, stage=STAGE)
    paths = compile_stage(snapshot, TARGET).document["paths"]
    return {(method.upper(), path): each for path, item in paths.items() for method, each in item.items()}


def test_the_file_is_that_of_the_code() -> None:
    assert private_api.render(TEXT) == TEXT, "run make private-api"


def test_a_stage_of_your_own_is_kept_when_the_file_is_made_anew() -> None:
    own = f"# 우리 은행\n{TEXT}        ip_acl: {{mode: allow, entries: [10.0.0.0/8]}}\n"

    assert own == private_api.render(own.replace("List servers", "What it was called before"))


def test_a_file_without_its_marks_is_left_alone() -> None:
    with pytest.raises(ValueError, match="unpack"):
        private_api.render(TEXT.replace("make private-api", "hand"))


def test_it_has_every_operation_of_the_function_by_its_name() -> None:
    named = {
        (method, path): each.name
        for path, resource in SERVICE.resources.items()
        for method, each in resource.methods.items()
    }

    assert named == {(each.method, path): each.summary for each in OPERATIONS for path in each.paths}


def test_it_has_the_methods_that_the_template_gives_to_the_function() -> None:
    """Preflights apart: a page cannot sign, and the origins of pages are a parameter of the stack."""
    events = [each["Properties"] for each in FUNCTION["Events"].values()]

    given = {(each["Method"], each["Path"]) for each in events if each["Method"] != "OPTIONS"}
    assert given == _compiled().keys()


def test_the_function_answers_them_all_behind_a_signature() -> None:
    operations = _compiled().values()

    assert {TARGET.invocation(TARGET.functions["ApiFunction"])} == {
        operation["x-amazon-apigateway-integration"]["uri"] for operation in operations
    }
    assert all([{"signature": []}] == operation["security"] for operation in operations)


def test_the_gateway_waits_longer_than_the_function_may_take() -> None:
    waits = {each["x-amazon-apigateway-integration"]["timeoutInMillis"] for each in _compiled().values()}

    assert min(waits) > FUNCTION["Timeout"] * 1000


def test_links_in_answers_lead_to_the_stage() -> None:
    assert TEMPLATE["Resources"]["Api"]["Properties"]["StageName"] == STAGE.name


def test_the_authorizer_may_read_its_secret_unless_the_stack_names_others() -> None:
    assert STAGE.hmac
    assert fnmatchcase(STAGE.hmac.secret, TEMPLATE["Parameters"]["GatewaySecrets"]["Default"])
