"""Accounts as ``cce onboard`` sees them: the member role is assumed, everything is read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

from cce.fleet.clients import CONFIG
from cce.fleet.documents import checked_document
from cce.fleet.members import AwsMember, AwsMembers
from cce.fleet.refusals import as_member_error
from cce.onboard import Rule

if TYPE_CHECKING:
    from cce.fleet.documents import Document
    from cce.fleet.members import Credentials
    from cce.pipeline.records import Instance, Node


@dataclass(frozen=True, slots=True)
class AwsDoor:
    """The member roles of the accounts of one region; see :class:`cce.onboard.Door`."""

    members: AwsMembers
    region: str
    document: str

    def open(self, account: str) -> AwsAccount:
        """Assume the member role with the external id."""
        return AwsAccount(self.members.credentials(account, self.region), account, self.document)

    def opens_without_external_id(self, account: str) -> bool:
        """Try to assume the role as somebody would who does not know the external id."""
        sts = boto3.client("sts", region_name=self.region, config=CONFIG)
        arn = f"arn:{sts.meta.partition}:iam::{account}:role/{self.members.role}"
        try:
            sts.assume_role(RoleArn=arn, RoleSessionName="cce-onboard", DurationSeconds=900)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "AccessDenied":
                return False
            with as_member_error(account, "sts:AssumeRole"):
                raise
        return True


class AwsAccount:
    """One account in one region; see :class:`cce.onboard.Account`."""

    def __init__(self, credentials: Credentials, account: str, document: str) -> None:
        self._account, self._document = account, document
        self._member = AwsMember(credentials, account)
        self._ssm = boto3.client("ssm", config=CONFIG, **credentials)
        self._ec2 = boto3.client("ec2", config=CONFIG, **credentials)
        self._events: Any = boto3.client("events", config=CONFIG, **credentials)

    def document(self) -> Document:
        """Look at the probe's document."""
        return checked_document(self._ssm, self._account, self._document)

    def rules(self, bus: str) -> list[Rule]:
        """The rules of the default bus, where SSM's events are, whose target is the hub's."""
        with as_member_error(self._account, "events:ListRuleNamesByTarget"):
            names = self._events.list_rule_names_by_target(TargetArn=bus)["RuleNames"]
        with as_member_error(self._account, "events:DescribeRule"):
            found = [self._events.describe_rule(Name=name) for name in names]
        return [
            Rule(each["Name"], each["State"] == "ENABLED", each.get("EventPattern", "")) for each in found
        ]

    def instances(self) -> list[Instance]:
        """Its EC2 instances that are not terminated."""
        return self._member.instances({})

    def nodes(self) -> list[Node]:
        """The instances that SSM manages."""
        return self._member.nodes()

    def endpoints(self) -> dict[str, frozenset[str]]:
        """The services that have an available endpoint, by VPC."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        with as_member_error(self._account, "ec2:DescribeVpcEndpoints"):
            for page in self._ec2.get_paginator("describe_vpc_endpoints").paginate():
                for each in page["VpcEndpoints"]:
                    if each["State"].lower() == "available":
                        found[each["VpcId"]].add(each["ServiceName"].rsplit(".", 1)[-1])
        return {vpc: frozenset(services) for vpc, services in found.items()}
