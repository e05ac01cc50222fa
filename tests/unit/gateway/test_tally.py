"""What is counted of requests, and that it does not matter in which order and batches they come."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.errors import AccessLogError
from cce.gateway.statistics.granularity import Granularity
from cce.gateway.statistics.tally import Cell, Resource, Tally, roll_up
from statistics_samples import NOW, SEOUL, SERVICE, STAGE, notes, records, request

MINUTE, TEN, HOUR, DAY = Granularity
tallies = st.builds(Tally, *[st.integers(0, 1 << 40)] * 7)


@given(tallies, tallies, tallies)
def test_sums_may_be_merged_in_any_order(a: Tally, b: Tally, c: Tally) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a == a + Tally()


@given(st.lists(records | notes, max_size=20), st.randoms())
def test_batches_may_be_cut_anywhere_and_come_in_any_order(seen: list[object], shuffled: object) -> None:
    mixed = list(seen)
    shuffled.shuffle(mixed)  # type: ignore[attr-defined] # a Random
    cut = len(mixed) // 2
    merged = Counter[Cell]()
    for part in (mixed[:cut], mixed[cut:]):
        for cell, tally in roll_up(part, SEOUL).items():  # type: ignore[arg-type] # records and notes
            merged[cell] = merged[cell] + tally if cell in merged else tally  # type: ignore[assignment,operator]

    assert roll_up(seen, SEOUL) == dict(merged)  # type: ignore[arg-type] # as above


@pytest.mark.row("164", "165", "166", "167", "170", "171", how="statistics")
def test_a_stage_counts_success_failure_groups_mean_bytes_and_the_gateways_own() -> None:
    seen = [
        request(status=204, milliseconds=10, bytes_out=0),
        request(status=304, milliseconds=30, bytes_out=0),
        request(status=404, milliseconds=0.5, bytes_out=100, answered_by="gateway", method="", path=""),
        request(status=502, milliseconds=99.5, bytes_out=40),
    ]

    tally = roll_up(seen, SEOUL)[Cell(SERVICE, STAGE, HOUR, NOW.replace(minute=0))]

    assert (2, 2) == (tally.success, tally.failure)
    assert (1, 1, 1, 1) == (tally.status_2xx, tally.status_3xx, tally.status_4xx, tally.status_5xx)
    assert (1, 140) == (tally.answered_by_gateway, tally.bytes_out)
    assert 35.0 == tally.mean_milliseconds


@pytest.mark.row("166", how="statistics")
def test_a_mean_is_weighted_by_requests_not_by_batches() -> None:
    busy = roll_up([request(milliseconds=10) for _ in range(99)], SEOUL)
    slow = roll_up([request(milliseconds=1010)], SEOUL)
    cell = Cell(SERVICE, STAGE, DAY, NOW - timedelta(hours=10, minutes=30))

    assert 20.0 == (busy[cell] + slow[cell]).mean_milliseconds
    assert Tally().mean_milliseconds is None


@pytest.mark.row("160", "162", "168", "G11", how="statistics")
def test_every_request_counts_for_its_stage_and_its_resource_in_four_granularities() -> None:
    seen = request(at=NOW - timedelta(minutes=3, seconds=1))
    cells = roll_up([seen], SEOUL)
    starts = {cell.granularity: cell.start for cell in cells}

    assert {None: 4, Resource("/members/{memberId}", "GET"): 4} == Counter(cell.resource for cell in cells)
    assert (26, 20, 0) == tuple(starts[g].minute for g in (MINUTE, TEN, HOUR))
    assert NOW - timedelta(hours=10, minutes=30) == starts[DAY]  # midnight in Seoul


def test_a_status_that_no_answer_has_is_refused() -> None:
    with pytest.raises(AccessLogError, match="101"):
        roll_up([request(status=101)], SEOUL)
