"""``cce onboard``: what member accounts lack, asked from the hub as its operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from cce.cli.files import write_stdout
from cce.environment import read
from cce.errors import ConfigurationError
from cce.fleet.accounts import account_source
from cce.fleet.clients import CONFIG
from cce.fleet.members import AwsMembers
from cce.fleet.onboarding import AwsDoor
from cce.onboard import Onboarder, complete
from cce.readiness import look
from cce.report.safe import to_json
from cce.text import visible

if TYPE_CHECKING:
    import argparse

    from cce.readiness import Readiness

NAME: Final = "onboard"
HELP: Final = (
    "Say what member accounts lack: role, external id, document, event rule, agents, their endpoints. "
    "Reads only. The external id comes from CCE_EXTERNAL_ID. "
    "The exit status is 0 when every account is complete, 1 when one is not, 2 when none could be asked."
)


@dataclass(frozen=True)
class Environment:
    """What the environment holds because a command line shows its arguments to everybody."""

    cce_external_id: str


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--account", action="append", metavar="NUMBER", help="an account; may be repeated")
    which.add_argument("--registry", metavar="TABLE", help="every account of this DynamoDB table")
    which.add_argument("--organization", action="store_true", help="every active account of the organization")
    parser.add_argument("--region", help="where the servers are (default: of the AWS configuration)")
    parser.add_argument("--hub-stack", default="cce-fleet", metavar="NAME", help="(default: %(default)s)")
    parser.add_argument(
        "--member-role", default="cce-fleet-member", metavar="NAME", help="(default: %(default)s)"
    )
    parser.add_argument(
        "--document", default="cce-fleet-linux", metavar="NAME", help="(default: %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    """Check the accounts and print what was found.

    Raises
    ------
    ConfigurationError
        When there are no credentials, no region or no external id.
    """
    external_id = read(Environment).cce_external_id
    region = _region(args.region)
    source = "registry" if args.registry else "organization" if args.organization else "list"
    members = AwsMembers(args.member_role, external_id)
    onboarder = Onboarder(
        AwsDoor(members, region, args.document), _bus(region, args.hub_stack), args.document
    )
    accounts = account_source(source, listed=tuple(args.account or ()), table=args.registry or "").known()
    readiness = look(onboarder, accounts, region)
    write_stdout(to_json(readiness.document()) + "\n" if args.json else _lines(readiness))
    return readiness.exit_status


def _region(given: str | None) -> str:
    try:
        region = given or boto3.Session().region_name
    except BotoCoreError as error:
        message = f"the AWS configuration cannot be used: {error}"
        raise ConfigurationError(message) from error
    if not region:
        raise ConfigurationError("no region is configured; give --region")
    return region


def _bus(region: str, stack: str) -> str:
    """The ARN of the hub's bus; whoever asks is in the hub's account."""
    try:
        sts = boto3.client("sts", region_name=region, config=CONFIG)
        hub = sts.get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        message = f"AWS does not know the caller: {error}; sign in as the hub's operator role"
        raise ConfigurationError(message) from error
    return f"arn:{sts.meta.partition}:events:{region}:{hub}:event-bus/{stack}-status"


def _lines(readiness: Readiness) -> str:
    lines = []
    for account, checks in readiness.found.items():
        lines.append(f"{account} in {readiness.region}: {'complete' if complete(checks) else 'not complete'}")
        for check in checks:
            lines.append(f"  {check.state:<8} {check.name:<16} {visible(check.saw)}")
            if check.remedy:
                lines.append(f"  {'':<8} {'':<16} -> {visible(check.remedy)}")
    return "\n".join(lines) + "\n"
