"""The gateway on the local stack, IAM enforced: applied, deployed, called, changed, rolled back, deleted."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from gateway_stack import GatewayStack, echo, own_address, signed_headers
from lab.aws import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stack import Stack

pytestmark = pytest.mark.stack

ORIGIN = "https://portal.example"
SECRET = "cce-gateway-test-secret-00000001"


def _definition(port: int) -> dict[str, Any]:
    # The relay refuses loopback; API Gateway is said to reach no private address, so it gets a name.
    backend, named = f"http://{own_address()}:{port}", f"http://{socket.gethostname()}:{port}"
    overrides = [{"method": "GET", "path": path, "backend": named} for path in ("/plain/{id}", "/{rest+}")]
    resources = {
        "/plain/{id}": {
            "plugins": {"request_headers": {"set": {"x-id": "${request.path.id}", "x-caller": "gateway"}}},
            "methods": {"GET": {"backend": {"http": {"path": "/v2/${request.path.id}"}}}},
        },
        "/relayed": {
            "plugins": {"response_headers": {"set": {"cache-control": "no-store"}}},
            "methods": {"POST": {"backend": {"http": {"path": "/v2/relayed"}}}},
        },
        "/open/{name}": {
            "plugins": {"cors": {"allow_origins": [ORIGIN, "https://other.example"], "max_age": 60}},
            "methods": {
                "GET": {
                    "backend": {
                        "custom": {
                            "status": 203,
                            "headers": {"x-name": "id-${request.path.name}"},
                            "body": '{"name": "${request.path.name}", "price": "#5 $util.x"}',
                        }
                    }
                }
            },
        },
        "/{rest+}": {"methods": {"GET": {"backend": {"http": {"path": "/rest/${request.path.rest+}"}}}}},
    }
    stages = [
        {"name": "dev", "backend": backend, "overrides": overrides},
        {
            "name": "closed",
            "backend": backend,
            "overrides": overrides,
            "ip_acl": {"mode": "deny", "entries": ["127.0.0.0/8"]},
        },
        {"name": "signed", "backend": backend, "hmac": {"secret": "cce-gateway/members", "replay": True}},
        {"name": "dead", "backend": f"http://{own_address()}:{free_port()}", "blocking": {"failures": 2}},
    ]
    return {"gateway": 1, "services": [{"name": "members", "resources": resources, "stages": stages}]}


@pytest.fixture(scope="module")
def backend() -> Iterator[int]:
    with echo() as port:
        yield port


@pytest.fixture(scope="module")
def gateway(stack: Stack, backend: int, tmp_path_factory: pytest.TempPathFactory) -> GatewayStack:
    file: Path = tmp_path_factory.mktemp("gateway") / "members.yaml"
    file.write_text(json.dumps(_definition(backend)), encoding="utf-8")
    made = GatewayStack(stack, file)
    made.ship("dev")
    return made


@pytest.mark.row("159", how="native")
def test_the_private_api_lists_the_service_by_name_with_what_its_stages_serve(gateway: GatewayStack) -> None:
    status, _, found = gateway.stack.ask("GET", "/gateway/services")

    members, own = found["items"]
    api = gateway.url("dev", "").split("/execute-api/")[1].split("/")[0]
    assert (200, "members", api, "cce-fleet-api") == (status, members["name"], members["api"], own["name"])
    assert [("dev", 1)] == [(each["stage"], each["deployed"]["number"]) for each in members["stages"]]
    assert datetime.fromisoformat(members["stages"][0]["deployed"]["at"]) <= datetime.now(UTC)


@pytest.mark.row("15", "23", "26", "78", "82", "84", "85", how="native")
def test_a_native_method_passes_the_request_on_with_its_headers(gateway: GatewayStack) -> None:
    answer = gateway.ask(gateway.url("dev", "/plain/m1?b=2"), x_caller="somebody")

    asked = answer.json()
    assert (200, "/v2/m1?b=2", "echo") == (answer.status, asked["path"], answer.headers["x-backend"])
    assert ("m1", "gateway") == (asked["headers"]["x-id"], asked["headers"]["x-caller"])


@pytest.mark.row("13", "15", "27", how="native")
def test_a_greedy_variable_reaches_the_backend(gateway: GatewayStack) -> None:
    assert "/rest/a/b/c" == gateway.ask(gateway.url("dev", "/a/b/c")).json()["path"]


@pytest.mark.row("87", "92", "150", "G1", how="relay")
def test_the_relay_sets_headers_of_the_backends_answer(gateway: GatewayStack) -> None:
    answer = gateway.ask(gateway.url("dev", "/relayed"), "POST", b"\x00\xffbytes", content_type="a/b")

    assert (200, "no-store", "backend") == (
        answer.status,
        answer.headers["cache-control"],
        answer.headers["x-gw-origin"],
    )
    assert "\x00\xffbytes" == answer.json()["body"]


@pytest.mark.row("6", "18", "35", "G13", how="native")
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/nothing"), ("POST", "/plain/m1"), ("GET", "/relayed")]
)
def test_unknown_paths_and_methods_are_404_though_a_wider_path_fits(
    gateway: GatewayStack, method: str, path: str
) -> None:
    answer = gateway.ask(gateway.url("dev", path), method)

    assert (404, 4041007) == (answer.status, answer.json()["header"]["resultCode"])
    assert answer.headers["x-request-id"]


@pytest.mark.row("24", "29", "30", "31", "32", how="native")
def test_a_custom_response_is_data_and_no_template(gateway: GatewayStack) -> None:
    answer = gateway.ask(gateway.url("dev", "/open/a%22b%5C"))

    assert 203 == answer.status
    assert {"name": 'a"b\\', "price": "#5 $util.x"} == answer.json()
    assert 'id-a"b\\' == answer.headers["x-name"]


@pytest.mark.row("63", "68", "74", "G12", how="native")
def test_preflights_are_answered_for_known_origins_only(gateway: GatewayStack) -> None:
    url = gateway.url("dev", "/open/x")
    known = gateway.ask(url, "OPTIONS", Origin=ORIGIN, Access_Control_Request_Method="GET")
    unknown = gateway.ask(url, "OPTIONS", Origin="https://evil.example", Access_Control_Request_Method="GET")
    plain = gateway.ask(url, "OPTIONS", Origin=ORIGIN)

    assert (204, ORIGIN, "Origin", "60") == (
        known.status,
        known.headers["access-control-allow-origin"],
        known.headers["vary"],
        known.headers["access-control-max-age"],
    )
    assert (204, None) == (unknown.status, unknown.headers.get("access-control-allow-origin"))
    assert (404, 4041007) == (plain.status, plain.json()["header"]["resultCode"])
    assert ORIGIN == gateway.ask(url, Origin=ORIGIN).headers["access-control-allow-origin"]


@pytest.mark.row("116", "118", "G9", how="native")
def test_the_address_list_is_in_the_policy(gateway: GatewayStack) -> None:
    gateway.ship("closed")

    answer = gateway.ask(gateway.url("closed", "/plain/m1"))
    assert (403, 4031007) == (answer.status, answer.json()["header"]["resultCode"])
    assert 200 == gateway.ask(gateway.url("dev", "/plain/m1")).status


@pytest.mark.row("74", "123", "129", how="authorizer")
def test_a_signed_stage_refuses_who_does_not_sign(gateway: GatewayStack) -> None:
    gateway.stack.lab.client("secretsmanager").create_secret(Name="cce-gateway/members", SecretString=SECRET)
    gateway.ship("signed")

    url = gateway.url("signed", "/plain/m1")
    answer = gateway.ask(url)
    assert (401, 4011008) == (answer.status, answer.json()["header"]["resultCode"])
    sent = signed_headers(SECRET, url.split("/")[2], "/signed/plain/m1")
    assert [200, 401] == [gateway.ask(url, **sent).status for _ in "ab"]  # the second time it is a replay
    preflight = gateway.ask(
        gateway.url("signed", "/open/x"), "OPTIONS", Origin=ORIGIN, Access_Control_Request_Method="GET"
    )
    assert 204 == preflight.status


@pytest.mark.row("155", "G6", how="relay")
def test_a_backend_that_does_not_answer_is_left_alone(gateway: GatewayStack) -> None:
    gateway.ship("dead")

    url = gateway.url("dead", "/relayed")

    def code() -> int:
        return int(gateway.ask(url, "POST").json()["header"]["resultCode"])

    assert [5020001, 5020001] == [code(), code()]
    gateway.stack.eventually(lambda: code() == 5030001, 20)  # what a function read is good for two seconds


@pytest.mark.row("43", "46", "49", "50", "108", "111", "112", "115", "G14", how="native")
def test_a_change_serves_only_once_it_is_deployed_and_can_be_rolled_back(
    gateway: GatewayStack,
) -> None:
    def served() -> str:
        return str(gateway.ask(gateway.url("dev", "/plain/m1")).json()["path"])

    changed = gateway.file.read_text("utf-8").replace("/v2/${request.path.id}", "/v3/${request.path.id}")
    gateway.file.write_text(changed, encoding="utf-8")
    assert "/v2/m1" == served()
    assert "draft not applied" in gateway.done("status")

    gateway.done("apply", "--stage", "dev")
    assert "/v2/m1" == served()
    again = gateway.cce("apply", "--stage", "dev")
    assert (2, True) == (again.returncode, "409103003" in again.stderr)

    gateway.done("deploy", "--stage", "dev", "--description", "the third version")
    assert "/v3/m1" == served()
    assert "409104002" in gateway.cce("deploy", "--stage", "dev").stderr

    gateway.done("rollback", "--stage", "dev", "--to", "1")
    assert "/v2/m1" == served()
    history = gateway.done("history", "--stage", "dev").splitlines()
    assert ["*    3", "     2", "     1"] == [line[:6] for line in history]
    assert "the third version" in history[1]
    assert "native   GET     /plain/{id}" in gateway.done("diff", "--stage", "dev")


@pytest.mark.row("109", "110", how="cli")
def test_a_deleted_stage_answers_nobody(gateway: GatewayStack) -> None:
    url = gateway.url("closed", "/plain/m1")
    assert "--yes" in gateway.cce("delete-stage", "--stage", "closed").stderr

    gateway.done("delete-stage", "--stage", "closed", "--yes", "--force")
    assert 403 == gateway.ask(url).status
    assert 2 == gateway.cce("url", "--stage", "closed").returncode
