"""Authorizer: who may call the gateway's APIs. See :mod:`cce.gateway.authorizer`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from cce.environment import read
from cce.gateway.authorizer import Authorizer, Outcome
from cce.gateway.signing.guard import Guard
from cce.store.deployed_stages import DeployedStages
from cce.store.objects import S3Objects
from cce.store.replays import DynamoReplays
from cce.store.secrets import ManagedSecrets
from cce.store.snapshots import DeployedSnapshots

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()


@dataclass(frozen=True)
class Environment:
    """What template.yaml tells this function."""

    bucket: str
    replays_table: str


env = read(Environment)
stages = DeployedStages(DeployedSnapshots(S3Objects(env.bucket)))
authorizer = Authorizer(
    settings=stages,
    admits=stages.admits,
    guard=Guard(ManagedSecrets(), DynamoReplays(env.replays_table)),
)


@logger.inject_lambda_context
def handler(event: Any, _context: LambdaContext) -> dict[str, Any]:  # noqa: ANN401 - API Gateway's
    """Decide on one request; 401 and 500 are exceptions, as API Gateway wants them."""
    decision = authorizer.decide(event, datetime.now(UTC))
    # A 401 ends in an exception too, so the count of errors tells nothing; this level does.
    write = logger.error if decision.outcome is Outcome.UNDECIDED else logger.info
    write(decision.outcome.value, extra=dict(decision.log))
    return decision.answer()
