"""Discover: lists the servers of one account. See :mod:`cce.pipeline.discover`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from cce.environment import read
from cce.fleet.inventory import HttpInventory
from cce.fleet.members import AwsMembers
from cce.pipeline.discover import Discoverer
from cce.store.assessments import DynamoAssessments
from cce.store.objects import S3Objects
from cce.store.servers import DynamoServers

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()


@dataclass(frozen=True)
class Environment:
    """What template.yaml tells this function."""

    bucket: str
    assessments_table: str
    servers_table: str
    member_role: str
    external_id: str
    inventory_url: str
    inventory_key: str


env = read(Environment)
discoverer = Discoverer(
    objects=S3Objects(env.bucket),
    assessments=DynamoAssessments(env.assessments_table),
    servers=DynamoServers(env.servers_table),
    members=AwsMembers(env.member_role, env.external_id),
    inventory=HttpInventory(env.inventory_url, env.inventory_key) if env.inventory_url else None,
)


@logger.inject_lambda_context
def handler(event: dict[str, str], _context: LambdaContext) -> dict[str, Any]:
    """List the servers of the account and region that the map's item names."""
    found = discoverer.discover(event)
    logger.info("discovered", extra=found)
    return found
