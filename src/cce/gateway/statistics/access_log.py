"""The access log: what API Gateway, the relay and the local server write, and how it is read.

There are two kinds of lines, each a JSON object. An access line is one request (:data:`ACCESS`): API Gateway
writes it in the form of :func:`access_log_format`, the local server by :func:`access_line`. A note says that
the relay answered a request itself (:func:`note`); it adds to what the access line of that request counts.
docs/adr/0028 says why.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from cce.errors import AccessLogError
from cce.gateway.statistics.record import AccessRecord, GatewayNote

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Field by which our lines are known, and the value that it has in each kind.
KIND: Final = "gateway"
ACCESS: Final = "access"
ANSWERED: Final = "answered"

#: What API Gateway writes for a variable that has no value.
_NONE: Final = "-"

#: How API Gateway calls a request that it mapped to no method and path.
_UNMAPPED: Final = "MISSING_AUTHENTICATION_TOKEN"

#: API Gateway answered, but the request had been passed on.
_PASSED_ON: Final = frozenset({"INTEGRATION_TIMEOUT", "INTEGRATION_FAILURE"})

#: The variables of the access log by our names for them (API Gateway developer guide, access logging).
_VARIABLES: Final = {
    "requestId": "requestId",
    "extendedRequestId": "extendedRequestId",
    "requestTimeEpoch": "requestTimeEpoch",
    "apiId": "apiId",
    "stage": "stage",
    "httpMethod": "httpMethod",
    "resourcePath": "resourcePath",
    "status": "status",
    "integrationStatus": "integration.status",
    "integrationLatency": "integration.latency",
    "responseLatency": "responseLatency",
    "responseLength": "responseLength",
    "errorType": "error.responseType",
}


def access_log_format() -> str:
    """The format of a stage's access log; every value is a JSON text, for a variable may be ``-``."""
    lines = {name: f"$context.{variable}" for name, variable in _VARIABLES.items()}
    return json.dumps({KIND: ACCESS} | lines, separators=(",", ":"))


def _given(value: object) -> object:
    return "" if value == _NONE else value


def _number(value: object) -> object:
    return 0 if value == _NONE else value


_Text = Annotated[str, BeforeValidator(_given), Field(max_length=512)]
_Milliseconds = Annotated[float, Field(ge=0, le=1e9)]
_LAST_MOMENT: Final = 253_402_300_799_999  # of the year 9999


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True)

    at: Annotated[int, Field(ge=0, le=_LAST_MOMENT, alias="requestTimeEpoch")]
    service: Annotated[str, Field(min_length=1, max_length=64, alias="apiId")]
    stage: Annotated[str, Field(max_length=128)]
    method: Annotated[_Text, Field(alias="httpMethod")] = ""
    path: Annotated[_Text, Field(alias="resourcePath")] = ""

    def place(self) -> dict[str, Any]:
        """When and where, as records have it; a path without a method is none."""
        mapped = bool(self.path and self.method)
        return {
            "at": datetime.fromtimestamp(self.at / 1000, UTC),
            "service": self.service,
            "stage": self.stage,
            "method": self.method if mapped else "",
            "path": self.path if mapped else "",
        }


class _NoteLine(_Line):
    gateway: Literal["answered"]

    def record(self) -> GatewayNote:
        return GatewayNote(**self.place())


class _AccessLine(_Line):
    gateway: Literal["access"]
    status: Annotated[int, Field(ge=200, le=599)]
    integration_status: Annotated[_Text, Field(alias="integrationStatus")] = ""
    integration_latency: Annotated[_Text, Field(alias="integrationLatency")] = ""
    milliseconds: Annotated[_Milliseconds, Field(alias="responseLatency")]
    bytes_out: Annotated[int, BeforeValidator(_number), Field(ge=0, le=1 << 40, alias="responseLength")]
    error: Annotated[_Text, Field(alias="errorType")] = ""

    def record(self) -> AccessRecord:
        place = self.place()
        if self.error == _UNMAPPED:
            place |= {"method": "", "path": ""}
        reached = bool(self.integration_status and self.integration_latency) or self.error in _PASSED_ON
        return AccessRecord(
            **place,
            status=self.status,
            answered_by="backend" if reached else "gateway",
            milliseconds=self.milliseconds,
            bytes_out=self.bytes_out,
        )


_LINES: Final[TypeAdapter[_AccessLine | _NoteLine]] = TypeAdapter(
    Annotated[_AccessLine | _NoteLine, Field(discriminator=KIND)]
)


def read_line(text: str) -> AccessRecord | GatewayNote:
    """Read a line of the access log, whoever wrote it; fields that are not ours are passed over.

    Raises
    ------
    AccessLogError
        When it is no line of ours; the message names the fields, not what they hold.
    """
    try:
        return _LINES.validate_json(text).record()
    except ValidationError as error:
        places = {".".join(map(str, problem["loc"])) or "the line" for problem in error.errors()}
        message = f"a line of the access log cannot be read: {', '.join(sorted(places))}"
        raise AccessLogError(message) from error


def access_line(record: AccessRecord, request_id: str, more: Mapping[str, str] | None = None) -> str:
    """Write a request of the local server as API Gateway would, and what more there is to say of it.

    Put together by hand: the local server does it for every request, and the place is mostly one of few.
    """
    place = _place_text(record.service, record.stage, record.method or _NONE, record.path or _NONE)
    took = str(round(record.milliseconds, 3))
    backend = (str(record.status), took) if record.answered_by == "backend" else (_NONE, _NONE)
    line = (
        f'{{"{KIND}":"{ACCESS}","requestTimeEpoch":"{round(record.at.timestamp() * 1000)}",{place},'
        f'"status":"{record.status}","integrationStatus":"{backend[0]}","integrationLatency":"{backend[1]}",'
        f'"responseLatency":"{took}","responseLength":"{record.bytes_out}"'
    )
    members = [f'"{name}":{quoted(value)}' for name, value in (more or {}).items()]
    return ",".join((line, f'"requestId":{quoted(request_id)}', *members)) + "}"


def note(context: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of the relay's log line on a request that it answered itself.

    Parameters
    ----------
    context
        ``requestContext`` of the request's event. Its ``requestTimeEpoch`` is that of the access log, so the
        note counts in the same spans of time as the request.
    """
    names = ("requestId", "requestTimeEpoch", "apiId", "stage", "httpMethod", "resourcePath")
    return {KIND: ANSWERED} | {name: context[name] for name in names}


@lru_cache(maxsize=4096)
def _place_text(service: str, stage: str, method: str, path: str) -> str:
    """The members of an access line that say what was called."""
    place = {"apiId": service, "stage": stage, "httpMethod": method, "resourcePath": path}
    return json.dumps(place, ensure_ascii=False, separators=(",", ":"))[1:-1]
