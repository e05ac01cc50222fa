"""One request of one stage from its arrival to its answer, but for the call itself: that is the caller's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from cce.gateway.engine import Engine, Forward, Outcome
from cce.gateway.refusal import Refusals

if TYPE_CHECKING:
    from datetime import datetime

    from cce.gateway.blocking import Breaker, Permit
    from cce.gateway.message import Request, Response
    from cce.gateway.relay.upstream import NoAnswerError


class Exchange:
    """Engine and blocking of a stage."""

    def __init__(self, engine: Engine, breaker: Breaker) -> None:
        self.engine = engine
        self._breaker = breaker

    def begun(self, request: Request, now: datetime) -> Outcome | Call:
        """Decide; a blocked backend is not asked."""
        decision = self.engine.decide(request, now)
        if not isinstance(decision, Forward):
            return decision
        permit = self._breaker.admits(decision.origin, now)
        if permit is None:
            reason = f"{decision.origin} is blocked: it did not answer"
            return self.engine.refused(decision, Refusals.BLOCKED, reason)
        return Call(self.engine, self._breaker, permit, decision)


class Call:
    """A request that is to be sent to its backend. Make the call within the context of this.

    However the context is left, the backend's block is not held for this request any longer: not when the
    client went away, and not after an error that nobody expected.
    """

    __slots__ = ("_breaker", "_engine", "_permit", "_settled", "forward")

    def __init__(self, engine: Engine, breaker: Breaker, permit: Permit, forward: Forward) -> None:
        self.forward = forward
        self._engine = engine
        self._breaker = breaker
        self._permit = permit
        self._settled = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if not self._settled:
            self._breaker.released(self.forward.origin, self._permit)

    def answered(self, response: Response) -> Outcome:
        """Finish what the backend answered."""
        self._settled = True
        self._breaker.answered(self.forward.origin)
        return self._engine.answered(self.forward, response)

    def failed(self, error: NoAnswerError, now: datetime) -> Outcome:
        """Answer for a backend that did not."""
        self._settled = error.blocks or error.answers
        if error.blocks:
            self._breaker.failed(self.forward.origin, now)
        elif error.answers:
            self._breaker.answered(self.forward.origin)
        answer = self._engine.failed if error.asked else self._engine.refused
        return answer(self.forward, error.case, str(error))
