"""Dispatch: claim each waiting server, send the probe, fifty servers to a command."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict

from cce.assessment import ServerId, Srvid, TargetStatus
from cce.errors import (
    CceError,
    DocumentError,
    InvalidInstancesError,
    MemberError,
    MessageError,
    StoreError,
    ThrottledError,
    UnansweredError,
)
from cce.pipeline.ending import end_target, return_token
from cce.pipeline.messages import read_message
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, timedelta

    from cce.pipeline.ports import Assessments, Callbacks, Member, Members

#: SendCommand takes at most this many instance ids (SSM API reference).
COMMAND_SIZE: Final = 50

_REFUSED: Final = Text(
    "SSM이 인스턴스를 거부함(InvalidInstanceId): 에이전트가 막 중지되었거나 등록 해제됨",
    "SSM refused the instance (InvalidInstanceId): its agent has just stopped or it was deregistered.",
)


class Job(BaseModel):
    """A message of the jobs queue: probe this server, then return the token."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    assessment_id: str
    srvid: Srvid
    platform: str
    task_token: str

    @classmethod
    def parse(cls, body: str) -> Job:
        """Read a message body.

        Raises
        ------
        MessageError
            When it is no job; the message goes to the dead-letter queue.
        """
        return read_message(cls, body, "jobs")


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Sends the probe to servers that wait for it.

    ``patience`` is how long a command may take, delivery and execution together.
    """

    assessments: Assessments
    members: Members
    callbacks: Callbacks
    clock: Callable[[], datetime]
    patience: timedelta

    def dispatch(self, jobs: Sequence[Job]) -> dict[str, CceError]:
        """Claim and send.

        Returns
        -------
        dict
            By srvid, the jobs whose messages must come again: SSM asked to slow down or did not answer, a
            table did not, or the message names a target that no plan entered and belongs into the
            dead-letter queue. A message that comes again finds its claim and never sends a second time.
        """
        groups: defaultdict[tuple[str, str, str, str], list[Job]] = defaultdict(list)
        again: dict[str, CceError] = {}
        for job in jobs:
            try:
                first = self._claim(job)
            except (MessageError, StoreError) as error:
                again[job.srvid] = error
                continue
            if first:
                server = ServerId.parse(job.srvid)
                groups[job.assessment_id, server.account, server.region, job.platform].append(job)
        for (_, account, region, _), group in groups.items():
            try:
                again |= self._send_group(account, region, group)
            except StoreError as error:
                again |= dict.fromkeys((job.srvid for job in group), error)
        return again

    def _claim(self, job: Job) -> bool:
        """Whether this message is the first for its server; a repeated one never sends again."""
        now = self.clock().isoformat(timespec="seconds")
        if self.assessments.claim_target(job.assessment_id, job.srvid, job.task_token, now):
            return True
        target = self.assessments.target(job.assessment_id, job.srvid)
        if target is None:
            message = f"assessment {job.assessment_id} expects no server {job.srvid}"
            raise MessageError(message)
        if target.status is TargetStatus.WAITING:
            self.assessments.add_token(job.assessment_id, job.srvid, job.task_token)
            target = self.assessments.target(job.assessment_id, job.srvid) or target
        if target.status is not TargetStatus.WAITING:
            return_token(self.callbacks, target, job.task_token)
        return False

    def _send_group(self, account: str, region: str, jobs: list[Job]) -> dict[str, CceError]:
        try:
            member = self.members.member(account, region)
        except ThrottledError as error:
            return self._release(jobs, error)
        except MemberError as error:
            self._fail(jobs, TargetStatus.UNREACHABLE, _because("계정에 접근할 수 없음", error))
            return {}
        again: dict[str, CceError] = {}
        for start in range(0, len(jobs), COMMAND_SIZE):
            again |= self._send(member, jobs[start : start + COMMAND_SIZE])
        return again

    def _send(self, member: Member, jobs: list[Job]) -> dict[str, CceError]:
        """Send one command; a call refused for one bad id is halved until the bad id stands alone."""
        ids = [ServerId.parse(job.srvid).instance_id for job in jobs]
        try:
            command_id = member.send_probe(ids, comment=jobs[0].assessment_id)
        except InvalidInstancesError:
            if len(jobs) == 1:
                self._fail(jobs, TargetStatus.UNREACHABLE, _REFUSED)
                return {}
            half = len(jobs) // 2
            return self._send(member, jobs[:half]) | self._send(member, jobs[half:])
        except ThrottledError as error:
            return self._release(jobs, error)
        except UnansweredError as error:
            # The claims stay. Reconcile adopts the command or, where SSM knows none, releases them.
            return {job.srvid: error for job in jobs}
        except MemberError as error:
            stale = isinstance(error, DocumentError)
            ko = "계정의 SSM 문서가 이 버전의 것이 아님" if stale else "계정이 명령을 거부함"
            self._fail(jobs, TargetStatus.FAILED, _because(ko, error))
            return {}
        deadline = (self.clock() + self.patience).isoformat(timespec="seconds")
        for job in jobs:
            self.assessments.mark_sent(job.assessment_id, job.srvid, command_id, deadline)
        return {}

    def _release(self, jobs: list[Job], error: CceError) -> dict[str, CceError]:
        """Undo the claims of jobs that were certainly not sent; their messages come again."""
        for job in jobs:
            self.assessments.release_target(job.assessment_id, job.srvid)
        return {job.srvid: error for job in jobs}

    def _fail(self, jobs: list[Job], status: TargetStatus, reason: Text) -> None:
        for job in jobs:
            target = self.assessments.target(job.assessment_id, job.srvid)
            if target is not None:
                end_target(self.assessments, self.callbacks, target, status, reason)


def _because(ko: str, error: MemberError) -> Text:
    return Text(f"{ko}: {error.message}", error.message)
