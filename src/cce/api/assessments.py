"""Operations on assessments: start one, list them, follow one, open its report."""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict

from cce.api.answers import (
    AssessmentDetail,
    AssessmentPage,
    AssessmentSummary,
    Progress,
    ReportPointer,
    Started,
)
from cce.api.assets import Line
from cce.api.http import answer
from cce.api.paging import next_token, read_token
from cce.api.problems import Problem, malformed, unknown
from cce.api.queries import AssessmentId, AssessmentQuery, NoQuery, ReportQuery
from cce.assessment import Scope, TargetStatus, assessment_id, is_assessment_id
from cce.errors import ScopeError
from cce.pipeline.plan import check_scope

if TYPE_CHECKING:
    from cce.api.http import Request, Response
    from cce.api.operations import Api
    from cce.pipeline.records import AssessmentRecord

#: Seconds for which the link to a report opens it.
LINK_SECONDS: Final = 300

#: Ids tried for one new assessment; two of one second collide once in 65,536 times.
_IDS: Final = 5


class AssessmentRequest(BaseModel):
    """What to assess: a scope (``{}``: everything), or what an earlier assessment is still missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scope: Scope = Scope()
    requested_by: Line = "api"
    retry_of: AssessmentId | None = None


def start_assessment(api: Api, request: Request) -> Response:
    """Start an assessment; it is planned after this answer."""
    request.parameters(NoQuery)
    asked = request.content(AssessmentRequest)
    try:
        check_scope(asked.scope, api.accounts.known(), api.region)
    except ScopeError as error:
        raise malformed("scope", error.message) from error
    if asked.retry_of and api.assessments.get(asked.retry_of) is None:
        raise malformed("retry_of", f"there is no assessment {asked.retry_of}")
    given: dict[str, Any] = asked.model_dump(mode="json", exclude_none=True) | {"trigger": "api"}
    for _ in range(_IDS):
        identity = assessment_id(api.clock(), f"api {api.seed()}")
        if api.executions.start(identity, given):
            headers = {"Location": f"/v1/assessments/{identity}"}
            return answer(Started(assessment_id=identity), HTTPStatus.ACCEPTED, headers)
    detail = "Too many assessments were started in this second; try again."
    raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "busy", detail)


def list_assessments(api: Api, request: Request) -> Response:
    """One page of the assessments, the newest first."""
    query = request.parameters(AssessmentQuery)
    records = api.assessments.newest(read_token(query.token, query.filters()), query.limit + 1)
    page = records[: query.limit]
    more = len(records) > query.limit
    items = [AssessmentSummary(**_summary(record)) for record in page]
    return answer(
        AssessmentPage(
            items=items, next=next_token(query.filters(), page[-1].assessment_id) if more else None
        )
    )


def get_assessment(api: Api, request: Request) -> Response:
    """One assessment with what became of its servers so far."""
    request.parameters(NoQuery)
    identity = _identity(request)
    record = api.assessments.get(identity)
    if record is None:
        # Between the start and the plan there is only the execution; also when the plan refused.
        reason = api.executions.refusal(identity)
        if reason is None:
            raise unknown(f"assessment {identity}")
        status = "stopped" if reason else "starting"
        return answer(AssessmentDetail(assessment_id=identity, status=status, reason=reason))
    summary = _summary(record)
    if not record.ended_at:
        reason = api.executions.refusal(record.execution_arn.rsplit(":", 1)[-1])
        summary |= {"status": "stopped", "reason": reason} if reason else {}
    return answer(
        AssessmentDetail(**summary, scope=dict(record.scope), progress=_progress(api, record.assessment_id))
    )


def get_report(api: Api, request: Request) -> Response:
    """Where the report lies, as a redirect to a link that opens it for some minutes."""
    query = request.parameters(ReportQuery)
    identity = _identity(request)
    record = api.assessments.get(identity)
    if record is None:
        raise unknown(f"assessment {identity} with a report")
    if not record.ended_at:
        detail = f"Assessment {identity} has no report yet; it is written when the assessment ends."
        raise Problem(HTTPStatus.NOT_FOUND, "not-ready", detail)
    key = f"reports/{identity}/report.{query.format}"
    url = api.reports.link(key, LINK_SECONDS)
    pointer = ReportPointer(
        assessment_id=identity,
        format=query.format,
        s3_uri=f"s3://{api.reports.bucket}/{key}",
        url=url,
        expires_in=LINK_SECONDS,
    )
    return answer(pointer, HTTPStatus.FOUND, {"Location": url, "Cache-Control": "no-store"})


def _identity(request: Request) -> str:
    text = request.segment("assessment_id")
    if not is_assessment_id(text):
        raise malformed("assessment_id", "is no assessment id, such as 20261122T013000Z-7f3a")
    return text


def _summary(record: AssessmentRecord) -> dict[str, Any]:
    names = ("assessment_id", "outcome", "started_at", "ended_at", "requested_by", "retry_of", "tailoring")
    status = "ended" if record.ended_at else "running"
    return {name: getattr(record, name) for name in names} | {"status": status}


def _progress(api: Api, identity: str) -> Progress:
    targets, listings = api.assessments.targets(identity), api.assessments.listings(identity)
    by_status = Counter(target.status for target in targets)
    unlisted = sum(1 for listing in listings if listing.reason_en)
    return Progress(
        expected=len(targets),
        sent=sum(1 for t in targets if t.status is TargetStatus.WAITING and t.step == "sent"),
        **{status.value: by_status[status] for status in TargetStatus},
        accounts_listed=len(listings) - unlisted,
        accounts_unreachable=unlisted,
    )
