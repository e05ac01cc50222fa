"""Plan: the first state of an assessment. See :mod:`cce.pipeline.plan`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from cce.environment import read
from cce.fleet.accounts import account_source
from cce.fleet.members import AwsMembers
from cce.pipeline.plan import Planner
from cce.store.assessments import DynamoAssessments
from cce.store.objects import S3Objects

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()


@dataclass(frozen=True)
class Environment:
    """What template.yaml tells this function."""

    aws_region: str
    bucket: str
    assessments_table: str
    account_source: str
    accounts: tuple[str, ...]
    accounts_table: str
    member_role: str
    external_id: str


env = read(Environment)
accounts = account_source(env.account_source, listed=env.accounts, table=env.accounts_table)
objects = S3Objects(env.bucket)
assessments = DynamoAssessments(env.assessments_table)
members = AwsMembers(env.member_role, env.external_id)


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Plan the assessment that the execution's input asks for."""
    # The accounts of this moment: one that joined the organization yesterday is checked today.
    plan = Planner(objects, assessments, members, accounts.known(), env.aws_region).plan(event)
    logger.info("planned", extra=plan)
    return plan
