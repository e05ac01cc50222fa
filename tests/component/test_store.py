"""The bucket and the other tables: written once, never backwards."""

from __future__ import annotations

import boto3
import pytest

from aws_by_moto import make_table
from cce.errors import StoreError
from cce.pipeline.records import ServerRecord
from cce.store.objects import S3Objects
from cce.store.servers import DynamoServers
from cce.store.verdicts import DynamoVerdicts

SRVID = "111111111111/ap-northeast-2/i-0123456789abcdef0"


@pytest.fixture
def objects(aws: None) -> S3Objects:  # noqa: ARG001 - it is there
    location = {"LocationConstraint": "ap-northeast-2"}
    boto3.client("s3").create_bucket(Bucket="data", CreateBucketConfiguration=location)
    return S3Objects("data")


def test_an_object_is_written_once(objects: S3Objects) -> None:
    assert [True, False] == [objects.put_new("evidence/x", body) for body in (b"first", b"second")]
    assert b"first" == objects.get("evidence/x")


def test_a_missing_object_is_none_and_a_missing_bucket_an_error(objects: S3Objects) -> None:
    assert objects.get("nothing") is None
    with pytest.raises(StoreError, match="s3://elsewhere/x"):
        S3Objects("elsewhere").put("x", b"")


@pytest.mark.usefixtures("aws")
def test_an_older_assessment_never_replaces_a_newer_one() -> None:
    servers = DynamoServers(make_table("s", "place", "instance_id"))
    newer = ServerRecord(SRVID, "web-1", "Debian", "20261122T013000Z-0000", "", {"kisa-2021": {"good": 3}})
    older = ServerRecord(SRVID, "old-name", "Debian", "20251122T013000Z-0000", "")

    servers.assessed(newer)
    servers.assessed(older)

    assert [newer] == servers.known("111111111111", "ap-northeast-2")
    assert [] == servers.known("222222222222", "ap-northeast-2")


@pytest.mark.usefixtures("aws")
def test_the_latest_verdict_of_a_server_stands_last() -> None:
    verdicts = DynamoVerdicts(make_table("v", "srvid", "verdict_key"))
    for year in ("2026", "2025"):
        line = {
            "srvid": SRVID,
            "assessment_id": f"{year}1122T013000Z-0000",
            "benchmark": "kisa-2021",
            "item": "U-01",
        }
        rest = dict.fromkeys(("rule", "severity", "verdict", "reason_ko", "reason_en"), "x")
        verdicts.add([line | rest])
        verdicts.add([line | rest | {"tailored": [{"value": "5"}, {"value": "6"}]}])

    table = boto3.resource("dynamodb").Table("v")
    items = table.query(KeyConditionExpression=boto3.dynamodb.conditions.Key("srvid").eq(SRVID))["Items"]
    assert ["20251122T013000Z-0000#kisa-2021#U-01", "20261122T013000Z-0000#kisa-2021#U-01"] == [
        item["verdict_key"] for item in items
    ]
    # how many deviations from the guide; what they are lies in S3
    assert [2, 2] == [item["tailored"] for item in items]
