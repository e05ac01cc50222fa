"""What a call of a backend can come to, beside its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Protocol

from cce.errors import UpstreamError
from cce.gateway.refusal import Refusals

if TYPE_CHECKING:
    from cce.gateway.engine import Forward
    from cce.gateway.message import Response

#: Seconds for a connection; less if the stage gives less for the whole answer.
CONNECT_SECONDS: Final = 5.0


class NoAnswerError(UpstreamError):
    """A call without an answer.

    ``case`` is what the caller is told; ``blocks`` says whether it counts towards blocking the backend, and
    ``answers`` whether it begins that count anew, because the backend did say something; ``asked`` whether
    the call was passed on, as far as the backend let it.
    """

    case: ClassVar[Refusals] = Refusals.BAD_GATEWAY
    blocks: ClassVar[bool] = False
    answers: ClassVar[bool] = False
    asked: ClassVar[bool] = True


class UnreachableError(NoAnswerError):
    """No connection: no such name, nobody listens, no route, no trustworthy certificate."""

    blocks = True


class LateError(NoAnswerError):
    """No connection or no whole answer in time."""

    case = Refusals.TIMEOUT
    blocks = True


class BrokenError(NoAnswerError):
    """The connection ended in the middle of the answer, or the answer is no HTTP."""

    answers = True


class SilentError(NoAnswerError):
    """The connection ended before anything came of the answer.

    No failure to count: it was there to be reached, and a single request that makes a backend drop its
    connection must not close it to everybody. No answer either.
    """


class AddressError(NoAnswerError):
    """The backend's name leads to an address that must not be asked."""

    asked = False


class OversizeError(NoAnswerError):
    """The answer is larger than an answer may be."""

    case = Refusals.ANSWER_TOO_LARGE
    answers = True


class Upstream(Protocol):
    """Calls backends. No redirect is followed, no cookie kept, no proxy of the environment used."""

    def call(self, forward: Forward, seconds: float) -> Response:
        """The backend's answer, as it is.

        Parameters
        ----------
        seconds
            From now to the end of the answer.

        Raises
        ------
        NoAnswerError
            When there is none.
        """
