"""functions/statistics with its event: what it counts, what it leaves out, and what it says of that."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from aws_by_moto import make_table
from cce.errors import MessageError
from cce.gateway.statistics.period import Period
from cce.gateway.statistics.tally import Tally
from cce.store.statistics import DynamoStatistics
from lambda_functions import CONTEXT, event_of, load_function
from statistics_samples import SEOUL, delivery

if TYPE_CHECKING:
    from types import ModuleType

EVENT = event_of("statistics")


@pytest.fixture
def function(aws: None, monkeypatch: pytest.MonkeyPatch) -> ModuleType:  # noqa: ARG001 - it is there
    environment = {
        "STATISTICS_TABLE": make_table("s", "series", "point"),
        "STATISTICS_ZONE": "Asia/Seoul",
        "POWERTOOLS_METRICS_NAMESPACE": "cce-fleet",
    }
    return load_function("statistics", environment, monkeypatch)


def counted() -> Tally:
    end = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
    period = Period.asked(end.replace(hour=0), end, now=end, zone=SEOUL)
    return sum(DynamoStatistics("s").points("a1b2c3d4e5", "prod", period).values(), Tally())


def called(function: ModuleType, event: dict[str, Any]) -> dict[str, int]:
    return dict(function.handler(event, CONTEXT))


@pytest.mark.row("160", "171", how="statistics")
def test_the_event_is_counted_once_and_its_malformed_line_costs_only_itself(
    function: ModuleType, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    answers = [called(function, EVENT) for _ in range(2)]  # Lambda may deliver an event twice
    said = [vars(record) for record in caplog.records]

    assert [{"counted": 5, "malformed": 1}] * 2 == answers
    assert (2, 2, 2, 792) == (
        counted().success,
        counted().failure,
        counted().answered_by_gateway,  # one unmapped, one that the relay refused
        counted().bytes_out,
    )
    assert {"38000000000000000000000000000000000000000000000000000006"} == {each["event_id"] for each in said}
    assert "none of ours" not in str(said)
    assert '"MalformedAccessLines":[1.0]' in capsys.readouterr().out


def test_a_control_message_writes_nothing(function: ModuleType) -> None:
    assert {"counted": 0, "malformed": 0} == called(function, delivery("hello", kind="CONTROL_MESSAGE"))


def test_an_event_of_something_else_fails_so_that_it_ends_in_the_dead_letter_queue(
    function: ModuleType,
) -> None:
    with pytest.raises(MessageError):
        called(function, {"Records": []})
