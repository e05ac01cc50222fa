"""Reconcile: finds commands whose event did not arrive. See :mod:`cce.pipeline.reconcile`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from cce.environment import read
from cce.fleet.callbacks import AwsCallbacks
from cce.fleet.members import AwsMembers
from cce.fleet.queue import AwsQueue
from cce.pipeline.reconcile import Reconciler
from cce.store.assessments import DynamoAssessments

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()


@dataclass(frozen=True)
class Environment:
    """What template.yaml tells this function."""

    assessments_table: str
    results_queue: str
    member_role: str
    external_id: str
    delivery_timeout: int
    probe_timeout: int


env = read(Environment)
reconciler = Reconciler(
    assessments=DynamoAssessments(env.assessments_table),
    members=AwsMembers(env.member_role, env.external_id),
    results=AwsQueue(env.results_queue),
    callbacks=AwsCallbacks(),
    clock=lambda: datetime.now(UTC),
    patience=timedelta(seconds=env.delivery_timeout + env.probe_timeout),
)


@logger.inject_lambda_context
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Look at every open target."""
    found = reconciler.reconcile()
    if found:
        logger.info("reconciled", extra=found)
    return found
