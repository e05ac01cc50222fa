"""Report: the last state of an assessment. See :mod:`cce.pipeline.reporting`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from cce.environment import read
from cce.pipeline.reporting import Reporter
from cce.store.assessments import DynamoAssessments
from cce.store.findings import DynamoFindings
from cce.store.objects import S3Objects

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()


@dataclass(frozen=True)
class Environment:
    """What template.yaml tells this function."""

    bucket: str
    assessments_table: str
    findings_table: str


env = read(Environment)
reporter = Reporter(
    objects=S3Objects(env.bucket),
    assessments=DynamoAssessments(env.assessments_table),
    findings=DynamoFindings(env.findings_table),
    clock=lambda: datetime.now(UTC),
)


@logger.inject_lambda_context
def handler(event: dict[str, str], _context: LambdaContext) -> dict[str, Any]:
    """Count, score and write the report of the assessment."""
    summary = reporter.report(event["assessment_id"])
    logger.info("reported", extra={k: v for k, v in summary.items() if k != "message"})
    return summary
