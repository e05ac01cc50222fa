"""The private API in memory, asked as the function asks it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cce.api.assets import Asset, AssetFields
from cce.api.http import Request, Response
from cce.api.operations import Api
from cce.api.routes import OPERATIONS, perform
from cce.assessment import ServerId
from cce.fleet.accounts import ListedAccounts
from cce.fleet.executions import MemoryExecutions
from cce.store.memory import (
    MemoryAssessments,
    MemoryFindings,
    MemoryInventory,
    MemoryObjects,
    MemoryVerdicts,
)
from cce.store.memory_services import MemoryServices
from cce.store.statistics_file import FileStatistics

if TYPE_CHECKING:
    from cce.gateway.statistics.services import ServiceBook

HUB, OTHER = "111111111111", "222222222222"
REGION = "ap-northeast-2"


def server(number: int, account: str = HUB) -> ServerId:
    return ServerId(account, REGION, f"i-{number:017x}")


def asset(number: int, account: str = HUB, **fields: Any) -> Asset:
    return Asset.of(server(number, account), AssetFields(**{"name": f"web-{number}"} | fields))


@dataclass
class ApiWorld:
    """Everything the operations reach, in memory."""

    inventory: MemoryInventory = field(default_factory=MemoryInventory)
    verdicts: MemoryVerdicts = field(default_factory=MemoryVerdicts)
    findings: MemoryFindings = field(default_factory=MemoryFindings)
    assessments: MemoryAssessments = field(default_factory=MemoryAssessments)
    executions: MemoryExecutions = field(default_factory=MemoryExecutions)
    objects: MemoryObjects = field(default_factory=MemoryObjects)
    statistics: FileStatistics = field(default_factory=FileStatistics)
    services: ServiceBook = field(default_factory=MemoryServices)
    numbers: count[int] = field(default_factory=count)

    @property
    def api(self) -> Api:
        return Api(
            inventory=self.inventory,
            verdicts=self.verdicts,
            findings=self.findings,
            assessments=self.assessments,
            executions=self.executions,
            reports=self.objects,
            accounts=ListedAccounts((HUB, OTHER)),
            statistics=self.statistics,
            services=self.services,
            own_name="cce-fleet-api",
            default_stage="default",
            zone=ZoneInfo("Asia/Seoul"),
            region=REGION,
            clock=lambda: datetime(2026, 11, 22, 1, 30, tzinfo=UTC),
            seed=lambda: str(next(self.numbers)),
        )

    def with_assets(self, *assets: Asset) -> ApiWorld:
        self.inventory.assets |= {a.srvid: a for a in assets}
        return self

    def with_verdict(self, srvid: str, assessment: str, item: str, verdict: str = "good", **row: Any) -> None:
        line = {
            "srvid": srvid,
            "assessment_id": assessment,
            "benchmark": "kisa-2021",
            "item": item,
            "rule": "unix.rule",
            "severity": "상",
            "verdict": verdict,
            "reason_ko": "이유",
            "reason_en": "why",
        }
        self.verdicts.add([line | row])

    def ask(self, operation: str, *, body: object = None, raw: bytes | None = None, **given: Any) -> Response:
        """Do the operation; ``path``, ``query`` and ``headers`` as in a request, one value to a parameter.

        ``api`` is the API by which it comes, on its stage ``v1``.
        """
        chosen = next(o for o in OPERATIONS if o.name == operation)
        query = {k: v if isinstance(v, list) else [v] for k, v in given.get("query", {}).items()}
        text = json.dumps(body, ensure_ascii=False).encode() if raw is None else raw
        by = {"api": given["api"], "stage": "v1"} if "api" in given else {}
        request = Request(given.get("path", {}), query, given.get("headers", {}), text, **by)
        return perform(chosen, self.api, request)


def told(response: Response) -> Any:
    """The body of an answer."""
    return json.loads(response.body)


def fields_of(response: Response) -> list[str]:
    """The fields that a problem names."""
    return [error["field"] for error in told(response)["errors"]]
