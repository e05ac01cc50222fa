"""Member accounts: the member role is assumed, its servers are listed, the probe is sent."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypedDict

import boto3
from botocore.exceptions import ClientError

from cce.errors import InvalidInstancesError, MemberError, ThrottledError, UnansweredError
from cce.fleet.clients import CONFIG, NO_ANSWER, ONE_ATTEMPT, THROTTLED, UNWELL, code_of, message_of
from cce.fleet.documents import checked_document
from cce.fleet.refusals import as_member_error
from cce.pipeline.records import Instance, Invocation, Node

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ec2.type_defs import FilterTypeDef, InstanceTypeDef
    from mypy_boto3_ssm.type_defs import CommandInvocationTypeDef
    from mypy_boto3_sts import STSClient

    from cce.fleet.documents import Document

#: A chained role session lasts an hour at most (IAM user guide); it is renewed well before.
_SESSION: Final = 3600
_RENEW: Final = 300

#: Clients of one session are made one at a time; calling them is safe in threads (boto3 guide).
_MAKING: Final = Lock()

#: Members that one Lambda keeps open.
_KEPT: Final = 64

#: Run Command is eventually consistent: an event may be faster than GetCommandInvocation. Seconds.
_CONSISTENCY_PAUSES: Final = (0.0, 0.2, 0.4, 0.8, 1.6)

_ALIVE: Final = ("pending", "running", "stopping", "stopped")


class Credentials(TypedDict):
    """What a client of a member account is made with."""

    aws_access_key_id: str
    aws_secret_access_key: str
    aws_session_token: str
    region_name: str


@dataclass(frozen=True, slots=True)
class Probe:
    """How the probe is sent: the document, and where its agent may write long output."""

    document: str
    delivery_timeout: int
    output_bucket: str = ""


@dataclass
class AwsMembers:
    """Opens members through their role; a session is used as long as it and the Lambda live.

    All clients share boto3's default session: it holds the models of the services once, where a session for
    each account would hold 30 MB each.
    """

    role: str
    external_id: str
    probe: Probe | None = None
    _open: dict[tuple[str, str], tuple[float, AwsMember]] = field(default_factory=dict)

    def member(self, account: str, region: str) -> AwsMember:
        """Assume the member role of the account; see :class:`cce.pipeline.ports.Members`."""
        expires, member = self._open.get((account, region), (0.0, None))
        if member is None or expires - time.time() < _RENEW:
            member = AwsMember(self.credentials(account, region), account, self.probe)
            self._open.pop((account, region), None)
            self._open[account, region] = (time.time() + _SESSION, member)
            if len(self._open) > _KEPT:
                del self._open[next(iter(self._open))]
        return member

    def credentials(self, account: str, region: str) -> Credentials:
        """Assume the member role; see :class:`cce.pipeline.ports.Members` for what goes wrong."""
        with _MAKING:
            sts: STSClient = boto3.client("sts", region_name=region, config=CONFIG)
        arn = f"arn:{sts.meta.partition}:iam::{account}:role/{self.role}"
        try:
            answer = sts.assume_role(
                RoleArn=arn,
                RoleSessionName="cce-fleet",
                ExternalId=self.external_id,
                DurationSeconds=_SESSION,
            )
        except ClientError as error:
            if code_of(error) in THROTTLED | UNWELL:
                message = f"STS is not ready for role {arn} ({code_of(error)})"
                raise ThrottledError(message) from error
            message = (
                f"role {arn} cannot be assumed ({code_of(error)}); "
                "deploy member/template.yaml there with this stack's account, name and external id"
            )
            raise MemberError(message) from error
        except NO_ANSWER as error:
            message = f"STS does not answer for role {arn}: {error}"
            raise ThrottledError(message) from error
        given = answer["Credentials"]
        return {
            "aws_access_key_id": given["AccessKeyId"],
            "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
            "region_name": region,
        }


class AwsMember:
    """One member account in one region; see :class:`cce.pipeline.ports.Member`."""

    def __init__(self, credentials: Credentials, account: str, probe: Probe | None = None) -> None:
        self._credentials = credentials
        self._account = account
        self._probe = probe
        self._document: Document | None = None
        with _MAKING:
            self._ssm = boto3.client("ssm", config=CONFIG, **credentials)
            self._ssm_once = boto3.client("ssm", config=ONE_ATTEMPT, **credentials)

    @cached_property
    def _ec2(self) -> EC2Client:
        """Only listing needs it, and its model is large."""
        with _MAKING:
            return boto3.client("ec2", config=CONFIG, **self._credentials)

    def instances(self, tags: Mapping[str, Sequence[str]]) -> list[Instance]:
        """EC2 instances that are not terminated and carry the tags."""
        filters: list[FilterTypeDef] = [{"Name": "instance-state-name", "Values": list(_ALIVE)}]
        for key, values in tags.items():
            named: FilterTypeDef = {"Name": f"tag:{key}", "Values": list(values)}
            filters.append(named if values else {"Name": "tag-key", "Values": [key]})
        pages = self._ec2.get_paginator("describe_instances").paginate(Filters=filters)
        with as_member_error(self._account, "ec2:DescribeInstances"):
            return [
                _instance(i) for page in pages for r in page["Reservations"] for i in r.get("Instances", [])
            ]

    def nodes(self) -> list[Node]:
        """The instances that SSM manages."""
        pages = self._ssm.get_paginator("describe_instance_information").paginate(
            PaginationConfig={"PageSize": 50}
        )
        with as_member_error(self._account, "ssm:DescribeInstanceInformation"):
            return [
                Node(
                    instance_id=info["InstanceId"],
                    ping=info.get("PingStatus", "Inactive"),
                    last_ping=f"{info['LastPingDateTime']:%Y-%m-%dT%H:%M:%SZ}"
                    if "LastPingDateTime" in info
                    else "?",
                    platform=info.get("PlatformType", ""),
                )
                for page in pages
                for info in page["InstanceInformationList"]
            ]

    def send_probe(self, instance_ids: Sequence[str], comment: str) -> str:
        """Send the document to at most fifty servers; one failing server never stops the others.

        The document is read once in the life of this member and then sent by version and hash, so that SSM
        refuses another one. Where it does, it was changed meanwhile and is read again, once.
        """
        if self._probe is None:
            message = "this function was not given a document to send"
            raise MemberError(message)
        known = self._document is not None
        try:
            return self._send(self._probe, self._checked(self._probe), instance_ids, comment)
        except MemberError:
            self._document = None
            if not known:
                raise
            return self._send(self._probe, self._checked(self._probe), instance_ids, comment)

    def _checked(self, probe: Probe) -> Document:
        """Look whether the document is this release's."""
        if self._document is None:
            self._document = checked_document(self._ssm, self._account, probe.document)
        return self._document

    def _send(self, probe: Probe, document: Document, instance_ids: Sequence[str], comment: str) -> str:
        where = {"OutputS3BucketName": probe.output_bucket} if probe.output_bucket else {}
        try:
            answer = self._ssm_once.send_command(
                DocumentName=probe.document,
                DocumentVersion=document.version,
                DocumentHash=document.sha256,
                DocumentHashType="Sha256",
                InstanceIds=list(instance_ids),
                Comment=comment,
                TimeoutSeconds=probe.delivery_timeout,
                MaxConcurrency="100%",
                MaxErrors="100%",
                OutputS3KeyPrefix=f"output/{self._account}/{comment}",
                **where,  # type: ignore[arg-type] # an optional name
            )
        except ClientError as error:
            raise self._sending_error(error) from error
        except NO_ANSWER as error:
            message = f"SSM of account {self._account} did not answer SendCommand: {error}"
            raise UnansweredError(message) from error
        return answer["Command"]["CommandId"]

    def _sending_error(self, error: ClientError) -> Exception:
        code = code_of(error)
        text = f"ssm:SendCommand in account {self._account}: {code}: {message_of(error)}"
        if code == "InvalidInstanceId":
            return InvalidInstancesError(text)
        if code in THROTTLED:
            return ThrottledError(text)
        if code in {"InternalServerError", "ServiceUnavailable"}:
            return UnansweredError(text)
        return MemberError(text)

    def invocation(self, command_id: str, instance_id: str) -> Invocation | None:
        """What became of the command on the server, with its output; waits a little for a fresh one."""
        with as_member_error(self._account, "ssm:GetCommandInvocation"):
            for pause in _CONSISTENCY_PAUSES:
                time.sleep(pause)
                try:
                    found = self._ssm.get_command_invocation(CommandId=command_id, InstanceId=instance_id)
                    break
                except self._ssm.exceptions.InvocationDoesNotExist:
                    continue
            else:
                return None
        return Invocation(
            command_id=found["CommandId"],
            instance_id=found["InstanceId"],
            comment=found.get("Comment", ""),
            status=found["Status"],
            details=found.get("StatusDetails", ""),
            stdout=found.get("StandardOutputContent", ""),
            stderr=found.get("StandardErrorContent", ""),
        )

    def invocations(
        self, *, command_id: str = "", instance_id: str = "", after: str = ""
    ) -> list[Invocation]:
        """Invocations of a command, or on an instance since a time, without output."""
        question: dict[str, Any] = {"CommandId": command_id} if command_id else {"InstanceId": instance_id}
        if after:
            question["Filters"] = [{"key": "InvokedAfter", "value": _zulu(after)}]
        paginator = self._ssm.get_paginator("list_command_invocations")
        pages = paginator.paginate(**question, PaginationConfig={"PageSize": 50})
        with as_member_error(self._account, "ssm:ListCommandInvocations"):
            return [_listed(row) for page in pages for row in page["CommandInvocations"]]


def _instance(found: InstanceTypeDef) -> Instance:
    return Instance(
        instance_id=found["InstanceId"],
        state=found["State"]["Name"],
        windows=found.get("Platform", "") == "windows",
        vpc=found.get("VpcId", ""),
        tags={tag["Key"]: tag["Value"] for tag in found.get("Tags", [])},
    )


def _listed(row: CommandInvocationTypeDef) -> Invocation:
    return Invocation(
        command_id=row["CommandId"],
        instance_id=row["InstanceId"],
        comment=row.get("Comment", ""),
        status=row["Status"],
        details=row.get("StatusDetails", ""),
    )


def _zulu(time_text: str) -> str:
    """``2026-11-22T01:30:00+00:00`` as the filter InvokedAfter wants it."""
    return time_text.replace("+00:00", "Z")
