"""What the steps of an assessment hand each other through the assessments table and S3."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cce.assessment import ServerId, Target, TargetStatus, carries_tags
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class AssessmentRecord:
    """One assessment: what was asked, by whom, which execution does it, how it ended.

    Times are ISO 8601 in UTC; ``scope`` is the validated scope as JSON data; ``tailoring`` is the name of the
    one that it judges by, empty for the guide as it is.
    """

    assessment_id: str
    execution_arn: str
    scope: Mapping[str, Any]
    requested_by: str
    started_at: str
    retry_of: str = ""
    outcome: str = ""
    ended_at: str = ""
    tailoring: str = ""


@dataclass(frozen=True, slots=True)
class TargetRecord:
    """One expected server of an assessment and where its job stands.

    ``step`` is empty until ``dispatch`` took the job, then ``claimed``, then ``sent``. Times are ISO 8601:
    ``deadline`` is when the command must have ended, ``handed_at`` when reconcile handed it to collect.
    ``task_tokens`` are all that the state machine gave for it: a repeated message has a newer one.
    ``overlays`` are the numbers of those of the assessment's tailoring that match its account and tags.
    ``role``, ``service`` and ``owner`` are what the inventory says of the server.
    """

    assessment_id: str
    srvid: str
    status: TargetStatus
    reason_ko: str = ""
    reason_en: str = ""
    name: str = ""
    platform: str = ""
    os: str = ""
    collected_at: str = ""
    step: str = ""
    task_tokens: tuple[str, ...] = ()
    command_id: str = ""
    claimed_at: str = ""
    deadline: str = ""
    handed_at: str = ""
    verdict_keys: tuple[str, ...] = ()
    overlays: tuple[int, ...] = ()
    role: str = ""
    service: str = ""
    owner: str = ""

    @property
    def server(self) -> ServerId:
        """Account, region and instance of ``srvid``."""
        return ServerId.parse(self.srvid)

    @property
    def target(self) -> Target:
        """The target as reports show it."""
        return Target(
            server=self.server,
            status=self.status,
            reason=Text(self.reason_ko, self.reason_en),
            name=self.name,
            platform=self.platform,
            os=self.os,
            collected_at=self.collected_at,
        )

    def ended(self, status: TargetStatus, reason: Text) -> TargetRecord:
        """The record after the server got its final status."""
        return replace(self, status=status, reason_ko=reason.ko, reason_en=reason.en)

    def assessed(self, *, os: str, collected_at: str, verdict_keys: tuple[str, ...]) -> TargetRecord:
        """The record after its verdicts were stored under those keys."""
        return replace(
            self, status=TargetStatus.ASSESSED, os=os, collected_at=collected_at, verdict_keys=verdict_keys
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """What became of listing an account's servers. With a reason it is a gap: its servers are unknown."""

    assessment_id: str
    account: str
    region: str
    reason_ko: str = ""
    reason_en: str = ""

    @property
    def place(self) -> str:
        """``{account}/{region}``."""
        return f"{self.account}/{self.region}"


@dataclass(frozen=True, slots=True)
class Instance:
    """An EC2 instance of a member account (``ec2:DescribeInstances``)."""

    instance_id: str
    state: str
    windows: bool
    tags: Mapping[str, str] = field(default_factory=dict)
    vpc: str = ""

    @property
    def name(self) -> str:
        """The tag ``Name``."""
        return self.tags.get("Name", "")

    def has_tags(self, wanted: Mapping[str, Sequence[str]]) -> bool:
        """Whether it carries one of the values of every tag; a tag without values asks for the key alone."""
        return carries_tags(self.tags, wanted)


@dataclass(frozen=True, slots=True)
class Node:
    """An instance as SSM knows it (``ssm:DescribeInstanceInformation``)."""

    instance_id: str
    ping: str
    last_ping: str
    platform: str


@dataclass(frozen=True, slots=True)
class Invocation:
    """One command on one server (``ssm:GetCommandInvocation``, ``ssm:ListCommandInvocations``).

    ``stdout`` is empty in listings; Run Command keeps its first 24,000 characters.
    """

    command_id: str
    instance_id: str
    comment: str
    status: str
    details: str
    stdout: str = ""
    stderr: str = ""


@dataclass(frozen=True, slots=True)
class ServerRecord:
    """What is known of a server beyond one assessment."""

    srvid: str
    name: str
    os: str
    assessment_id: str
    assessed_at: str
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
