"""Requests that were counted, for tests of statistics: builders and strategies."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from cce.gateway.statistics.access_log import access_line
from cce.gateway.statistics.period import Period
from cce.gateway.statistics.record import AccessRecord, GatewayNote

SEOUL: Final = ZoneInfo("Asia/Seoul")
SERVICE, STAGE = "a1b2c3d4e5", "prod"

#: 10:30 in Seoul.
NOW: Final = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


EPOCH: Final = str(round(NOW.timestamp() * 1000))


def written(form: str, **variables: str) -> str:
    """A line that API Gateway makes of a format: every variable replaced, ``-`` where it has no value.

    In the names of variables ``_`` stands for a dot.
    """
    values = {
        "requestId": "11111111-2222-4333-8444-555555555555",
        "requestTimeEpoch": EPOCH,
        "apiId": SERVICE,
        "stage": STAGE,
        "httpMethod": "GET",
        "resourcePath": "/members/{memberId}",
        "status": "200",
        "integration.status": "200",
        "integration.latency": "31",
        "responseLatency": "35",
        "responseLength": "512",
        **{name.replace("_", "."): value for name, value in variables.items()},
    }
    return re.sub(r"\$context\.([A-Za-z.]+)", lambda found: values.get(found[1], "-"), form)


def request(minutes_ago: float = 5, **fields: Any) -> AccessRecord:
    """A request of so many minutes before :data:`NOW`, answered well by a backend."""
    given: dict[str, Any] = {
        "at": NOW - timedelta(minutes=minutes_ago),
        "service": SERVICE,
        "stage": STAGE,
        "method": "GET",
        "path": "/members/{memberId}",
        "status": 200,
        "answered_by": "backend",
        "milliseconds": 40.0,
        "bytes_out": 512,
    }
    return AccessRecord(**given | fields)


def last(**length: float) -> Period:
    """The period of that length before :data:`NOW`, as ``last(hours=1)``."""
    return Period.asked(NOW - timedelta(**length), NOW, now=NOW, zone=SEOUL)


def delivery(*lines: str, kind: str = "DATA_MESSAGE", first: int = 1) -> dict[str, Any]:
    """The event of a subscription with these lines; their ids count up from ``first``."""
    events = [{"id": f"{n:056d}", "timestamp": 0, "message": line} for n, line in enumerate(lines, first)]
    data = {"messageType": kind, "owner": "111111111111", "logEvents": events}
    packed = gzip.compress(json.dumps(data, ensure_ascii=False).encode())
    return {"awslogs": {"data": b64encode(packed).decode()}}


def line(record: AccessRecord) -> str:
    """A record as a line of the access log."""
    return access_line(record, "11111111-2222-4333-8444-555555555555")


_MOMENTS: Final = st.integers(0, 90 * 24 * 3600 * 1000).map(lambda ms: NOW - timedelta(milliseconds=ms))
_RESOURCES: Final = st.sampled_from([("", ""), ("GET", "/a"), ("POST", "/a"), ("GET", "/a/{b+}")])

_PLACES: Final = {
    "at": _MOMENTS,
    "service": st.sampled_from([SERVICE, "f6g7h8i9j0"]),
    "stage": st.sampled_from([STAGE, ""]),
}


def _with_resource(kind: type[Any], **fields: Any) -> st.SearchStrategy[Any]:
    return st.builds(
        lambda resource, **given: kind(method=resource[0], path=resource[1], **given),
        resource=_RESOURCES,
        **_PLACES,
        **fields,
    )


records: Final[st.SearchStrategy[AccessRecord]] = _with_resource(
    AccessRecord,
    status=st.integers(200, 599),
    answered_by=st.sampled_from(["gateway", "backend"]),
    milliseconds=st.integers(0, 60_000).map(float),
    bytes_out=st.integers(0, 10 << 20),
)
notes: Final[st.SearchStrategy[GatewayNote]] = _with_resource(GatewayNote)
