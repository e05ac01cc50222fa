"""One request of one stage from its arrival to its answer, but for the call itself: that is the caller's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cce.gateway.engine import Engine, Forward, Outcome
from cce.gateway.refusal import Refusals
from cce.gateway.relay.upstream import OversizeError

if TYPE_CHECKING:
    from datetime import datetime

    from cce.gateway.blocking import Breaker
    from cce.gateway.message import Request, Response
    from cce.gateway.relay.upstream import NoAnswerError


class Exchange:
    """Engine and blocking of a stage."""

    def __init__(self, engine: Engine, breaker: Breaker) -> None:
        self.engine = engine
        self._breaker = breaker

    def begun(self, request: Request, now: datetime) -> Outcome | Forward:
        """Decide; a blocked backend is not asked."""
        decision = self.engine.decide(request, now)
        if isinstance(decision, Forward) and not self._breaker.admits(decision.origin, now):
            reason = f"{decision.origin} is blocked: it did not answer"
            return self.engine.refused(decision, Refusals.BLOCKED, reason)
        return decision

    def answered(self, forward: Forward, response: Response) -> Outcome:
        """Finish what the backend answered."""
        self._breaker.answered(forward.origin)
        return self.engine.answered(forward, response)

    def failed(self, forward: Forward, error: NoAnswerError, now: datetime) -> Outcome:
        """Answer for a backend that did not."""
        if error.blocks:
            self._breaker.failed(forward.origin, now)
        elif isinstance(error, OversizeError):
            self._breaker.answered(forward.origin)
        answer = self.engine.failed if error.asked else self.engine.refused
        return answer(forward, error.case, str(error))
