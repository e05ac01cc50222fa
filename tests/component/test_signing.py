"""Secrets Manager, the table of used signatures, the snapshots; and functions/authorizer with its event."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber
from freezegun import freeze_time

from authorizer_world import EVENT, PLACE
from cce.errors import SecretError, SnapshotError, StoreError, UnauthorizedError, UndecidedError
from cce.gateway.definition.stage import IpAcl, Stage
from cce.gateway.signing.keys import Key
from cce.gateway.signing.ports import Place
from cce.gateway.snapshot import Snapshot
from cce.store.deployed_stages import DeployedStages
from cce.store.kept import Kept
from cce.store.local_secrets import LocalSecrets
from cce.store.memory import MemoryObjects
from cce.store.memory_signing import MemoryReplays
from cce.store.replays import DynamoReplays
from cce.store.secrets import SECONDS, ManagedSecrets
from cce.store.snapshots import DeployedSnapshots, key_of
from lambda_functions import CONTEXT, load_function
from signing_world import KEY, NOW, asked, settings

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from cce.gateway.signing.ports import ReplayStore

NAME = "gateway/test"
DEPLOYED = Snapshot(
    service="k3j2h1g0f9",
    resources={},
    stage=Stage(name="v1", backend="https://b.example", hmac=settings(replay=True)),
)
DEPLOYED_AS = f"{DEPLOYED.service}/{DEPLOYED.digest}"


def _table() -> str:
    boto3.client("dynamodb").create_table(
        TableName="used",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "signature", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "signature", "KeyType": "HASH"}],
    )
    return "used"


def _store(secret: str) -> None:
    client: Any = boto3.client("secretsmanager")
    try:
        client.create_secret(Name=NAME, SecretString=secret)
    except client.exceptions.ResourceExistsException:
        client.put_secret_value(SecretId=NAME, SecretString=secret)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.row("125", how="authorizer")
@pytest.mark.usefixtures("aws")
def test_during_a_rotation_the_current_and_the_previous_secret_are_good() -> None:
    clock = Clock()
    secrets = ManagedSecrets(clock)
    _store("one")
    assert (Key("current", "one"),) == secrets.keys(NAME)

    _store("two")
    assert (Key("current", "one"),) == secrets.keys(NAME)
    clock.now = SECONDS
    assert (Key("current", "two"), Key("previous", "one")) == secrets.keys(NAME)
    _store("three")
    clock.now = 2 * SECONDS
    assert (Key("current", "three"), Key("previous", "two")) == secrets.keys(NAME)


@pytest.mark.usefixtures("aws")
def test_a_secret_that_is_none_is_an_error() -> None:
    with pytest.raises(SecretError, match="no version AWSCURRENT"):
        ManagedSecrets().keys("gateway/absent")
    boto3.client("secretsmanager").create_secret(Name="binary", SecretBinary=b"x")
    with pytest.raises(SecretError, match="is binary; store it as text"):
        ManagedSecrets().keys("binary")


@pytest.mark.usefixtures("aws")
def test_a_secret_known_before_is_no_good_when_secrets_manager_refuses() -> None:
    clock = Clock()
    secrets = ManagedSecrets(clock)
    _store("one")
    secrets.keys(NAME)
    clock.now = SECONDS

    with Stubber(secrets._client) as stub:  # noqa: SLF001 - answers of AWS are played there
        stub.add_client_error("get_secret_value", "AccessDeniedException", "not you")
        with pytest.raises(SecretError, match=r"gateway/test \(AWSCURRENT\): AccessDeniedException: not you"):
            secrets.keys(NAME)


@pytest.mark.row("125", how="local")
def test_local_secrets_are_in_the_environment_or_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNING_SECRET", "비밀 ")
    file = tmp_path / "secret"
    file.write_bytes(b"one\r\n")
    assert (Key("current", "비밀 "),) == LocalSecrets().keys("env:SIGNING_SECRET")
    assert (Key("current", "one"),) == LocalSecrets().keys(f"file:{file}")
    monkeypatch.setenv("SIGNING_SECRET_PREVIOUS", "before")
    file.with_name("secret.previous").write_bytes(b"zero\n")
    assert (Key("current", "비밀 "), Key("previous", "before")) == LocalSecrets().keys("env:SIGNING_SECRET")
    assert (Key("current", "one"), Key("previous", "zero")) == LocalSecrets().keys(f"file:{file}")
    file.write_bytes(b"\n")
    for reference, words in (
        ("env:SIGNING_ABSENT", "no variable SIGNING_ABSENT"),
        (f"file:{tmp_path}/absent", "cannot be read"),
        (f"file:{file}", "is empty"),
        ("hunter2", "env:NAME or file:PATH"),
    ):
        with pytest.raises(SecretError, match=words) as raised:
            LocalSecrets().keys(reference)
        assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("kind", ["dynamodb", "memory"])
@pytest.mark.usefixtures("aws")
def test_a_signature_is_used_once_by_one_request_on_one_stage(kind: str) -> None:
    replays: ReplayStore = DynamoReplays(_table()) if kind == "dynamodb" else MemoryReplays()

    assert replays.first(PLACE, "a", "1", NOW)
    assert not replays.first(PLACE, "a", "2", NOW)
    assert replays.first(PLACE, "a", "1", NOW)  # the SDK repeated its write
    assert replays.first(PLACE, "b", "2", NOW)
    assert replays.first(Place(PLACE.service, "v2"), "a", "2", NOW)


@pytest.mark.usefixtures("aws")
def test_entries_expire_and_a_table_that_is_not_there_is_an_error() -> None:
    DynamoReplays(_table()).first(PLACE, "a", "1", NOW + timedelta(seconds=601))
    (item,) = boto3.resource("dynamodb").Table("used").scan()["Items"]

    assert int(NOW.timestamp()) + 601 == item["expires"]
    with pytest.raises(StoreError, match="elsewhere"):
        DynamoReplays("elsewhere").first(PLACE, "a", "1", NOW)


def test_settings_come_from_the_snapshot_and_what_does_not_say_is_not_open() -> None:
    objects = MemoryObjects()
    deployed = DeployedStages(DeployedSnapshots(objects))
    acl = IpAcl(mode="allow", entries=("192.0.2.0/24",))
    stages = {
        hmac: Snapshot(
            service="k3j2h1g0f9",
            resources={},
            stage=Stage(backend="https://b.example", hmac=settings() if hmac else None, ip_acl=acl),
        )
        for hmac in (True, False)
    }
    with pytest.raises(SnapshotError, match="deploy the stage"):
        deployed.settings(PLACE)
    for hmac, snapshot in stages.items():
        name = f"k3j2h1g0f9/{snapshot.digest}"
        with pytest.raises(SnapshotError, match="deploy the stage again"):
            deployed.settings(Place(*PLACE[:2], name))
        objects.put(key_of(name), snapshot.text().encode())

        assert (settings() if hmac else None) == deployed.settings(Place(*PLACE[:2], name))
        for address, admitted in (("192.0.2.7", True), ("198.51.100.7", False)):
            request = asked()._replace(client=ip_address(address))
            assert admitted is deployed.admits(Place(*PLACE[:2], name), request)


def test_what_fails_is_read_again() -> None:
    answers: list[int | SecretError] = [SecretError("no"), 1]

    def read(_: str) -> int:
        answer = answers.pop(0)
        if isinstance(answer, SecretError):
            raise answer
        return answer

    kept = Kept(read, 60)
    with pytest.raises(SecretError):
        kept.get("a")
    assert [1, 1] == [kept.get("a"), kept.get("a")]


@pytest.fixture
def function(aws: None, monkeypatch: pytest.MonkeyPatch) -> ModuleType:  # noqa: ARG001 - it is there
    boto3.client("s3").create_bucket(
        Bucket="data", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"}
    )
    boto3.client("s3").put_object(Bucket="data", Key=key_of(DEPLOYED_AS), Body=DEPLOYED.text().encode())
    return load_function("authorizer", {"BUCKET": "data", "REPLAYS_TABLE": _table()}, monkeypatch)


@pytest.mark.row("129", "136", how="authorizer")
def test_the_function_allows_refuses_and_fails(
    function: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    event = EVENT | {"stageVariables": {"snapshot": DEPLOYED_AS}}
    again = event | {"requestContext": EVENT["requestContext"] | {"requestId": "another"}}
    with freeze_time(NOW):
        with pytest.raises(UndecidedError, match="no version AWSCURRENT"):
            function.handler(event, CONTEXT)
        _store(KEY.secret)
        answer = function.handler(event, CONTEXT)
        assert "Allow" == answer["policyDocument"]["Statement"][0]["Effect"]
        with pytest.raises(UnauthorizedError, match=r"^Unauthorized$"):
            function.handler(again, CONTEXT)

    lines = [vars(record) for record in caplog.records]
    assert [("ERROR", "undecided"), ("INFO", "allowed"), ("INFO", "unauthorized")] == [
        (line["levelname"], line["message"]) for line in lines
    ]
    assert ["CCE-620", None, "4011008"] == [line.get("reason") for line in lines]
    ids = [(line["request_id"], line["extended_request_id"]) for line in lines[1:]]
    assert [(EVENT["requestContext"]["requestId"], "invented="), ("another", "invented=")] == ids
    assert KEY.secret not in str(lines)


def test_used_signatures_are_forgotten_when_their_date_is_refused_anyway() -> None:
    replays = MemoryReplays(clock=lambda: NOW)
    for number in range(3000):
        assert replays.first(PLACE, f"old{number}", "id", NOW - timedelta(seconds=1))
    assert replays.first(PLACE, "new", "one", NOW + timedelta(seconds=1))
    assert not replays.first(PLACE, "new", "two", NOW + timedelta(seconds=1))
    assert 2048 > len(replays.used)
