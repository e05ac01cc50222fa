"""Every operation of the API: what the function routes, and what the OpenAPI document describes."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Final

from cce.api import assessments, findings, srv, statistics
from cce.api.answers import (
    AssessmentDetail,
    AssessmentPage,
    FindingPage,
    ReportPointer,
    SrvPage,
    Started,
    VerdictList,
)
from cce.api.assets import Asset, AssetChange
from cce.api.http import Request, Response, answer_problem
from cce.api.operations import Api, Operation
from cce.api.problems import Problem
from cce.api.queries import AssessmentQuery, FindingQuery, ReportQuery, SrvQuery, VerdictQuery
from cce.errors import CceError

_log = logging.getLogger(__name__)

_ETAG: Final = {"ETag": "Names this version of the record; send it as If-Match."}

OPERATIONS: Final = (
    Operation("GET", "/srv", "listServers", "List servers", srv.list_servers, {200: SrvPage}, SrvQuery),
    Operation(
        "GET",
        "/srv/{srvid}",
        "getServer",
        "One server",
        srv.get_server,
        {200: Asset, 304: None},
        problems=(404, 409),
        headers={"If-None-Match": "An ETag that the caller has; 304 if it is still the record's."},
        answered=_ETAG,
    ),
    Operation(
        "PUT",
        "/srv/{srvid}",
        "putServer",
        "Replace or create one server",
        srv.put_server,
        {200: Asset, 201: Asset},
        body=AssetChange,
        problems=(404, 409, 412, 413, 428),
        headers={
            "If-Match": "The ETag of the record to replace.",
            "If-None-Match": "`*` to create a record.",
        },
        answered=_ETAG,
    ),
    Operation(
        "GET",
        "/srv/{srvid}/verdicts",
        "listVerdicts",
        "Verdicts on one server",
        srv.list_verdicts,
        {200: VerdictList},
        VerdictQuery,
        problems=(404, 409),
    ),
    Operation(
        "GET",
        "/srv/{srvid}/findings",
        "listFindings",
        "Findings of one server",
        findings.list_findings,
        {200: FindingPage},
        FindingQuery,
        problems=(404, 409),
    ),
    Operation(
        "GET",
        "/assessments",
        "listAssessments",
        "List assessments",
        assessments.list_assessments,
        {200: AssessmentPage},
        AssessmentQuery,
    ),
    Operation(
        "POST",
        "/assessments",
        "startAssessment",
        "Start an assessment",
        assessments.start_assessment,
        {202: Started},
        body=assessments.AssessmentRequest,
        problems=(413,),
        answered={"Location": "Where to follow it."},
    ),
    Operation(
        "GET",
        "/assessments/{assessment_id}",
        "getAssessment",
        "One assessment and its progress",
        assessments.get_assessment,
        {200: AssessmentDetail},
        problems=(404,),
    ),
    Operation(
        "GET",
        "/assessments/{assessment_id}/report",
        "getReport",
        "Open the report of an assessment",
        assessments.get_report,
        {302: ReportPointer},
        ReportQuery,
        problems=(404,),
        answered={"Location": "A link that opens the report for some minutes, from where S3 is reachable."},
    ),
    *statistics.OPERATIONS,
)


def perform(operation: Operation, api: Api, request: Request) -> Response:
    """Do one operation; whatever goes wrong is answered with problem details."""
    try:
        return operation.handle(api, request)
    except Problem as problem:
        return answer_problem(problem)
    except CceError as error:
        _log.exception("not answered")
        if error.retryable:
            detail = "A store or service of AWS did not answer; try again."
            later = Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", detail)
            return answer_problem(later, {"Retry-After": "2"})
        return answer_problem(_defect())
    except Exception:  # noqa: BLE001 - the boundary: a caller gets a problem, the log gets the stack
        _log.exception("defect")
        return answer_problem(_defect())


def not_found() -> Response:
    """The answer to a path that the API does not have."""
    return answer_problem(
        Problem(HTTPStatus.NOT_FOUND, "unknown-path", "The API has no such path or method.")
    )


def _defect() -> Problem:
    detail = "The API could not answer; the log of the function says why."
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "defect", detail)
