"""Blocking of backends that do not answer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from cce.errors import StoreError
from cce.gateway.blocking import Breaker, MemoryTroubles
from cce.gateway.definition.stage import Blocking
from cce.gateway.message import Response
from cce.gateway.relay.exchange import Exchange
from cce.gateway.relay.spare import SpareTroubles
from cce.gateway.relay.upstream import (
    AddressError,
    BrokenError,
    LateError,
    NoAnswerError,
    OversizeError,
    UnreachableError,
)
from gateway_world import NOW, engine, forwarded, request, to

if TYPE_CHECKING:
    from datetime import datetime

_ORIGIN = "https://backend.example:443"


def breaker(troubles: Any = None, stage: str = "dev", **settings: Any) -> Breaker:
    shared = MemoryTroubles() if troubles is None else troubles
    return Breaker(f"abcdefghij/{stage}", shared, Blocking(**settings), patience=20)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.row("155", how="local")
def test_failures_in_a_row_block_for_a_while() -> None:
    broken = breaker(failures=3, seconds=30)
    for _ in range(2):
        broken.failed(_ORIGIN, NOW)
    assert broken.admits(_ORIGIN, NOW)
    broken.failed(_ORIGIN, NOW)

    assert [False, False] == [broken.admits(_ORIGIN, after(s)) for s in (0, 29.9)]
    assert broken.admits("https://backend.example:8443", NOW), "another port is another backend"


def test_an_impatient_stage_blocks_nothing_of_another() -> None:
    shared = MemoryTroubles()
    breaker(shared, "dev", failures=1).failed(_ORIGIN, NOW)

    assert [False, True] == [breaker(shared, stage).admits(_ORIGIN, NOW) for stage in ("dev", "")]


@pytest.mark.row("155", how="local")
def test_one_probe_goes_through_and_decides() -> None:
    broken = breaker(failures=1, seconds=30)
    broken.failed(_ORIGIN, NOW)

    assert [True, False, False] == [broken.admits(_ORIGIN, after(31)) for _ in range(3)]
    broken.failed(_ORIGIN, after(32))
    assert [False, True] == [broken.admits(_ORIGIN, after(s)) for s in (61, 63)]
    broken.answered(_ORIGIN)
    assert all(broken.admits(_ORIGIN, after(64)) for _ in range(3))
    broken.failed(_ORIGIN, after(65))
    assert not broken.admits(_ORIGIN, after(65)), "the count began anew: one failure blocks again"


def test_a_probe_that_never_came_back_is_replaced() -> None:
    broken = breaker(failures=1, seconds=30)
    broken.failed(_ORIGIN, NOW)
    assert broken.admits(_ORIGIN, after(31))

    assert [False, True] == [broken.admits(_ORIGIN, after(s)) for s in (31 + 49, 31 + 51)]


@pytest.mark.row("156", how="local")
def test_answers_never_block_whatever_they_are() -> None:
    exchange = Exchange(engine({"/a": {"methods": {"GET": to("/a")}}}), breaker(failures=1))
    forward = forwarded(exchange.engine, request("GET", "/a"))
    for number in range(1000):
        assert 500 == exchange.answered(forward, Response(500)).response.status
        assert exchange.begun(request("GET", "/a"), after(number)) == forward


@pytest.mark.row("155", "156", how="local")
def test_an_answer_begins_the_count_anew() -> None:
    broken = breaker(failures=2)
    for _ in range(10):
        broken.failed(_ORIGIN, NOW)
        broken.answered(_ORIGIN)

    assert broken.admits(_ORIGIN, NOW)


@pytest.mark.row("155", "171", "5020001", "5030001", "5040001", "153", how="local")
@pytest.mark.parametrize(
    ("error", "status", "code", "blocks", "answered_by"),
    [
        (UnreachableError("x"), 502, 5020001, True, "backend"),
        (LateError("x"), 504, 5040001, True, "backend"),
        (BrokenError("x"), 502, 5020001, False, "backend"),
        (AddressError("x"), 502, 5020001, False, "gateway"),
        (OversizeError("x"), 500, 500000001, False, "backend"),
    ],
)
def test_what_counts(error: NoAnswerError, status: int, code: int, blocks: bool, answered_by: str) -> None:  # noqa: FBT001 - a column
    exchange = Exchange(engine({"/a": {"methods": {"GET": to("/a")}}}), breaker(failures=1))
    asked = request("GET", "/a")
    outcome = exchange.failed(forwarded(exchange.engine, asked), error, NOW)

    assert (status, answered_by) == (outcome.response.status, outcome.response.answered_by)
    assert f'"resultCode":{code}'.encode() in outcome.response.body
    assert b"x" not in outcome.response.body.split(b"resultMessage")[0]
    then = exchange.begun(asked, NOW)
    assert blocks is hasattr(then, "response")
    if blocks:
        assert (503, b'"resultCode":5030001' in then.response.body) == (then.response.status, True)


def test_switched_off_nothing_is_counted() -> None:
    troubles = MemoryTroubles()
    broken = breaker(troubles, enabled=False, failures=1)
    broken.failed(_ORIGIN, NOW)

    assert (True, {}) == (broken.admits(_ORIGIN, NOW), troubles.known)


class Gone:
    """A store that does not answer."""

    def __getattr__(self, _name: str) -> Any:
        def refuse(*_arguments: object) -> Any:
            raise StoreError("the table is gone")

        return refuse


def test_a_store_that_fails_blocks_nobody_and_is_told_of() -> None:
    told: list[StoreError] = []
    broken = breaker(SpareTroubles(Gone(), told.append), failures=1)
    broken.failed(_ORIGIN, NOW)
    broken.answered(_ORIGIN)

    assert broken.admits(_ORIGIN, NOW)
    assert 3 == len(told)
