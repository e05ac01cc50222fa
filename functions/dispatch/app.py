"""Dispatch: sends the probe to servers that wait in the jobs queue. See :mod:`cce.pipeline.dispatch`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from cce.environment import read
from cce.errors import MessageError
from cce.fleet.callbacks import AwsCallbacks
from cce.fleet.members import AwsMembers, Probe
from cce.pipeline.dispatch import Dispatcher, Job
from cce.store.assessments import DynamoAssessments

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
metrics = Metrics()


@dataclass(frozen=True)
class Environment:
    """What template.yaml tells this function."""

    assessments_table: str
    member_role: str
    external_id: str
    document: str
    delivery_timeout: int
    probe_timeout: int
    output_bucket: str


env = read(Environment)
dispatcher = Dispatcher(
    assessments=DynamoAssessments(env.assessments_table),
    members=AwsMembers(
        env.member_role, env.external_id, probe=Probe(env.document, env.delivery_timeout, env.output_bucket)
    ),
    callbacks=AwsCallbacks(),
    clock=lambda: datetime.now(UTC),
    patience=timedelta(seconds=env.delivery_timeout + env.probe_timeout),
)


def read_job(record: SQSRecord) -> Job:
    """Read one message; a malformed one is counted and goes to the dead-letter queue."""
    try:
        return Job.parse(record.body)
    except MessageError:
        logger.exception("malformed job", extra={"message_id": record.message_id})
        metrics.add_metric("MalformedMessages", MetricUnit.Count, 1)
        raise


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> PartialItemFailureResponse:
    """Send the probe to the servers of a batch; only messages that must come again are reported as failed."""
    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    with processor(records=event["Records"], handler=read_job):
        jobs = [(job, record) for status, job, record in processor.process() if status == "success"]
        again = dispatcher.dispatch([job for job, _ in jobs])
        for job, record in jobs:
            if error := again.get(job.srvid):
                logger.warning("comes again", extra={"srvid": job.srvid, "reason": str(error)})
                processor.failure_handler(SQSRecord(record), (type(error), error, None))
    return processor.response()
