"""functions/relay with events of API Gateway, against a real backend."""

from __future__ import annotations

import json
import socket
from base64 import b64decode, b64encode
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from cce.errors import EventError, SnapshotError
from cce.fleet.net import SocketNet
from cce.gateway.blocking import MemoryTroubles
from cce.gateway.relay.client import PooledUpstream
from cce.gateway.relay.event import LIMIT, RelayEvent
from cce.gateway.relay.function import RelayFunction
from cce.gateway.signing.digest import content_digest
from cce.gateway.statistics.access_log import ANSWERED, KIND, read_line
from cce.gateway.statistics.record import GatewayNote
from cce.store.memory import MemoryObjects
from cce.store.snapshots import DeployedSnapshots, key_of
from gateway_backend import Backend, backend
from gateway_world import NOW, cors, fixed, snapshot, to
from lambda_functions import CONTEXT, ROOT, load_function

if TYPE_CHECKING:
    from cce.gateway.snapshot import Snapshot

_EVENT: dict[str, Any] = json.loads((ROOT / "events/relay.json").read_text("utf-8"))
_METHODS = {
    "GET": to(
        "/echo/${request.path.memberId}",
        response_headers={"set": {"x-member": "id-${request.path.memberId}"}},
    ),
    "POST": to("/echo"),
    "DELETE": fixed(403, '{"member": "${request.path.memberId}"}'),
}
_TREE = {"/members/{memberId}": {"methods": _METHODS, "plugins": cors("https://portal.example")}}


class World:
    """The function over a bucket in memory."""

    def __init__(self, deployed: Snapshot, **changes: Any) -> None:
        objects = MemoryObjects()
        self.name = f"{deployed.service}/{deployed.digest}"
        objects.put(key_of(self.name), deployed.text().encode())
        self.function = RelayFunction(
            DeployedSnapshots(objects), MemoryTroubles(), PooledUpstream(loopback=True)
        )
        self.event = _EVENT | {"stageVariables": {"snapshot": self.name}} | changes
        self.log: dict[str, Any] = {}

    def ask(self, seconds: float = 30, **changes: Any) -> tuple[int, dict[str, list[str]], Any]:
        relayed = self.function.answer(self.event | changes, NOW, seconds)
        self.log, answer = relayed.log, relayed.answer
        body = b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"]
        return answer["statusCode"], answer["multiValueHeaders"], body


@pytest.mark.row("12", "15", "23", "87", "91", "G1", "T37", how="relay")
def test_an_event_is_relayed(there: Backend) -> None:
    world = World(snapshot(_TREE, backend=f"{there.url}/echo"))
    status, headers, body = world.ask()
    told = json.loads(body)

    assert (200, "GET", "/echo/echo/%ED%99%8D?b=1&b=2&q=a%20b") == (
        status,
        told["method"],
        canonical(told["target"]),
    )
    assert (["id-홍"], ["backend"], ["https://portal.example"]) == tuple(
        headers[name] for name in ("x-member", "x-gw-origin", "access-control-allow-origin")
    )
    assert "content-length" not in headers
    assert (200, "backend", None) == (world.log["status"], world.log["answeredBy"], world.log.get("gateway"))
    chosen = _EVENT["requestContext"] | {"requestId": "another request's"}
    world.ask(requestContext=chosen)
    assert ("another request's", "invented=") == (world.log["requestId"], world.log["extendedRequestId"])


def canonical(target: str) -> str:
    path, _, query = target.partition("?")
    return f"{path}?{'&'.join(sorted(query.split('&')))}"


@pytest.mark.row("171", "24", how="relay")
def test_what_the_relay_answers_itself_is_noted(there: Backend) -> None:
    world = World(snapshot(_TREE, backend=there.url), httpMethod="DELETE")
    status, headers, body = world.ask()
    noted = read_line(json.dumps(world.log))

    assert (403, {"member": "홍"}) == (status, json.loads(body))
    assert (["application/json"], None) == (headers["content-type"], headers.get("x-gw-origin"))
    assert ("01234567ab", "v1") == (noted.service, noted.stage)


@pytest.mark.row("171", how="relay")
def test_what_was_passed_on_is_not_noted_however_it_ended(there: Backend) -> None:
    def log(path: str = "/echo", url: str = there.url, calls: int = 1, **more: Any) -> dict[str, Any]:
        tree = {"/members/{memberId}": {"methods": {"GET": to(path)}}}
        world = World(snapshot(tree, backend=url, blocking={"failures": 1}, **more))
        for _ in range(calls):
            world.ask()
        return world.log

    with socket.socket() as silent:  # its port is taken, and nobody listens
        silent.bind(("127.0.0.1", 0))
        passed_on = {
            504: log("/sleep/3", timeout_seconds=0.2),
            502: log(url=f"http://127.0.0.1:{silent.getsockname()[1]}"),
            500: log(f"/big/{LIMIT}"),
        }
    for status, logged in passed_on.items():
        assert (status, "backend", False) == (logged["status"], logged["answeredBy"], KIND in logged)
    not_passed_on = {
        503: log("/sleep/3", calls=2, timeout_seconds=0.2),
        403: log(ip_acl={"mode": "allow", "entries": ["10.222.0.0/28"]}),
    }
    for status, logged in not_passed_on.items():
        assert (status, "gateway", ANSWERED) == (logged["status"], logged["answeredBy"], logged[KIND])


@pytest.mark.row("T37", how="relay")
@pytest.mark.parametrize(
    ("resource", "path", "given", "below"),
    [
        ("/members/{memberId}", "/members/a", {"memberId": "a"}, "/members/a"),
        ("/members/{memberId}", "/base/members/a", {"memberId": "a"}, "/members/a"),
        ("/members/{memberId}", "/v1/members/a%2Fb", {"memberId": "a%2Fb"}, "/members/a%2Fb"),
        ("/members/{memberId}", "/members/a%20b", {"memberId": "a b"}, "/members/a%20b"),
        ("/{proxy+}", "/base/a/b", {"proxy": "a/b"}, "/a/b"),
        ("/{proxy+}", "/a/b", {"proxy": "a/b"}, "/a/b"),
        ("/", "/base", None, "/"),
        ("/", "/", None, "/"),
        ("/members", "/members/", None, "/members/"),
        ("/members", "/elsewhere", None, "/elsewhere"),
    ],
)
def test_the_path_below_the_stage(resource: str, path: str, given: dict[str, str] | None, below: str) -> None:
    event = RelayEvent.of(_EVENT | {"resource": resource, "path": path, "pathParameters": given})

    assert below == event.request().path


def test_bodies_that_are_no_text(there: Backend) -> None:
    world = World(snapshot(_TREE, backend=there.url), httpMethod="POST")
    body = json.loads(world.ask(body=b64encode(b"\x00\xff").decode(), isBase64Encoded=True)[2])["body"]
    assert "\x00\xff" == body
    assert "홍".encode() == json.loads(world.ask(body="홍")[2])["body"].encode("latin-1")

    packed = World(snapshot({"/members/{memberId}": {"methods": {"GET": to("/gzip")}}}, backend=there.url))
    assert b"\x1f\x8b not looked into" == packed.ask()[2]


@pytest.mark.row("123", how="relay")
def test_the_body_is_compared_with_its_digest(there: Backend) -> None:
    world = World(snapshot(_TREE, backend=there.url, hmac={"secret": "gateway/test"}), httpMethod="POST")

    def ask(digest: str, listed: str = "host,content-digest") -> int:
        signed = f'hmac algorithm="HmacSHA256", headers="{listed}", signature="x"'
        return world.ask(
            body="{}", multiValueHeaders={"Authorization": [signed], "Content-Digest": [digest]}
        )[0]

    assert [200, 401, 401] == [
        ask(content_digest(b"{}")),
        ask(content_digest(b"{ }")),
        ask(content_digest(b"{}"), "host"),
    ]
    assert world.log["reason"].startswith("4011004")
    assert [200, 401] == [world.ask(httpMethod="GET", body=body)[0] for body in (None, "added on the way")]


@pytest.mark.row("116", how="relay")
def test_the_ip_acl_holds_here_too(there: Backend) -> None:
    acl = {"mode": "allow", "entries": ["10.111.0.0/28"]}
    world = World(snapshot(_TREE, backend=there.url, ip_acl=acl))
    context = _EVENT["requestContext"]
    elsewhere = context | {"identity": context["identity"] | {"sourceIp": "10.111.0.16"}}

    assert [200, 403] == [world.ask()[0], world.ask(requestContext=elsewhere)[0]]


@pytest.mark.row("153", "G8", how="relay")
def test_answers_that_a_function_may_not_return(there: Backend) -> None:
    sizes = {LIMIT - 100_000: 200, LIMIT: 500}
    for size, expected in sizes.items():
        tree = {"/members/{memberId}": {"methods": {"GET": to(f"/big/{size}")}}}
        status, _, body = World(snapshot(tree, backend=there.url)).ask()
        assert (expected, size if status == 200 else 500000001) == (
            status,
            len(body) if status == 200 else json.loads(body)["header"]["resultCode"],
        )


@pytest.mark.row("154", "155", "5030001", "5040001", "G6", how="relay")
def test_late_backends_are_blocked_after_a_while(there: Backend) -> None:
    tree = {"/members/{memberId}": {"methods": {"GET": to("/sleep/3")}}}
    world = World(snapshot(tree, backend=there.url, timeout_seconds=0.2, blocking={"failures": 2}))
    before = len(there.asked)

    assert [504, 504, 503, 503] == [world.ask()[0] for _ in range(4)]
    assert 2 == len(there.asked) - before
    assert "blocked" in world.log["reason"]


@pytest.mark.row("154", how="relay")
def test_the_functions_own_time_counts_too(there: Backend) -> None:
    tree = {"/members/{memberId}": {"methods": {"GET": to("/sleep/5")}}}

    assert 504 == World(snapshot(tree, backend=there.url)).ask(seconds=2.0)[0]


def test_what_is_not_deployed_and_what_is_no_event() -> None:
    world = World(snapshot(_TREE))
    with pytest.raises(SnapshotError):
        world.ask(stageVariables=None)
    with pytest.raises(EventError, match="httpMethod"):
        world.function.answer({"version": "2.0"}, NOW, 30)


@pytest.mark.row("102", "171", how="relay")
@pytest.mark.usefixtures("aws")
def test_the_function_as_lambda_runs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = next(iter(SocketNet().own_addresses()), "127.0.0.1")
    boto3.client("s3").create_bucket(
        Bucket="data", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"}
    )
    boto3.client("dynamodb").create_table(
        TableName="troubles",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "backend", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "backend", "KeyType": "HASH"}],
    )
    relay = load_function("relay", {"BUCKET": "data", "TROUBLES_TABLE": "troubles"}, monkeypatch)
    context = SimpleNamespace(**vars(CONTEXT), get_remaining_time_in_millis=lambda: 30_000)
    with backend("0.0.0.0") as everywhere:  # noqa: S104 - by the address that others see
        status = []
        for host in (own, "127.0.0.1"):
            deployed = snapshot(_TREE, backend=f"http://{host}:{everywhere.port}")
            name = f"{deployed.service}/{deployed.digest}"
            boto3.client("s3").put_object(Bucket="data", Key=key_of(name), Body=deployed.text().encode())
            event = _EVENT | {"stageVariables": {"snapshot": name}}
            status.append(relay.handler(event, context)["statusCode"])

    assert [502 if own.startswith("127.") else 200, 502] == status
    lines = [line for line in capsys.readouterr().out.splitlines() if KIND in json.loads(line)]
    notes = [read_line(line) for line in lines]
    assert [GatewayNote] * status.count(502) == [type(each) for each in notes], "as the filter lets them by"
