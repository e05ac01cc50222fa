"""Blocking of backends that do not answer."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from cce.errors import StoreError
from cce.gateway.blocking import Breaker, MemoryTroubles
from cce.gateway.definition.stage import Blocking
from cce.gateway.engine import Outcome
from cce.gateway.message import Response
from cce.gateway.relay.exchange import Call, Exchange
from cce.gateway.relay.spare import SpareTroubles
from cce.gateway.relay.upstream import (
    AddressError,
    BrokenError,
    LateError,
    NoAnswerError,
    OversizeError,
    SilentError,
    UnreachableError,
)
from gateway_world import NOW, engine, request, to

if TYPE_CHECKING:
    from datetime import datetime

_ORIGIN = "https://backend.example:443"
_REQUEST = request("GET", "/a")


def breaker(troubles: Any = None, stage: str = "dev", **settings: Any) -> Breaker:
    shared = MemoryTroubles() if troubles is None else troubles
    return Breaker(f"abcdefghij/{stage}", shared, Blocking(**settings), patience=20)


def admitted(broken: Breaker, seconds: float = 0) -> bool:
    return broken.admits(_ORIGIN, after(seconds)) is not None


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


class UnexpectedError(Exception):
    """What nobody expected."""


def exchanging(**settings: Any) -> Exchange:
    return Exchange(engine({"/a": {"methods": {"GET": to("/a")}}}), breaker(**settings))


def asked(exchange: Exchange, seconds: float = 0) -> Call:
    call = exchange.begun(_REQUEST, after(seconds))
    assert isinstance(call, Call), call
    return call


@pytest.mark.row("155", how="local")
def test_failures_in_a_row_block_for_a_while() -> None:
    broken = breaker(failures=3, seconds=30)
    for _ in range(2):
        broken.failed(_ORIGIN, NOW)
    assert admitted(broken)
    broken.failed(_ORIGIN, NOW)

    assert [False, False] == [admitted(broken, s) for s in (0, 29.9)]
    assert broken.admits("https://backend.example:8443", NOW), "another port is another backend"


def test_an_impatient_stage_blocks_nothing_of_another() -> None:
    shared = MemoryTroubles()
    breaker(shared, "dev", failures=1).failed(_ORIGIN, NOW)

    assert [False, True] == [admitted(breaker(shared, stage)) for stage in ("dev", "")]


@pytest.mark.row("155", how="local")
def test_one_probe_goes_through_and_decides() -> None:
    broken = breaker(failures=1, seconds=30)
    broken.failed(_ORIGIN, NOW)

    assert [True, False, False] == [admitted(broken, 31) for _ in range(3)]
    broken.failed(_ORIGIN, after(32))
    assert [False, True] == [admitted(broken, s) for s in (61, 63)]
    broken.answered(_ORIGIN)
    assert all(admitted(broken, 64) for _ in range(3))
    broken.failed(_ORIGIN, after(65))
    assert not admitted(broken, 65), "the count began anew: one failure blocks again"


def test_a_probe_that_never_came_back_is_replaced() -> None:
    broken = breaker(failures=1, seconds=30)
    broken.failed(_ORIGIN, NOW)
    assert admitted(broken, 31)

    assert [False, True] == [admitted(broken, s) for s in (31 + 49, 31 + 51)]


@pytest.mark.row("156", how="local")
def test_answers_never_block_whatever_they_are() -> None:
    exchange = exchanging(failures=1)
    for number in range(1000):
        assert 500 == asked(exchange, number).answered(Response(500)).response.status


@pytest.mark.row("155", "156", how="local")
def test_an_answer_begins_the_count_anew() -> None:
    broken = breaker(failures=2)
    for _ in range(10):
        broken.failed(_ORIGIN, NOW)
        broken.answered(_ORIGIN)

    assert admitted(broken)


@pytest.mark.row("155", "171", "5020001", "5030001", "5040001", "153", how="local")
@pytest.mark.parametrize(
    ("error", "status", "code", "blocks", "answered_by"),
    [
        (UnreachableError("x"), 502, 5020001, True, "backend"),
        (LateError("x"), 504, 5040001, True, "backend"),
        (BrokenError("x"), 502, 5020001, False, "backend"),
        (SilentError("x"), 502, 5020001, False, "backend"),
        (AddressError("x"), 502, 5020001, False, "gateway"),
        (OversizeError("x"), 500, 500000001, False, "backend"),
    ],
)
def test_what_counts(error: NoAnswerError, status: int, code: int, blocks: bool, answered_by: str) -> None:  # noqa: FBT001 - a column
    exchange = exchanging(failures=1)
    outcome = asked(exchange).failed(error, NOW)

    assert (status, answered_by) == (outcome.response.status, outcome.response.answered_by)
    assert f'"resultCode":{code}'.encode() in outcome.response.body
    assert b"x" not in outcome.response.body.split(b"resultMessage")[0]
    then = exchange.begun(_REQUEST, NOW)
    assert blocks is isinstance(then, Outcome)
    if isinstance(then, Outcome):
        assert (503, b'"resultCode":5030001' in then.response.body) == (then.response.status, True)


@pytest.mark.row("155", "156", how="local")
@pytest.mark.parametrize("error", [BrokenError("garbage, or half an answer"), OversizeError("x")])
def test_what_is_no_whole_answer_shows_that_the_backend_is_there(error: NoAnswerError) -> None:
    exchange = exchanging(failures=1, seconds=30)
    asked(exchange).failed(LateError("x"), NOW)

    with asked(exchange, 31) as probe:
        probe.failed(error, after(32))

    assert [Call] * 3 == [type(exchange.begun(_REQUEST, after(32))) for _ in range(3)]


@pytest.mark.row("155", how="local")
@pytest.mark.parametrize("error", [SilentError("x"), AddressError("x"), None])
def test_a_probe_that_showed_nothing_leaves_its_place_to_the_next(error: NoAnswerError | None) -> None:
    exchange = exchanging(failures=1, seconds=30)
    asked(exchange).failed(LateError("x"), NOW)

    with suppress(UnexpectedError), asked(exchange, 31) as probe:
        assert isinstance(exchange.begun(_REQUEST, after(31)), Outcome), "others wait for it"
        if error is None:
            raise UnexpectedError
        probe.failed(error, after(32))

    with asked(exchange, 32) as probe:
        assert isinstance(exchange.begun(_REQUEST, after(32)), Outcome), "one at a time"
        probe.answered(Response(500))
    assert [Call] * 3 == [type(exchange.begun(_REQUEST, after(32))) for _ in range(3)]


def test_what_began_before_the_block_does_not_end_anothers_probe() -> None:
    exchange = exchanging(failures=1, seconds=30)
    with suppress(UnexpectedError), asked(exchange):
        asked(exchange).failed(LateError("x"), NOW)
        asked(exchange, 31)
        raise UnexpectedError

    assert isinstance(exchange.begun(_REQUEST, after(32)), Outcome)


def test_a_probe_that_failed_begins_a_block_of_the_usual_length() -> None:
    exchange = exchanging(failures=1, seconds=30)
    asked(exchange).failed(LateError("x"), NOW)
    with asked(exchange, 31) as probe:
        probe.failed(UnreachableError("x"), after(32))

    assert [Outcome, Call] == [type(exchange.begun(_REQUEST, after(s))) for s in (61, 62)]


def test_switched_off_nothing_is_counted() -> None:
    troubles = MemoryTroubles()
    broken = breaker(troubles, enabled=False, failures=1)
    broken.failed(_ORIGIN, NOW)

    assert (True, {}) == (admitted(broken), troubles.known)


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

    assert admitted(broken)
    assert 3 == len(told)
