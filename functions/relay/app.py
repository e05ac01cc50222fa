"""Relay: the methods that API Gateway cannot answer by itself. See :mod:`cce.gateway.relay.function`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from cce.environment import read
from cce.gateway.relay.client import PooledUpstream
from cce.gateway.relay.function import RelayFunction
from cce.gateway.relay.spare import SpareTroubles
from cce.store.objects import S3Objects
from cce.store.snapshots import DeployedSnapshots
from cce.store.troubles import DynamoTroubles

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()


@dataclass(frozen=True)
class Environment:
    """What template.yaml tells this function."""

    bucket: str
    troubles_table: str


env = read(Environment)
relay = RelayFunction(
    snapshots=DeployedSnapshots(S3Objects(env.bucket)),
    troubles=SpareTroubles(
        DynamoTroubles(env.troubles_table),
        lambda error: logger.error("nothing is blocked", extra={"problem": str(error)}),
    ),
    upstream=PooledUpstream(),
)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request."""
    done = relay.answer(event, datetime.now(UTC), context.get_remaining_time_in_millis() / 1000)
    logger.info("relayed", extra=done.log)
    return done.answer
