"""The relay function: what API Gateway cannot do, it leaves to this."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from cce.gateway.blocking import Breaker
from cce.gateway.engine import Checks, Engine, Outcome
from cce.gateway.refusal import Refusals
from cce.gateway.relay.event import LIMIT, RelayEvent, answer_of, is_too_large
from cce.gateway.relay.exchange import Call, Exchange
from cce.gateway.relay.signatures import body_check
from cce.gateway.relay.upstream import NoAnswerError
from cce.gateway.signing.ports import Place
from cce.gateway.statistics.access_log import note

if TYPE_CHECKING:
    from datetime import datetime

    from cce.gateway.blocking import Troubles
    from cce.gateway.message import Request
    from cce.gateway.relay.ports import Snapshots
    from cce.gateway.relay.upstream import Upstream

#: Seconds that the function keeps for itself, so that a late backend ends in our answer and not in Lambda's.
_RESERVE: Final = 1.0

#: Stages that a function keeps ready; a deployment makes a new one.
_KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class Relayed:
    """An answer as API Gateway takes it, and what the log is to hold of it."""

    answer: dict[str, Any]
    log: dict[str, Any]


class RelayFunction:
    """Answers events. IP ACL and signatures are checked before, but for the body, which only this one has."""

    def __init__(self, snapshots: Snapshots, troubles: Troubles, upstream: Upstream) -> None:
        self._snapshots = snapshots
        self._troubles = troubles
        self._upstream = upstream
        self._exchanges: dict[str, Exchange] = {}

    def answer(self, event: dict[str, Any], now: datetime, seconds: float) -> Relayed:
        """Answer an event.

        Parameters
        ----------
        seconds
            What is left of the function's own time.

        Raises
        ------
        CceError
            When the event is none of API Gateway, or what the stage was deployed from cannot be read.
        """
        began = perf_counter()
        read = RelayEvent.of(event)
        exchange = self._exchange(read.snapshot)
        outcome, answer = self._answered(exchange, read.request(), now, seconds - _RESERVE)
        by_gateway = outcome.response.answered_by == "gateway"
        log = {
            "requestId": read.context.request_id,
            "extendedRequestId": read.context.extended_id,
            "status": outcome.response.status,
            "answeredBy": outcome.response.answered_by,
            "milliseconds": round((perf_counter() - began) * 1000, 3),
            **({"reason": outcome.reason} if outcome.reason else {}),
            **(note(event["requestContext"]) if by_gateway else {}),
        }
        return Relayed(answer, log)

    def _answered(
        self, exchange: Exchange, request: Request, now: datetime, seconds: float
    ) -> tuple[Outcome, dict[str, Any]]:
        begun = exchange.begun(request, now)
        if isinstance(begun, Outcome):
            return begun, answer_of(begun.response)
        seconds = max(min(exchange.engine.serving.stage.timeout_seconds, seconds), _RESERVE)
        outcome = self._called(begun, now, seconds)
        answer = answer_of(outcome.response)
        if is_too_large(answer):
            reason = f"the answer has more than {LIMIT} bytes, which is all that a function may return"
            outcome = exchange.engine.failed(begun.forward, Refusals.ANSWER_TOO_LARGE, reason)
            answer = answer_of(outcome.response)
        return outcome, answer

    def _called(self, call: Call, now: datetime, seconds: float) -> Outcome:
        with call:
            try:
                response = self._upstream.call(call.forward, seconds)
            except NoAnswerError as error:
                return call.failed(error, now)
            return call.answered(response)

    def _exchange(self, name: str) -> Exchange:
        if name not in self._exchanges:
            serving = self._snapshots.get(name).serving()
            stage = serving.stage
            place = str(Place(serving.service, stage.name))
            breaker = Breaker(place, self._troubles, stage.blocking, stage.timeout_seconds)
            engine = Engine(serving, Checks(body=body_check(stage.hmac)))
            if len(self._exchanges) >= _KEPT:
                self._exchanges.clear()
            self._exchanges[name] = Exchange(engine, breaker)
        return self._exchanges[name]
