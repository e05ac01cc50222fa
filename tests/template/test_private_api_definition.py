"""The private API as a definition of the gateway: the same methods as the template and the function have."""

from __future__ import annotations

from typing import Any, Final

from cce.api.routes import OPERATIONS
from cce.gateway.compiler import compile_stage
from cce.gateway.definition.load import load as read
from cce.gateway.snapshot import Snapshot
from compiled import TARGET
from templates import ROOT, load

FILE: Final = ROOT / "gateway/private-api.yaml"


def _compiled() -> dict[str, Any]:
    (service,) = read(FILE.read_bytes(), FILE.name).definition.services
    (stage,) = service.stages
    snapshot = Snapshot(service="k3j2h1g0f9", resources=service.resources, stage=stage)
    return compile_stage(snapshot, TARGET).document


def _methods() -> set[tuple[str, str]]:
    return {(method.upper(), path) for path, item in _compiled()["paths"].items() for method in item}


def test_it_has_the_methods_that_the_template_gives_to_the_function() -> None:
    """Preflights apart: in a definition the plugin CORS makes them."""
    events = load("template.yaml")["Resources"]["ApiFunction"]["Properties"]["Events"].values()
    given = {(each["Properties"]["Method"], each["Properties"]["Path"]) for each in events}

    assert {(method, path) for method, path in given if method != "OPTIONS"} == _methods()


def test_it_has_every_operation_of_the_function() -> None:
    of_code = {(operation.method, operation.path) for operation in OPERATIONS}

    assert set() == of_code - _methods()


def test_the_function_answers_them_all_behind_a_signature() -> None:
    operations = [operation for item in _compiled()["paths"].values() for operation in item.values()]

    assert {TARGET.invocation(TARGET.functions["ApiFunction"])} == {
        operation["x-amazon-apigateway-integration"]["uri"] for operation in operations
    }
    assert all([{"signature": []}] == operation["security"] for operation in operations)
