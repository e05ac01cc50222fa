"""What the API answers, beside assets and problems."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from cce.api.assets import Asset
from cce.api.queries import AssessmentId
from cce.assessment import Srvid
from cce.findings.life import FindingState
from cce.verdict import Severity, Verdict


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class SrvPage(_Answer):
    """Servers in the order of their srvid. Go on while there is ``next``, also after a page with few."""

    items: list[Asset]
    next: str | None = None


class VerdictRow(_Answer):
    """The verdict on one item; its evidence and sub-checks stand in the report."""

    srvid: Srvid
    assessment_id: AssessmentId
    benchmark: str
    item: str
    rule: str
    severity: Severity
    verdict: Verdict
    reason_ko: str
    reason_en: str
    tailored: int = Field(default=0, ge=0, description="Deviations from the guide that it was judged with.")


class VerdictList(_Answer):
    """Verdicts of one server in one assessment; none without an assessment."""

    srvid: Srvid
    assessment_id: AssessmentId | None
    items: list[VerdictRow]


class Seen(_Answer):
    """What an assessment saw; ``at`` is when the evidence was read on the server, ISO 8601 in UTC."""

    at: str
    assessment_id: AssessmentId
    verdict: Verdict


class Recurrence(_Answer):
    """A finding that was fixed came back: first and last sighting, and what fixed it again, if it is."""

    opened: Seen
    last: Seen
    fixed: Seen | None


class FindingRow(_Answer):
    """The life of one item on one server.

    ``newest`` is what the last assessment saw, with its reason. Is it `review` or `error`, the finding could
    not be verified since ``last_seen``, and its state is that of before.
    """

    srvid: Srvid
    benchmark: str
    item: str
    severity: Severity
    rule: str
    state: FindingState
    first_seen: Seen = Field(description="The first time that it was vulnerable.")
    last_seen: Seen = Field(description="The last time that it was vulnerable.")
    fixed: Seen | None = Field(description="Since when it is good or not applicable; none while it is open.")
    recurrences: list[Recurrence] = Field(description="Each time that it came back after it was fixed.")
    newest: Seen
    reason_ko: str
    reason_en: str


class FindingPage(_Answer):
    """Findings of one server in the order of benchmark and item."""

    srvid: Srvid
    items: list[FindingRow]
    next: str | None = None


class AssessmentSummary(_Answer):
    """One assessment: what was asked, by whom, how it ended; ``outcome`` is empty while it runs."""

    assessment_id: AssessmentId
    status: str = Field(description="`starting`, `running`, `ended`, or `refused` with `reason`.")
    outcome: str = ""
    started_at: str = ""
    ended_at: str = ""
    requested_by: str = ""
    retry_of: str = ""
    tailoring: str = ""
    reason: str = ""


class AssessmentPage(_Answer):
    """Assessments, the newest first."""

    items: list[AssessmentSummary]
    next: str | None = None


class Progress(_Answer):
    """Where an assessment stands now: every expected server counts once, under its status.

    ``waiting`` servers are further told apart: ``sent`` have the probe, the others stand in the queue.
    """

    expected: int = 0
    waiting: int = 0
    sent: int = 0
    assessed: int = 0
    unreachable: int = 0
    failed: int = 0
    skipped: int = 0
    accounts_listed: int = 0
    accounts_unreachable: int = 0


class AssessmentDetail(AssessmentSummary):
    """One assessment with its scope and its progress."""

    scope: dict[str, Any] = {}
    progress: Progress = Progress()


class Started(_Answer):
    """An assessment that was asked for; follow it at the answer's ``Location``."""

    assessment_id: AssessmentId
    status: str = "starting"


class ReportPointer(_Answer):
    """Where the report lies; ``url`` opens it for a while, from where S3 is reachable."""

    assessment_id: AssessmentId
    format: str
    s3_uri: str
    url: str
    expires_in: int = Field(description="Seconds.")
