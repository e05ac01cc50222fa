"""What the gateway answers by itself when it does not pass a request on: statuses, result codes, bodies.

The codes are those of NHN Cloud's API Gateway (its page of error codes), so that clients written for it find
what they know. Which of the nine reasons a signature failed for is never told to the caller, only logged.
What the local server refuses as no request has no code there, so it has one of ours, which ends in 9001.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus

from cce.gateway.message import Headers, Response


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refusal: ``message`` goes to the caller; ``gateway_type`` is API Gateway's name of the case."""

    status: HTTPStatus
    code: int
    message: str
    gateway_type: str | None = None


class Refusals(Enum):
    """Every refusal that a caller may see."""

    MALFORMED = Refusal(HTTPStatus.BAD_REQUEST, 4009001, "Request is not valid HTTP.")
    INVALID_URI = Refusal(HTTPStatus.BAD_REQUEST, 4000003, "Invalid URI.")
    UNAUTHORIZED = Refusal(HTTPStatus.UNAUTHORIZED, 4011008, "Authorization is invalid.", "UNAUTHORIZED")
    ADDRESS_NOT_ALLOWED = Refusal(HTTPStatus.FORBIDDEN, 4031007, "Request IP not allowed", "ACCESS_DENIED")
    NOT_FOUND = Refusal(HTTPStatus.NOT_FOUND, 4041007, "URL Not Found", "MISSING_AUTHENTICATION_TOKEN")
    SLOW = Refusal(HTTPStatus.REQUEST_TIMEOUT, 4089001, "Request came too slowly.")
    TOO_LARGE = Refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        4131000,
        "Request size is larger than permissible limit.",
        "REQUEST_TOO_LARGE",
    )
    HEAD_TOO_LARGE = Refusal(
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        4319001,
        "Request headers are larger than permissible limit.",
    )
    ANSWER_TOO_LARGE = Refusal(
        HTTPStatus.INTERNAL_SERVER_ERROR, 500000001, "Response size is larger than permissible limit."
    )
    UNKNOWN_CODING = Refusal(HTTPStatus.NOT_IMPLEMENTED, 5019001, "Transfer-Encoding is not supported.")
    BAD_GATEWAY = Refusal(HTTPStatus.BAD_GATEWAY, 5020001, "Upstream Bad Gateway", "INTEGRATION_FAILURE")
    BLOCKED = Refusal(
        HTTPStatus.SERVICE_UNAVAILABLE, 5030001, "Upstream Service Unavailable (CircuitBreaker is open)"
    )
    BUSY = Refusal(HTTPStatus.SERVICE_UNAVAILABLE, 5039001, "Too many connections.")
    TIMEOUT = Refusal(HTTPStatus.GATEWAY_TIMEOUT, 5040001, "Gateway Timeout", "INTEGRATION_TIMEOUT")


def body_of(refusal: Refusal) -> str:
    """The JSON of a refusal."""
    header = {"isSuccessful": False, "resultCode": refusal.code, "resultMessage": refusal.message}
    return json.dumps({"header": header}, separators=(",", ":"))


def refuse(case: Refusals, request_id: str, extra: Headers | None = None) -> Response:
    """Answer a refusal; the id lets an operator find its reason in the log."""
    lines = (("content-type", "application/json"), ("x-request-id", request_id), *(extra or Headers()))
    return Response(case.value.status.value, Headers(lines), body_of(case.value).encode(), "gateway")
