"""The gateway's book in DynamoDB and S3, and its APIs in API Gateway, by moto."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from cce.errors import DeployError, GatewayStateError
from cce.fleet.rest_apis import RestApis
from cce.gateway.definition.model import Service
from cce.gateway.deploying import Desk
from cce.gateway.records import ServiceRecord, StageRecord
from cce.gateway.statistics.access_log import access_log_format
from cce.store.gateway_book import DynamoBook
from cce.store.memory import MemoryObjects
from compiled import TARGET, compiled, http, snapshot

pytestmark = pytest.mark.usefixtures("aws")

NOW = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
LOG = "arn:aws:logs:ap-northeast-2:111111111111:log-group:gateway"


def _book(objects: MemoryObjects | None = None) -> DynamoBook:
    boto3.client("dynamodb").create_table(
        TableName="book",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("service", "entry")],
        KeySchema=[
            {"AttributeName": "service", "KeyType": "HASH"},
            {"AttributeName": "entry", "KeyType": "RANGE"},
        ],
    )
    return DynamoBook("book", objects or MemoryObjects())


def _apis(log: str = LOG) -> RestApis:
    return RestApis(endpoints=TARGET.endpoints, account="111111111111", partition="aws", log=log)


def test_the_book_keeps_services_stages_and_snapshots() -> None:
    objects = MemoryObjects()
    book = _book(objects)
    service, other = ServiceRecord(id="a" * 10, name="회원"), ServiceRecord(id="b" * 10, name="회원")
    kept = snapshot({"/a": {"methods": {"GET": http()}}})

    assert [True, False] == [book.put_service(service), book.put_service(other)]
    assert book.put_service(service.model_copy(update={"api": "x1"}))
    assert ["x1"] == [record.api for record in book.services()]
    book.keep(kept)
    assert [f"gateway/snapshots/{kept.service}/{kept.digest}.json"] == list(objects.bodies)
    assert kept == book.snapshot(kept.service, kept.digest)
    assert book.snapshot(kept.service, "0" * 64) is None


@pytest.mark.row("114", how="cli")
def test_of_two_who_write_at_once_one_wins() -> None:
    book = _book()
    first = StageRecord(service="a" * 10, stage="", version=1)

    assert [True, False] == [book.put_stage(first), book.put_stage(first)]
    second = first.model_copy(update={"version": 2})
    assert [True, False] == [book.put_stage(second), book.put_stage(second)]
    assert [2] == [record.version for record in book.stages("a" * 10)]
    book.delete_stage("a" * 10, "")
    assert book.stage("a" * 10, "") is None


@pytest.mark.row("1", "2", "3", "111", how="native")
def test_an_api_is_private_and_its_stage_names_the_snapshot() -> None:
    apis, client = _apis(), boto3.client("apigateway")
    api = apis.create(ServiceRecord(id="k3j2h1g0f9", name="회원"))
    made = client.get_rest_api(restApiId=api)
    document = compiled({"/a": {"methods": {"GET": http("/b"), "POST": http()}}})
    apis.deploy(api, "dev", document, "k3j2h1g0f9/d1", "the first")
    apis.deploy(api, "dev", document, "k3j2h1g0f9/d2", "the second")
    stage = client.get_stage(restApiId=api, stageName="dev")

    assert ("k3j2h1g0f9", ["PRIVATE"]) == (made["name"], made["endpointConfiguration"]["types"])
    assert "cce gateway: 회원" == made["description"]
    assert list(TARGET.endpoints) == made["endpointConfiguration"]["vpcEndpointIds"]
    assert {"snapshot": "k3j2h1g0f9/d2"} == stage["variables"]
    assert (LOG, access_log_format()) == (
        stage["accessLogSettings"]["destinationArn"],
        stage["accessLogSettings"]["format"],
    )
    assert {"/", "/a"} == {r["path"] for r in client.get_resources(restApiId=api)["items"]}
    apis.delete_stage(api, "dev")
    with pytest.raises(DeployError, match="NotFoundException"):
        apis.delete_stage(api, "dev")


def test_an_api_that_is_gone_fails_the_deployment_and_the_book_says_so() -> None:
    book = _book()
    desk = Desk(book, _apis(log=""), TARGET, lambda _api, _stage: None)
    service = _service()
    record = desk.apply(service, service.stages[0], NOW, "kim")
    desk.deploy("members", "", NOW, "kim")
    boto3.client("apigateway").delete_rest_api(restApiId=desk.service("members").api)
    changed = _service("/v2")
    desk.apply(changed, changed.stages[0], NOW, "kim")
    with pytest.raises(DeployError, match="NotFoundException"):
        desk.deploy("members", "", NOW + timedelta(minutes=1), "kim")

    found = book.stage(record.service, "")
    assert found
    assert ["complete", "failure"] == [each.status for each in found.deployments]
    with pytest.raises(GatewayStateError, match="no stage dev"):
        desk.deploy("members", "dev", NOW, "kim")


def test_functions_may_be_called_by_the_api_that_names_them() -> None:
    functions, archive = boto3.client("lambda"), io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("app.py", "")
    role = boto3.client("iam").create_role(RoleName="relay", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    functions.create_function(
        FunctionName="relay",
        Runtime="python3.13",
        Role=role,
        Handler="app.handler",
        Code={"ZipFile": archive.getvalue()},
    )
    apis = _apis()
    api = apis.create(ServiceRecord(id="k3j2h1g0f9", name="members"))
    document = compiled({"/a": {"methods": {"GET": http("/", response_headers={"set": {"x-a": "1"}})}}})
    for name in ("d1", "d2"):
        apis.deploy(api, "dev", document, f"k3j2h1g0f9/{name}", "")

    statements = json.loads(functions.get_policy(FunctionName="relay")["Policy"])["Statement"]
    assert {f"gateway-{api}"} == {statement["Sid"] for statement in statements}
    assert f"arn:aws:execute-api:ap-northeast-2:111111111111:{api}/*" in json.dumps(statements)


def _service(path: str = "/v1") -> Service:
    found = snapshot({"/a": {"methods": {"GET": http(path)}}})
    return Service(name="members", resources=found.resources, stages=(found.stage,))
