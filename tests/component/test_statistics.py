"""The statistics table and its twin in SQLite: what is added once, found by period, and gone in time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import Stubber

from aws_by_moto import make_table
from cce.errors import StoreError
from cce.gateway.statistics.tally import Resource, Tally, roll_up
from cce.store import statistics as statistics_module
from cce.store.statistics import DynamoStatistics
from cce.store.statistics_file import FileStatistics
from statistics_samples import NOW, SEOUL, SERVICE, STAGE, last, request

if TYPE_CHECKING:
    from pathlib import Path

    from cce.gateway.statistics.ports import StatisticsBook
    from cce.gateway.statistics.record import AccessRecord


@pytest.fixture(params=["dynamodb", "sqlite"])
def book(request: pytest.FixtureRequest, aws: None) -> StatisticsBook:  # noqa: ARG001 - it is there
    if request.param == "sqlite":
        return FileStatistics()
    return DynamoStatistics(make_table("s", "series", "point"))


def count(book: StatisticsBook, batch: str, *seen: AccessRecord) -> None:
    book.add(batch, roll_up(seen, SEOUL), NOW)


@pytest.mark.row("160", "164", "169", "172", "173", how="statistics")
def test_requests_are_found_by_stage_and_by_resource(book: StatisticsBook) -> None:
    made = [
        request(5),
        request(5.5, status=500, milliseconds=80),
        request(40, method="POST", path="/members"),
        request(50, method="", path="", status=404, answered_by="gateway"),
        request(5, stage="beta"),
        request(5, service="f6g7h8i9j0"),
        request(70),
    ]
    count(book, "b1", *made)
    points = book.points(SERVICE, STAGE, last(hours=1))
    resources = book.resources(SERVICE, STAGE, last(hours=1))

    assert {5: 1, 6: 1, 40: 1, 50: 1} == {
        (NOW - start) // timedelta(minutes=1): tally.success + tally.failure
        for start, tally in points.items()
    }
    assert sum(points.values(), Tally()) == sum(resources.values(), Tally())
    assert {Resource("/members/{memberId}", "GET"), Resource("/members", "POST"), Resource()} == set(
        resources
    )
    mixed = resources[Resource("/members/{memberId}", "GET")]
    assert (1, 1, 60.0, 1024) == (mixed.success, mixed.failure, mixed.mean_milliseconds, mixed.bytes_out)
    assert 1 == resources[Resource()].answered_by_gateway


@pytest.mark.row("163", how="statistics")
@pytest.mark.parametrize("length", [{"hours": 1}, {"days": 1}, {"weeks": 1}, {"days": 90}])
def test_every_granularity_finds_what_lies_in_its_period(
    book: StatisticsBook, length: dict[str, int]
) -> None:
    period = last(**length)
    inside = [request(at=period.start), request(at=period.end - timedelta(seconds=1))]
    outside = [request(at=period.start - timedelta(seconds=1)), request(at=period.end)]
    count(book, "b1", *inside, *outside)

    assert 2 == sum(t.success for t in book.points(SERVICE, STAGE, period).values())
    assert 2 == sum(t.success for t in book.resources(SERVICE, STAGE, period).values())


def test_a_batch_counts_once_however_often_it_comes(book: StatisticsBook) -> None:
    for _ in range(3):
        count(book, "b1", request(), request(6))
    count(book, "b2", request())

    assert 3 == sum(t.success for t in book.points(SERVICE, STAGE, last(hours=1)).values())


@pytest.mark.row("159", "162", how="statistics")
def test_stages_are_listed_with_the_time_that_they_were_counted_last(book: StatisticsBook) -> None:
    assert [] == list(book.stages())
    book.add("b1", roll_up([request(), request(stage="")], SEOUL), NOW)
    book.add("b2", roll_up([request()], SEOUL), NOW - timedelta(minutes=1))  # it came late

    assert [(SERVICE, "", NOW), (SERVICE, STAGE, NOW)] == [
        (each.service, each.stage, each.last_updated) for each in book.stages()
    ]
    assert (NOW, None) == (book.last_updated(SERVICE, STAGE), book.last_updated(SERVICE, "never"))


@pytest.mark.usefixtures("aws")
def test_a_batch_that_failed_half_way_is_finished_when_it_comes_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Lambda runs the function again with the same event; the parts that were added stay as they are."""
    monkeypatch.setattr(statistics_module, "_PART", 5)
    book = DynamoStatistics(make_table("s", "series", "point"))
    write, calls = book._write, []  # noqa: SLF001 - the network breaks there

    def breaking(writes: list[dict[str, object]]) -> None:
        calls.append(writes)
        if len(calls) == 2:
            raise StoreError("s: the connection was closed")
        write(writes)

    monkeypatch.setattr(book, "_write", breaking)
    seen = [request(minutes, path=f"/{minutes}") for minutes in range(1, 4)]
    with pytest.raises(StoreError):
        count(book, "b1", *seen)
    assert book.last_updated(SERVICE, STAGE) is None
    count(book, "b1", *seen)

    assert 3 == sum(t.success for t in book.points(SERVICE, STAGE, last(days=1)).values())
    assert [1, 1, 1] == [t.success for t in book.resources(SERVICE, STAGE, last(days=90)).values()]


@pytest.mark.usefixtures("aws")
def test_two_functions_that_meet_in_a_cell_both_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics_module, "_LONGEST_WAIT", 0)
    book = DynamoStatistics(make_table("s", "series", "point"))
    stubber = Stubber(book._table.meta.client)  # noqa: SLF001 - answers of AWS are played there
    met = [{"Code": "None"}, {"Code": "TransactionConflict"}]
    extra = {"CancellationReasons": met}
    stubber.add_client_error("transact_write_items", "TransactionCanceledException", modeled_fields=extra)
    stubber.add_response("transact_write_items", {})
    stubber.add_client_error("transact_write_items", "ValidationException")
    with stubber, pytest.raises(StoreError, match="ValidationException"):
        count(book, "b1", *(request(path=f"/{number}") for number in range(20)))  # two transactions


@pytest.mark.row("161", "G11", how="statistics")
@pytest.mark.usefixtures("aws")
def test_sums_expire_after_three_months_and_batches_after_two_weeks() -> None:
    book = DynamoStatistics(make_table("s", "series", "point"))
    count(book, "b1", request(0))
    items = boto3.resource("dynamodb").Table("s").scan()["Items"]
    days = {str(item["series"]): (int(item["expires_at"]) - NOW.timestamp()) / 86400 for item in items}

    assert 15 == days.pop("batch#b1")
    assert {True} == {96 < left <= 97 for left in days.values()}


@pytest.mark.row("161", how="statistics")
def test_the_file_forgets_what_can_no_longer_be_asked_for(tmp_path: Path) -> None:
    book = FileStatistics(tmp_path / "statistics.db")
    old = NOW - timedelta(days=98)
    book.add("old", roll_up([request(at=old, service="gone")], SEOUL), old)
    count(book, "b1", request())

    assert [SERVICE] == [each.service for each in book.stages()]
    book.close()
    again = FileStatistics(tmp_path / "statistics.db")
    count(again, "b1", request())
    assert 1 == sum(t.success for t in again.points(SERVICE, STAGE, last(hours=1)).values())
    again.close()


def test_a_file_that_is_none_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "no.db").write_text("this is no database, whoever says so" * 100)

    with pytest.raises(StoreError, match=r"no\.db"):
        FileStatistics(tmp_path / "no.db")
