"""What a deployed stack says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from cce.errors import ConfigurationError, DeployError
from cce.fleet.clients import CONFIG, NO_ANSWER, code_of, message_of

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_FUNCTION: Final = "AWS::Lambda::Function"


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack, and who asked for it.

    Parameters
    ----------
    functions
        ARNs of its Lambda functions by their logical ids.
    caller
        ARN of who asks.
    """

    name: str
    region: str
    account: str
    partition: str
    caller: str
    outputs: dict[str, str]
    functions: dict[str, str]

    def output(self, name: str) -> str:
        """An output that must be there.

        Raises
        ------
        ConfigurationError
            When the stack does not have it.
        """
        if not self.outputs.get(name):
            raise ConfigurationError(
                f"stack {self.name} has no output {name}; deploy it with the parameter Gateway=on"
            )
        return self.outputs[name]


def read_stack(name: str) -> Stack:
    """Ask CloudFormation for a stack.

    Raises
    ------
    ConfigurationError
        When there are no credentials or no region.
    DeployError
        When CloudFormation refuses or does not answer.
    """
    try:
        client: CloudFormationClient = boto3.client("cloudformation", config=CONFIG)
        caller = boto3.client("sts", config=CONFIG).get_caller_identity()
        found = client.describe_stacks(StackName=name)["Stacks"][0]
        pages = client.get_paginator("list_stack_resources").paginate(StackName=name)
        resources = [each for page in pages for each in page["StackResourceSummaries"]]
    except ClientError as error:
        raise DeployError(f"stack {name}: {code_of(error)}: {message_of(error)}") from error
    except NO_ANSWER as error:
        raise DeployError(f"stack {name}: AWS does not answer: {error}") from error
    except BotoCoreError as error:
        raise ConfigurationError(f"the AWS configuration cannot be used: {error}") from error
    region, partition = client.meta.region_name, client.meta.partition
    prefix = f"arn:{partition}:lambda:{region}:{caller['Account']}:function"
    return Stack(
        name=name,
        region=region,
        account=caller["Account"],
        partition=partition,
        caller=caller["Arn"],
        outputs={each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])},
        functions={
            each["LogicalResourceId"]: f"{prefix}:{each['PhysicalResourceId']}"
            for each in resources
            if each["ResourceType"] == _FUNCTION
        },
    )
