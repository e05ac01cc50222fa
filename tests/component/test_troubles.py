"""The state of blocking: the table in DynamoDB and its twin in memory; the snapshots in the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from cce.errors import SnapshotError, StoreError
from cce.gateway.blocking import MemoryTroubles, Trouble
from cce.store.memory import MemoryObjects
from cce.store.snapshots import DeployedSnapshots, key_of
from cce.store.troubles import DynamoTroubles
from gateway_world import fixed, snapshot

if TYPE_CHECKING:
    from cce.gateway.blocking import Troubles

_BACKEND = "abcdefghij/dev https://backend.example:443"
_NOW = 1_795_309_323


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def make_table() -> str:
    boto3.client("dynamodb").create_table(
        TableName="troubles",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "backend", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "backend", "KeyType": "HASH"}],
    )
    return "troubles"


@pytest.fixture(params=["dynamo", "memory"])
def troubles(request: pytest.FixtureRequest, aws: None) -> Troubles:  # noqa: ARG001 - it is there
    return DynamoTroubles(make_table(), Clock()) if request.param == "dynamo" else MemoryTroubles()


@pytest.mark.row("155", "G6", how="relay")
def test_failures_are_counted_and_forgotten(troubles: Troubles) -> None:
    assert None is troubles.get(_BACKEND)
    assert [1, 2] == [troubles.add(_BACKEND, _NOW) for _ in range(2)]
    assert Trouble(2, 0) == troubles.get(_BACKEND)
    troubles.clear(_BACKEND)
    assert (None, 1) == (troubles.get(_BACKEND), troubles.add(_BACKEND, _NOW))
    assert None is troubles.get("https://other.example:443")


@pytest.mark.row("155", how="relay")
def test_one_wins_the_probe(troubles: Troubles) -> None:
    troubles.add(_BACKEND, _NOW)
    troubles.block(_BACKEND, _NOW + 30)

    assert Trouble(1, _NOW + 30) == troubles.get(_BACKEND)
    assert [True, False] == [troubles.claim(_BACKEND, _NOW + 30, _NOW + 80) for _ in range(2)]
    assert Trouble(1, _NOW + 80) == troubles.get(_BACKEND)
    troubles.clear(_BACKEND)
    assert not troubles.claim(_BACKEND, _NOW + 80, _NOW + 130)


@pytest.mark.usefixtures("aws")
def test_a_backend_that_answered_meanwhile_is_not_blocked() -> None:
    table = DynamoTroubles(make_table(), Clock())
    table.block(_BACKEND, _NOW + 30)

    assert None is table.get(_BACKEND)


@pytest.mark.usefixtures("aws")
def test_functions_share_the_state_and_read_it_every_two_seconds() -> None:
    make_table()
    clock = Clock()
    one, other = DynamoTroubles("troubles", clock), DynamoTroubles("troubles", clock)
    assert None is other.get(_BACKEND)
    assert [1, 2] == [each.add(_BACKEND, _NOW) for each in (one, one)]

    assert None is other.get(_BACKEND)
    clock.now = 2.0
    assert Trouble(2, 0) == other.get(_BACKEND)
    assert 3 == other.add(_BACKEND, _NOW)


@pytest.mark.usefixtures("aws")
def test_what_nothing_follows_expires() -> None:
    DynamoTroubles(make_table()).add(_BACKEND, _NOW)
    item = boto3.client("dynamodb").get_item(TableName="troubles", Key={"backend": {"S": _BACKEND}})["Item"]

    assert str(_NOW + 86_400) == item["expires"]["N"]


@pytest.mark.usefixtures("aws")
def test_a_table_that_is_not_there() -> None:
    with pytest.raises(StoreError, match="gone"):
        DynamoTroubles("gone").get(_BACKEND)


def test_snapshots_are_what_their_names_say() -> None:
    objects = MemoryObjects()
    deployed, changed = (snapshot({"/a": {"methods": {"GET": fixed(status)}}}) for status in (200, 204))
    name = f"{deployed.service}/{deployed.digest}"
    objects.put(key_of(name), deployed.text().encode())
    assert deployed == DeployedSnapshots(objects).get(name)

    objects.put(key_of(name), changed.text().encode())
    with pytest.raises(SnapshotError, match="not what its name says"):
        DeployedSnapshots(objects).get(name)
    objects.put(key_of(name), b'{"service": "abcdefghij"}')
    with pytest.raises(SnapshotError, match="resources: Field required; deploy"):
        DeployedSnapshots(objects).get(name)


@pytest.mark.parametrize("name", ["", "a", "../" + "0" * 64, "a/b/" + "0" * 64, "abcdefghij/" + "F" * 64])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(SnapshotError, match="deploy the stage"):
        DeployedSnapshots(MemoryObjects()).get(name)
