"""Collect: turns ended commands into evidence and verdicts. See :mod:`cce.pipeline.collect`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType

from cce.environment import read
from cce.errors import MessageError
from cce.fleet.callbacks import AwsCallbacks
from cce.fleet.members import AwsMembers
from cce.pipeline.collect import Collector, StatusEvent
from cce.store.assessments import DynamoAssessments
from cce.store.findings import DynamoFindings
from cce.store.objects import S3Objects
from cce.store.servers import DynamoServers
from cce.store.verdicts import DynamoVerdicts

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
metrics = Metrics()


@dataclass(frozen=True)
class Environment:
    """What template.yaml tells this function."""

    bucket: str
    assessments_table: str
    servers_table: str
    verdicts_table: str
    findings_table: str
    member_role: str
    external_id: str


env = read(Environment)
collector = Collector(
    objects=S3Objects(env.bucket),
    assessments=DynamoAssessments(env.assessments_table),
    servers=DynamoServers(env.servers_table),
    verdicts=DynamoVerdicts(env.verdicts_table),
    findings=DynamoFindings(env.findings_table),
    members=AwsMembers(env.member_role, env.external_id),
    callbacks=AwsCallbacks(),
)


def collect_one(record: SQSRecord) -> str:
    """Handle one status event; one that fails comes again, five times, then lies in the dead-letter queue."""
    try:
        status = StatusEvent.parse(record.body)
        came_of_it = collector.collect(status)
    except Exception as error:  # the boundary: Powertools reports the message as failed and says nothing
        logger.exception("not collected", extra={"message_id": record.message_id})
        if isinstance(error, MessageError):
            metrics.add_metric("MalformedMessages", MetricUnit.Count, 1)
        raise
    logger.info("collected", extra={"command": status.detail.command_id, "came_of_it": came_of_it})
    return came_of_it


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> PartialItemFailureResponse:
    """Handle a batch of status events."""
    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    with processor(records=event["Records"], handler=collect_one):
        processor.process()
    return processor.response()
