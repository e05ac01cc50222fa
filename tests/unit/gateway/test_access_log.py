"""Lines of the access log as API Gateway, the relay and the local server write them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.errors import AccessLogError, MessageError
from cce.gateway.statistics.access_log import access_line, access_log_format, note, read_line
from cce.gateway.statistics.delivery import read_delivery
from cce.gateway.statistics.granularity import Granularity
from cce.gateway.statistics.record import AccessRecord, GatewayNote
from cce.gateway.statistics.tally import Cell, Resource, roll_up
from statistics_samples import EPOCH, NOW, SEOUL, SERVICE, STAGE, delivery, line, records, request, written


def logged(**variables: str) -> str:
    """A line that API Gateway makes of our format."""
    return written(access_log_format(), **variables)


def read(text: str) -> AccessRecord:
    record = read_line(text)
    assert isinstance(record, AccessRecord)
    return record


@pytest.mark.row("160", "167", "168", how="native")
def test_a_request_that_a_backend_answered() -> None:
    text = logged(extendedRequestId="invented=")

    assert AccessRecord(NOW, SERVICE, STAGE, "GET", "/members/{memberId}", 200, "backend", 35.0, 512) == read(
        text
    )
    assert "invented=" == json.loads(text)["extendedRequestId"], "the id that no client chooses"


@pytest.mark.row("171", how="native")
@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"status": "401", "error_responseType": "UNAUTHORIZED"}, "gateway"),
        ({"status": "403", "error_responseType": "ACCESS_DENIED"}, "gateway"),
        ({"status": "413", "error_responseType": "REQUEST_TOO_LARGE"}, "gateway"),
        ({"status": "429", "error_responseType": "THROTTLED"}, "gateway"),
        ({"status": "200", "integration_status": "200"}, "gateway"),  # a mock has no latency of a backend
        ({"status": "504", "error_responseType": "INTEGRATION_TIMEOUT"}, "backend"),  # it was passed on
        ({"status": "502", "error_responseType": "INTEGRATION_FAILURE"}, "backend"),
        ({"status": "404", "integration_status": "404", "integration_latency": "3"}, "backend"),
    ],
)
def test_the_gateway_answered_what_it_did_not_pass_on(variables: dict[str, str], expected: str) -> None:
    given = {"integration_status": "-", "integration_latency": "-", **variables}

    assert expected == read(logged(**given)).answered_by


@pytest.mark.row("168", "171", how="native")
@pytest.mark.parametrize(
    ("path", "error"),
    [("-", "MISSING_AUTHENTICATION_TOKEN"), ("/members", "MISSING_AUTHENTICATION_TOKEN"), ("-", "-")],
)
def test_a_request_that_was_mapped_to_nothing_is_of_no_resource(path: str, error: str) -> None:
    found = read(
        logged(
            status="404",
            httpMethod="BREW",
            resourcePath=path,
            integration_status="-",
            integration_latency="-",
            error_responseType=error,
        )
    )

    assert ("", "", "gateway") == (found.method, found.path, found.answered_by)


@given(records)
@pytest.mark.row("160", how="local")
def test_the_local_servers_lines_are_read_as_they_were_written(record: AccessRecord) -> None:
    assert record == read_line(access_line(record, "id"))


@pytest.mark.row("171", how="relay")
def test_a_request_that_the_relay_refused_counts_once_and_as_the_gateways() -> None:
    """The relay is a backend to API Gateway: its own line says so, the note corrects it in the same cells."""
    context = {
        "requestId": "11111111-2222-4333-8444-555555555555",
        "requestTimeEpoch": int(EPOCH),
        "apiId": SERVICE,
        "stage": STAGE,
        "httpMethod": "GET",
        "resourcePath": "/members/{memberId}",
    }
    line_of_logger = json.dumps({"level": "INFO", "message": "blocked", "service": "relay"} | note(context))
    found = read_line(line_of_logger)
    access = read(logged(status="503", integration_status="503"))

    assert GatewayNote(NOW, SERVICE, STAGE, "GET", "/members/{memberId}") == found
    for resource in (None, Resource("/members/{memberId}", "GET")):
        tally = roll_up([access, found], SEOUL)[Cell(SERVICE, STAGE, Granularity.MINUTE, NOW, resource)]
        assert (1, 1) == (tally.failure, tally.answered_by_gateway)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "START RequestId: 1",
        '{"gateway": "else"}',
        '{"gateway": "access"}',
        logged(status="-"),
        logged(status="101"),
        logged(responseLatency="-"),
        logged(responseLatency="nan"),
        logged(responseLength="-1"),
        logged(requestTimeEpoch="99999999999999999"),
        logged(apiId=""),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(AccessLogError, match="cannot be read") as caught:
        read_line(text)

    assert "99999999" not in str(caught.value)


@given(st.text(max_size=50) | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps))
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(AccessLogError):
        read_line(text)


def test_a_malformed_line_costs_only_itself() -> None:
    found = read_delivery(delivery(line(request()), "garbage", line(request(status=404)), line(request())))

    assert [200, 404, 200] == [each.status for each in found.seen]  # type: ignore[union-attr] # no notes
    assert [f"{2:056d}"] == list(found.malformed)


def test_the_same_events_have_the_same_name_and_others_another() -> None:
    lines = [line(request()), line(request(status=404))]
    first, again = (read_delivery(delivery(*lines)).batch for _ in range(2))

    assert first == again
    assert first != read_delivery(delivery(*lines, first=2)).batch


def test_a_control_message_counts_nothing() -> None:
    found = read_delivery(delivery("CWL CONTROL MESSAGE: Checking health", kind="CONTROL_MESSAGE"))

    assert ((), {}) == (found.seen, found.malformed)


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"awslogs": {"data": "%"}},
        {"awslogs": {"data": "YWJj"}},
        {"awslogs": None},
        {"awslogs": {"data": 1}},
    ],
)
def test_an_event_that_is_no_delivery_is_refused(event: dict[str, Any]) -> None:
    with pytest.raises(MessageError, match="no delivery"):
        read_delivery(event)
