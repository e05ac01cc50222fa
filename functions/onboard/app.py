"""Onboard: ``cce onboard`` from inside the VPC. See :mod:`cce.onboard`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from cce.environment import read
from cce.events import read_event
from cce.fleet.accounts import account_source
from cce.fleet.members import AwsMembers
from cce.fleet.onboarding import AwsDoor
from cce.onboard import Onboarder
from cce.readiness import Asked, look

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()


@dataclass(frozen=True)
class Environment:
    """What template.yaml tells this function."""

    aws_region: str
    account_source: str
    accounts: tuple[str, ...]
    accounts_table: str
    member_role: str
    external_id: str
    document: str
    bus: str


env = read(Environment)
accounts = account_source(env.account_source, listed=env.accounts, table=env.accounts_table)
door = AwsDoor(AwsMembers(env.member_role, env.external_id), env.aws_region, env.document)
onboarder = Onboarder(door, env.bus, env.document)


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Check the accounts, and answer what ``cce onboard --json`` prints."""
    readiness = look(onboarder, read_event(Asked, event).accounts or accounts.known(), env.aws_region)
    logger.info("looked", extra={"complete": readiness.complete, "accounts": len(readiness.found)})
    return readiness.document()
