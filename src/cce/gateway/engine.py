"""Decides what becomes of a request, and finishes the answer. Relay and local server share it; no I/O.

Order: IP ACL, route, preflight, signature, size, body, then the custom answer or the backend. Headers of
CORS also stand on refusals of a path with CORS; response-header plugins hold for all that is not refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from cce.gateway.acl import Acl
from cce.gateway.compiled import Match, Matcher
from cce.gateway.cors import is_preflight
from cce.gateway.headers import changed, from_backend, to_backend
from cce.gateway.message import Headers, Request, Response
from cce.gateway.refusal import Refusals, refuse
from cce.gateway.uris import InvalidUriError

if TYPE_CHECKING:
    from cce.gateway.serving import Route, Serving

#: Bytes of a request's body, and of an answer's (rows 152, 153).
BODY_LIMIT: Final = 10 * 1024 * 1024

#: Says why a request is not let in, for the log; ``None`` if it is.
Check = Callable[[Request, datetime], str | None]


@dataclass(frozen=True, slots=True)
class Checks:
    """What may refuse a request to a method that is there: ``signature`` first, ``body`` after its size."""

    signature: Check | None = None
    body: Check | None = None


class Outcome(NamedTuple):
    """An answer that is ready.

    Parameters
    ----------
    route
        What the request meant; ``None`` if nothing is there.
    reason
        Why the gateway refused, for the log and never for the caller.
    """

    response: Response
    route: Route | None = None
    reason: str = ""


class Forward(NamedTuple):
    """A request as it is to be sent to the backend; ``origin`` is the backend's scheme, host and port."""

    match: Match
    origin: str
    url: str
    headers: Headers

    @property
    def method(self) -> str:
        """The method, as the client wrote it."""
        return self.match.request.method

    @property
    def body(self) -> bytes:
        """The body, as the client sent it."""
        return self.match.request.body


class Engine:
    """Answers for one stage; see the module for the order of its steps."""

    def __init__(self, serving: Serving, checks: Checks | None = None) -> None:
        self.serving = serving
        self._acl = Acl(serving.stage.ip_acl)
        self._checks = checks or Checks()
        self._matcher = Matcher(serving)

    def decide(self, request: Request, now: datetime) -> Outcome | Forward:
        """Refuse the request, answer it, or say how it is to be sent to the backend."""
        match = self._matcher.match(request)
        if not self._acl.admits(request.client):
            return _refused(match, Refusals.ADDRESS_NOT_ALLOWED, "the address is not let in by the IP ACL")
        cors = match.resource.cors if match.resource else None
        if cors and is_preflight(request):
            response = Response(204, cors.preflight(request), answered_by="gateway")
            return Outcome(response, match.route)
        if match.route is None or match.route.backend is None:
            reason = "the path has no such method" if match.resource else "there is no such path"
            return _refused(match._replace(method=None), Refusals.NOT_FOUND, reason)
        if problem := self._problem(request, now):
            return _refused(match, *problem)
        return _passed(match)

    def answered(self, forward: Forward, response: Response) -> Outcome:
        """Finish the backend's answer."""
        return _finished(forward.match, response, from_backend(response.headers))

    def refused(self, forward: Forward, case: Refusals, reason: str) -> Outcome:
        """Answer in place of a backend that may not be asked."""
        return _refused(forward.match, case, reason)

    def failed(self, forward: Forward, case: Refusals, reason: str) -> Outcome:
        """Answer for a backend that was asked and gave no answer that can be passed back."""
        outcome = _refused(forward.match, case, reason)
        return outcome._replace(response=outcome.response._replace(answered_by="backend"))

    def _problem(self, request: Request, now: datetime) -> tuple[Refusals, str] | None:
        if (check := self._checks.signature) and (reason := check(request, now)):
            return Refusals.UNAUTHORIZED, reason
        if len(request.body) > BODY_LIMIT:
            return Refusals.TOO_LARGE, f"the body has more than {BODY_LIMIT} bytes"
        if (check := self._checks.body) and (reason := check(request, now)):
            return Refusals.UNAUTHORIZED, reason
        return None


def _passed(match: Match) -> Outcome | Forward:
    """What is let in, on its way."""
    request, method, given = match.request, match.method, match.given
    assert method  # a request without one was refused
    if method.custom:
        custom = method.custom.of(given)
        return _finished(match, custom, custom.headers)
    if method.backend is None:
        reason = "a function of the stack answers here, and only API Gateway can ask it"
        return _refused(match, Refusals.BAD_GATEWAY, reason)
    try:
        url = method.backend.of(given, request.query)
    except InvalidUriError as error:
        return _refused(match, Refusals.INVALID_URI, str(error))
    headers = changed(to_backend(request.headers), method.route.request_headers, given)
    return Forward(match, method.backend.base.origin, url, headers)


def _finished(match: Match, response: Response, headers: Headers) -> Outcome:
    """The answer with its headers as they are now, and with those of plugins."""
    if match.method:
        headers = changed(headers, match.method.route.response_headers, match.given)
    if match.resource and match.resource.cors:
        headers = match.resource.cors.applied(match.request, headers)
    finished = Response(response.status, headers, response.body, response.answered_by)
    return Outcome(finished, match.route)


def _refused(match: Match, case: Refusals, reason: str) -> Outcome:
    cors = match.resource.cors if match.resource else None
    extra = cors.actual(match.request) if cors else None
    return Outcome(refuse(case, match.request.request_id, extra), match.route, reason)
