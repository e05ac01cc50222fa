"""What an operation of the API is, and what all of them need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cce.api.queries import NoQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from pydantic import BaseModel

    from cce.api.http import Request, Response
    from cce.api.ports import (
        AssessmentBook,
        Executions,
        FindingHistory,
        Inventory,
        Reports,
        VerdictHistory,
    )
    from cce.gateway.statistics.ports import StatisticsBook
    from cce.gateway.statistics.services import ServiceBook
    from cce.pipeline.ports import Accounts


@dataclass(frozen=True, slots=True)
class Api:
    """The world of the operations.

    ``accounts`` says which accounts this hub assesses, ``region`` in which region; ``seed`` gives a text
    that is new each time. ``zone`` is where a day of the gateway's statistics begins at midnight;
    ``own_name`` and ``default_stage`` are what they call this API and the stage whose name is empty.
    """

    inventory: Inventory
    verdicts: VerdictHistory
    findings: FindingHistory
    assessments: AssessmentBook
    executions: Executions
    reports: Reports
    accounts: Accounts
    statistics: StatisticsBook
    services: ServiceBook
    own_name: str
    default_stage: str
    zone: ZoneInfo
    region: str
    clock: Callable[[], datetime]
    seed: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path.

    ``answers`` are the models of the good statuses (``None``: no body); ``problems`` the bad statuses that
    are its own, beside those that every operation may have. ``headers`` and ``answered`` are the request's
    and the answer's headers by name with what they are for.
    """

    method: str
    path: str
    name: str
    summary: str
    handle: Callable[[Api, Request], Response]
    answers: Mapping[int, type[BaseModel] | None]
    query: type[BaseModel] = NoQuery
    body: type[BaseModel] | None = None
    problems: tuple[int, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    answered: Mapping[str, str] = field(default_factory=dict)
    page: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        """The path, and for a srvid the one with its slashes as they are: proxies decode %2F on the way."""
        # API Gateway wants one name for the variables of one level, so the account is called srvid there.
        return tuple(dict.fromkeys((self.path, self.path.replace("{srvid}", "{srvid}/{region}/{instance}"))))

    @property
    def rules(self) -> tuple[str, ...]:
        """The paths as Powertools writes them."""
        return tuple(path.replace("{", "<").replace("}", ">") for path in self.paths)
