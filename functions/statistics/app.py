"""Statistics: counts the lines of the gateway's access log. See :mod:`cce.gateway.statistics`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from cce.environment import read
from cce.gateway.statistics.delivery import read_delivery
from cce.gateway.statistics.tally import roll_up
from cce.store.statistics import DynamoStatistics

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
metrics = Metrics()


@dataclass(frozen=True)
class Environment:
    """What template.yaml tells this function."""

    statistics_table: str
    statistics_zone: str


env = read(Environment)
book = DynamoStatistics(env.statistics_table)
zone = ZoneInfo(env.statistics_zone)


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Count one batch; where that fails Lambda runs this again with the same event."""
    delivery = read_delivery(event)
    for identity, reason in delivery.malformed.items():
        logger.warning("not counted", extra={"event_id": identity, "reason": reason})
    if delivery.malformed:
        metrics.add_metric("MalformedAccessLines", MetricUnit.Count, len(delivery.malformed))
    book.add(delivery.batch, roll_up(delivery.seen, zone), datetime.now(UTC))
    return {"counted": len(delivery.seen), "malformed": len(delivery.malformed)}
