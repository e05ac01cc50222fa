"""Judges the signature of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from cce.gateway.headers import named_by
from cce.gateway.message import WITH_BODY
from cce.gateway.signing import dates
from cce.gateway.signing.canonical import canonical
from cce.gateway.signing.digest import HEADER
from cce.gateway.signing.grammar import Authorization, MalformedError, parse, shown
from cce.gateway.signing.keys import Algorithm, fits
from cce.gateway.signing.reasons import QUERY_NOT_CANONICAL, Accepted, Reason, Refused
from cce.gateway.signing.to_sign import DATE, Lines, is_ambiguous, lines_of, string_to_sign, target

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cce.gateway.message import Request
    from cce.gateway.signing.keys import Key
    from cce.gateway.signing.settings import Hmac

_BLANKS: Final = " \t"
_ALGORITHMS: Final = {algorithm.value: algorithm for algorithm in Algorithm}


def verify(request: Request, settings: Hmac, keys: Sequence[Key], now: datetime) -> Accepted | Refused:
    """Say whether the request carries a good signature.

    The checks come in the order of NHN's result codes: scheme, algorithm, signature and date present, date's
    form, mandatory headers, window, signature. The HMAC is computed whatever they find, with every key, so
    that the time tells nothing. The body is not looked at: :func:`cce.gateway.signing.digest.body_problem`.

    Parameters
    ----------
    keys
        The secrets valid now; the first one that fits is named in the result. None: nothing is accepted.
    now
        With a time zone.
    """
    claim = Claim.of(request)
    fitting = _fitting(claim, request, keys)
    if refused := first_problem(claim, request, settings, now):
        return refused
    if not fitting:
        return Refused(Reason.INVALID, "the signature is not that of the request")
    key, notes = fitting[0]
    return Accepted(key, claim.said.signature, notes)


class Claim(NamedTuple):
    """What a request says of its own signature, as far as it can be read.

    ``moment`` is what ``date`` means, ``None`` if it has no valid form; ``sent`` is the string to sign with
    the query as it was sent; ``dropped`` are the headers that a Connection header takes away on the way
    (RFC 9110, 7.6.1).
    """

    said: Authorization
    date: str
    moment: datetime | None
    lines: Lines
    sent: str
    dropped: frozenset[str] = frozenset()
    malformed: Refused | None = None

    @classmethod
    def of(cls, request: Request) -> Claim:
        """Read it from the headers."""
        there = request.headers.table()
        values = there.get("authorization", [])
        said, malformed = Authorization(), None
        if len(values) != 1 and any(value.strip() for value in values):
            malformed = Refused(Reason.INVALID, f"there are {len(values)} Authorization headers")
        elif not values or not values[0].strip():
            malformed = Refused(Reason.AUTHORIZATION_EMPTY, "there is no Authorization header")
        else:
            try:
                said = parse(values[0])
            except MalformedError as error:
                malformed = error.refused
        sent = there.get(DATE, [])
        date = sent[0].strip(_BLANKS) if len(sent) == 1 else ""
        dropped = named_by(there["connection"]) if "connection" in there else frozenset()
        lines = lines_of(there, said.headers)
        text = string_to_sign(request.method, target(request.signed_path, request.query), date, lines)
        return cls(said, date, dates.parse(date), lines, text, dropped, malformed)

    def string_to_sign(self, request: Request, query: str) -> str:
        """The string that its signature must be of, for one form of the query."""
        if query == request.query:
            return self.sent
        return string_to_sign(request.method, target(request.signed_path, query), self.date, self.lines)


def mandatory(method: str, settings: Hmac) -> tuple[str, ...]:
    """The headers that a request must have and sign."""
    listed = settings.mandatory_headers
    wanted = settings.content_digest and method in WITH_BODY and HEADER not in listed
    return (*listed, HEADER) if wanted else listed


def first_problem(claim: Claim, request: Request, settings: Hmac, now: datetime) -> Refused | None:
    """What is wrong with a request even before its signature is compared."""
    return (
        claim.malformed
        or _incomplete(claim, request, settings)
        or _missing(claim, request, settings)
        or _untimely(claim, settings, now)
    )


def _incomplete(claim: Claim, request: Request, settings: Hmac) -> Refused | None:  # noqa: PLR0911 - one per result code
    algorithm = _algorithm(claim)
    if algorithm is None:
        return Refused(Reason.ALGORITHM, f"the algorithm is {shown(claim.said.algorithm)}")
    if algorithm is Algorithm.SHA1 and not settings.allow_sha1:
        return Refused(Reason.ALGORITHM, "HmacSHA1 is not allowed on this stage (allow_sha1)")
    if not claim.said.signature:
        return Refused(Reason.SIGNATURE_EMPTY, "there is no signature")
    if claim.moment:
        return None
    sent = request.headers.all(DATE)
    if len(sent) > 1:
        return Refused(Reason.DATE_FORMAT, f"there are {len(sent)} {DATE} headers")
    if not claim.date:
        return Refused(Reason.DATE_EMPTY, f"there is no {DATE} header")
    return Refused(Reason.DATE_FORMAT, f"{DATE} is {shown(claim.date)}")


def _missing(claim: Claim, request: Request, settings: Hmac) -> Refused | None:
    there = [name for name, _ in claim.lines]
    for name in mandatory(request.method, settings):
        if name not in claim.said.headers:
            return Refused(Reason.HEADERS_MISSING, f"headers= does not list {name}")
        if name not in there:
            return Refused(Reason.HEADERS_MISSING, f"the request has no {name}")
    return None


def _untimely(claim: Claim, settings: Hmac, now: datetime) -> Refused | None:
    late = (now - claim.moment).total_seconds() if claim.moment else 0
    if settings.window_seconds and abs(late) > settings.window_seconds:
        direction = "behind" if late > 0 else "ahead of"
        return Refused(Reason.EXPIRED, f"{DATE} is {abs(late):.0f} s {direction} the clock here")
    if is_ambiguous(claim.sent, claim.lines):
        return Refused(Reason.INVALID, "a signed part holds a line break")
    if dropped := claim.dropped.intersection(claim.said.headers):
        names = ", ".join(sorted(dropped))
        return Refused(
            Reason.INVALID, f"Connection names {names}: what is signed would not reach the backend"
        )
    return None


def _fitting(claim: Claim, request: Request, keys: Sequence[Key]) -> list[tuple[str, tuple[str, ...]]]:
    """The keys that the signature is of, with what is to be noted; no comparison is left out."""
    algorithm, given = _algorithm(claim) or Algorithm.SHA256, claim.said.signature
    found: list[tuple[str, tuple[str, ...]]] = []
    for query, notes in forms(request.query):
        text = claim.string_to_sign(request, query)
        for key in keys:
            if fits(given, key, algorithm, text):
                found.append((key.name, notes))  # noqa: PERF401 - as a comprehension it takes longer
    return found


def forms(query: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The forms of a query that a signature may be of: the canonical one, and the one that was sent."""
    first = canonical(query)
    return ((query, ()),) if first == query else ((first, ()), (query, (QUERY_NOT_CANONICAL,)))


def _algorithm(claim: Claim) -> Algorithm | None:
    return _ALGORITHMS.get(claim.said.algorithm)
