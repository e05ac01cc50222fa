"""What the API takes in the query string; a parameter that is not here is an error."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from cce.assessment import Account, Region
from cce.findings.life import FindingState
from cce.verdict import Severity, Verdict

_NUMBER: Final = re.compile(r"[0-9]{1,5}")

_Word = Annotated[str, StringConstraints(min_length=1, max_length=256)]
_Item = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,4}-[0-9]{1,3}$")]
_Benchmark = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=64)]
AssessmentId = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}$")]


def _true_or_false(value: object) -> object:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


Flag = Annotated[bool, Field(strict=True), BeforeValidator(_true_or_false)]


def _digits(value: object) -> object:
    return int(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value


Limit = Annotated[int, Field(strict=True, ge=1, le=100), BeforeValidator(_digits)]


class _Query(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Paged(_Query):
    limit: Limit = Field(default=50, description="The most rows of one page.")
    token: str | None = Field(default=None, description="`next` of the page before.")

    def filters(self) -> dict[str, Any]:
        """What a page token belongs to."""
        return self.model_dump(mode="json", exclude={"limit", "token"}, exclude_none=True)


class SrvQuery(_Paged):
    """Filters of the inventory; given together, a server meets all of them."""

    account: Account | None = None
    region: Region | None = None
    service: _Word | None = None
    role: _Word | None = None
    alive: Flag | None = None
    name: _Word | None = Field(default=None, description="What the server's name begins with.")


class VerdictQuery(_Query):
    """Which verdicts of a server; without ``assessment`` those of the latest that has any."""

    benchmark: _Benchmark | None = None
    item: _Item | None = None
    verdict: Verdict | None = None
    assessment: AssessmentId | None = None


class FindingQuery(_Paged):
    """Filters of a server's findings; given together, a finding meets all of them."""

    state: FindingState | None = None
    benchmark: _Benchmark | None = None
    severity: Severity | None = None
    item: _Item | None = None


class AssessmentQuery(_Paged):
    """Pages of the assessments, the newest first."""


class ReportQuery(_Query):
    """Which file of the report."""

    format: Literal["html", "csv", "json"] = "html"


_START: Final = "Start of the period, with its offset from UTC; at most 90 days ago."


class PeriodQuery(_Query):
    """The period of statistics; its length decides how long a point is."""

    start: AwareDatetime = Field(alias="from", description=_START)
    end: AwareDatetime = Field(alias="to", description="End of the period.")


class ResourcesQuery(_Paged):
    """The period of statistics by resource, in pages."""

    start: AwareDatetime = Field(alias="from", description=_START)
    end: AwareDatetime = Field(alias="to", description="End of the period.")


class NoQuery(_Query):
    """An operation without parameters."""
