"""Operations on the gateway's services and their statistics: stages over time and by resource, and the page.

They need a :class:`World` only, so the local server answers them too.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import quote, unquote

from cce.api.http import Response, answer
from cce.api.operations import Operation
from cce.api.paging import next_token, read_token
from cce.api.problems import malformed
from cce.api.queries import NoQuery, PeriodQuery, ResourcesQuery
from cce.errors import PeriodError, StoreError
from cce.gateway.statistics.answers import (
    Asked,
    ResourceStatistics,
    StageList,
    StageStatistics,
    resource_statistics,
    stage_list,
    stage_statistics,
)
from cce.gateway.statistics.page import HEADERS, page
from cce.gateway.statistics.period import Period
from cce.gateway.statistics.services import OwnApi, ServiceList, names_of, service_list

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from cce.api.http import Request
    from cce.gateway.statistics.answers import ResourceRow
    from cce.gateway.statistics.ports import StatisticsBook
    from cce.gateway.statistics.services import ServiceBook

_log = logging.getLogger(__name__)

SERVICE: Final = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
STAGE: Final = re.compile(r"^[A-Za-z0-9_-]{1,128}$")

#: The default stage in a path.
DEFAULT: Final = "-"


class World(Protocol):
    """What these operations need; :class:`cce.api.operations.Api` has it."""

    @property
    def statistics(self) -> StatisticsBook:
        """Where sums are kept."""

    @property
    def services(self) -> ServiceBook:
        """The services, by which ids get their names."""

    @property
    def own_name(self) -> str:
        """What the API is called that answers."""

    @property
    def default_stage(self) -> str:
        """What statistics call the stage whose name is empty."""

    @property
    def zone(self) -> ZoneInfo:
        """Where a day begins at midnight."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The time now."""


def list_services(api: World, request: Request) -> Response:
    """Every service of the gateway with its stages and what each serves; the private API itself, too."""
    request.parameters(NoQuery)
    return answer(service_list(api.services, _own(api, request), api.default_stage))


def list_stages(api: World, request: Request) -> Response:
    """Every stage of every service that has statistics, with the time they were counted last."""
    request.parameters(NoQuery)
    return answer(stage_list(api.statistics, _names(api, request), api.zone.key))


def get_stage(api: World, request: Request) -> Response:
    """A stage over time: minutes up to an hour, ten minutes up to a day, hours up to a week, else days."""
    asked = _asked(api, request, request.parameters(PeriodQuery))
    return answer(stage_statistics(api.statistics, asked))


def list_resources(api: World, request: Request) -> Response:
    """One page of a stage's resources that were called, by method and mapped path."""
    query = request.parameters(ResourcesQuery)
    asked = _asked(api, request, query)
    filters = {"place": (asked.service, asked.stage), **query.filters()}
    after = unquote(read_token(query.token, filters))
    whole = resource_statistics(api.statistics, asked)
    rest = [row for row in whole.items if _key(row) > after]
    page_of = rest[: query.limit]
    more = next_token(filters, quote(_key(page_of[-1]))) if len(rest) > query.limit else None
    return answer(whole.model_copy(update={"items": page_of, "next": more}))


def get_dashboard(_api: World, request: Request) -> Response:
    """Open a page with charts; it asks for the key, and for the statistics with it."""
    request.parameters(NoQuery)
    return Response(200, page().decode(), HEADERS, "text/html; charset=utf-8")


def _own(api: World, request: Request) -> OwnApi | None:
    return OwnApi(request.api, api.own_name, request.stage) if request.api else None


def _names(api: World, request: Request) -> Mapping[str, str]:
    """The names of services; without the book they are called by their ids, for the sums are known."""
    try:
        return names_of(api.services, _own(api, request))
    except StoreError:
        _log.warning("the names of services cannot be read", exc_info=True)
        return {}


def _asked(api: World, request: Request, query: PeriodQuery | ResourcesQuery) -> Asked:
    service, stage = request.segment("service"), request.segment("stage")
    if not SERVICE.fullmatch(service):
        raise malformed("service", "is no id of a service")
    if not STAGE.fullmatch(stage):
        raise malformed("stage", "is no name of a stage, nor - for the default stage")
    now = api.clock()
    try:
        period = Period.asked(query.start, query.end, now=now, zone=api.zone)
    except PeriodError as error:
        raise malformed(error.field, error.reason) from error
    name = _names(api, request).get(service, service)
    return Asked(service, name, api.default_stage if stage == DEFAULT else stage, period, now)


def _key(row: ResourceRow) -> str:
    return f"{row.path} {row.method}"


_STATISTICS: Final = "/gateway/services/{service}/stages/{stage}/statistics"

OPERATIONS: Final = (
    Operation(
        "GET",
        "/gateway/services",
        "listServices",
        "Services of the gateway",
        list_services,
        {200: ServiceList},
    ),
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
