"""AWS by moto, for the adapters. Imported by the conftest of the component tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-2")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield


def make_table(name: str, partition: str, sort: str, index: tuple[str, str] | None = None) -> str:
    attributes = [partition, sort, *(index or ())]
    keys: list[Any] = [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
    indexes: dict[str, Any] = {}
    if index:
        schema = [
            {"AttributeName": index[0], "KeyType": "HASH"},
            {"AttributeName": index[1], "KeyType": "RANGE"},
        ]
        open_index = {"IndexName": "open", "KeySchema": schema, "Projection": {"ProjectionType": "ALL"}}
        indexes = {"GlobalSecondaryIndexes": [open_index]}
    boto3.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": a, "AttributeType": "S"} for a in attributes],
        KeySchema=keys,
        **indexes,
    )
    return name
