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


def make_table(
    name: str, partition: str, sort: str, index: tuple[str, str] | None = None, **more: tuple[str, str]
) -> str:
    """A table with indexes by name; ``index`` is the one called ``open``."""
    indexes = more | ({"open": index} if index else {})
    attributes = dict.fromkeys([partition, sort, *(key for keys in indexes.values() for key in keys)])
    made: list[Any] = [
        {"IndexName": each, "KeySchema": _schema(*keys), "Projection": {"ProjectionType": "ALL"}}
        for each, keys in indexes.items()
    ]
    extra: dict[str, Any] = {"GlobalSecondaryIndexes": made} if made else {}
    boto3.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": a, "AttributeType": "S"} for a in attributes],
        KeySchema=_schema(partition, sort),
        **extra,
    )
    return name


def _schema(partition: str, sort: str) -> list[Any]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
