"""What the local server knows of its services: ids that paths can hold, and what is deployed."""

from __future__ import annotations

import json

import pytest

from cce.api.statistics import SERVICE
from cce.gateway.definition.load import parse
from cce.gateway.server.served import records_of, service_id
from cce.gateway.snapshot import Snapshot
from gateway_world import BACKEND, ECHO
from statistics_samples import NOW


@pytest.mark.parametrize("name", ["회원", "member api", "a/b", "x" * 50, "members", "100%"])
def test_every_name_has_an_id_of_its_own_that_a_path_of_statistics_can_hold(name: str) -> None:
    assert SERVICE.fullmatch(service_id(name))
    assert (name == service_id(name)) == bool(SERVICE.fullmatch(name))
    assert service_id(name) != service_id(f"{name}2")


def test_what_is_served_is_deployed_since_the_start_and_the_rest_of_the_file_is_known() -> None:
    tree = {"/a": {"methods": {"GET": ECHO}}}
    stages = [{"name": "prod", "backend": BACKEND}, {"backend": BACKEND}]
    listed = [{"name": "회원", "resources": tree, "stages": stages}, {"name": "b", "resources": tree}]
    services = parse(json.dumps({"gateway": 1, "services": listed}).encode(), "f").services

    (members, stages_of), (other, none) = records_of(services, {("회원", "")}, NOW).items()

    assert ("회원", service_id("회원"), service_id("회원")) == (members.name, members.id, members.api)
    assert ("b", []) == (other.name, none)
    default, prod = stages_of
    assert ("", "prod", None) == (default.stage, prod.stage, prod.serving)
    assert default.serving
    snapshot = Snapshot(service=members.id, resources=services[0].resources, stage=services[0].stages[1])
    assert (1, NOW, snapshot.digest) == (default.serving.number, default.serving.at, default.serving.digest)
