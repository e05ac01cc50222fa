"""Doctor: ``cce doctor`` from inside the VPC. See :mod:`cce.doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from cce.doctor.asked import Asked
from cce.doctor.collect import collect
from cce.doctor.run import diagnose, document
from cce.environment import read
from cce.events import read_event
from cce.fleet.net import SocketNet
from cce.fleet.questions import AwsQuestions

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()


@dataclass(frozen=True)
class Environment:
    """What template.yaml tells this function."""

    vpc: str
    functions: str


env = read(Environment)


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Look, and answer what ``cce doctor --json`` prints."""
    question = read_event(Asked, event).question(functions=env.functions, stands_in=env.vpc)
    # New clients each time: a service that was silent once is asked again.
    diagnosis = diagnose(collect(AwsQuestions(), SocketNet(), question))
    logger.info("looked", extra={"status": diagnosis.status, "findings": len(diagnosis.findings)})
    return document(diagnosis)
