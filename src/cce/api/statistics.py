"""Operations on the gateway's statistics: its stages over time and by resource, and the page that draws them.

They need a :class:`World` only, so the local server answers them too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import quote, unquote

from cce.api.http import Response, answer
from cce.api.operations import Operation
from cce.api.paging import next_token, read_token
from cce.api.problems import malformed
from cce.api.queries import NoQuery, PeriodQuery, ResourcesQuery
from cce.errors import PeriodError
from cce.gateway.statistics.answers import (
    ResourceStatistics,
    StageList,
    StageStatistics,
    resource_statistics,
    stage_list,
    stage_statistics,
)
from cce.gateway.statistics.page import HEADERS, page
from cce.gateway.statistics.period import Period

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from cce.api.http import Request
    from cce.gateway.statistics.answers import ResourceRow
    from cce.gateway.statistics.ports import StatisticsBook

SERVICE: Final = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
STAGE: Final = re.compile(r"^[A-Za-z0-9_-]{1,128}$")

#: The default stage in a path; its name is empty.
DEFAULT: Final = "-"


class World(Protocol):
    """What these operations need; :class:`cce.api.operations.Api` has it."""

    @property
    def statistics(self) -> StatisticsBook:
        """Where sums are kept."""

    @property
    def zone(self) -> ZoneInfo:
        """Where a day begins at midnight."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The time now."""


def list_stages(api: World, request: Request) -> Response:
    """Every stage of every service that has statistics, with the time they were counted last."""
    request.parameters(NoQuery)
    return answer(stage_list(api.statistics, api.zone.key))


def get_stage(api: World, request: Request) -> Response:
    """A stage over time: minutes up to an hour, ten minutes up to a day, hours up to a week, else days."""
    query = request.parameters(PeriodQuery)
    place, now = _place(request), api.clock()
    return answer(stage_statistics(api.statistics, *place, _period(query, now, api.zone), now))


def list_resources(api: World, request: Request) -> Response:
    """One page of a stage's resources that were called, by method and mapped path."""
    query = request.parameters(ResourcesQuery)
    place, now = _place(request), api.clock()
    filters = {"place": place, **query.filters()}
    after = unquote(read_token(query.token, filters))
    whole = resource_statistics(api.statistics, *place, _period(query, now, api.zone), now)
    rest = [row for row in whole.items if _key(row) > after]
    page_of = rest[: query.limit]
    more = next_token(filters, quote(_key(page_of[-1]))) if len(rest) > query.limit else None
    return answer(whole.model_copy(update={"items": page_of, "next": more}))


def get_dashboard(_api: World, request: Request) -> Response:
    """Open a page with charts; it asks for the key, and for the statistics with it."""
    request.parameters(NoQuery)
    return Response(200, page().decode(), HEADERS, "text/html; charset=utf-8")


def _place(request: Request) -> tuple[str, str]:
    service, stage = request.segment("service"), request.segment("stage")
    if not SERVICE.fullmatch(service):
        raise malformed("service", "is no id of a service")
    if not STAGE.fullmatch(stage):
        raise malformed("stage", "is no name of a stage, nor - for the default stage")
    return service, "" if stage == DEFAULT else stage


def _period(query: PeriodQuery | ResourcesQuery, now: datetime, zone: ZoneInfo) -> Period:
    try:
        return Period.asked(query.start, query.end, now=now, zone=zone)
    except PeriodError as error:
        raise malformed(error.field, error.reason) from error


def _key(row: ResourceRow) -> str:
    return f"{row.path} {row.method}"


_STATISTICS: Final = "/gateway/services/{service}/stages/{stage}/statistics"

OPERATIONS: Final = (
    Operation(
        "GET",
        "/gateway/statistics",
        "listStagesWithStatistics",
        "Stages that have statistics",
        list_stages,
        {200: StageList},
    ),
    Operation(
        "GET",
        _STATISTICS,
        "getStageStatistics",
        "Statistics of a stage over time",
        get_stage,
        {200: StageStatistics},
        PeriodQuery,
        problems=(404,),  # names that no path holds, such as control characters
    ),
    Operation(
        "GET",
        f"{_STATISTICS}/resources",
        "listResourceStatistics",
        "Statistics of a stage by method and path",
        list_resources,
        {200: ResourceStatistics},
        ResourcesQuery,
        problems=(404,),
    ),
    Operation(
        "GET",
        "/gateway/dashboard",
        "openDashboard",
        "The page with charts of the statistics",
        get_dashboard,
        {200: None},
        page=True,
    ),
)
