"""Collect: fetch what a probe printed, keep it, judge it, return the token."""

from __future__ import annotations

import gzip
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from cce.assessment import INSTANCE, Account, Region, ServerId, TargetStatus, is_assessment_id
from cce.errors import EvidenceError, ThrottledError
from cce.evidence.frame import unframe
from cce.evidence.records import parse
from cce.pipeline.ending import end_target, return_tokens
from cce.pipeline.findings import follow_up, tracks_of
from cce.pipeline.kept import evidence_key, keep, keep_lines, output_key, verdict_lines, verdicts_key
from cce.pipeline.messages import read_message
from cce.pipeline.plan import read_scope
from cce.pipeline.records import ServerRecord
from cce.pipeline.tailoring import benchmarks_of, read_snapshot
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cce.evidence.model import Evidence
    from cce.pipeline.ports import Assessments, Callbacks, Findings, Members, Objects, Servers, Verdicts
    from cce.pipeline.records import Invocation, TargetRecord

#: Run Command keeps the first 24,000 characters of standard output (SSM API reference). From this many
#: bytes on the output may have been cut, and is looked for in S3.
LONG_OUTPUT: Final = 20_000

#: Of what an agent wrote to S3 no more is read: 8 MiB of records, as base64 with room for noise.
OUTPUT_SIZE: Final = 16 * 1024 * 1024

#: Statuses after which nothing more comes (SSM user guide, command statuses).
ENDED: Final = frozenset({"Success", "Failed", "TimedOut", "Cancelled"})

#: Status details that mean the probe never started on the server.
_NOT_DELIVERED: Final = frozenset(
    {"DeliveryTimedOut", "Undeliverable", "Terminated", "InvalidPlatform", "AccessDenied"}
)


class StatusEvent(BaseModel):
    """An SSM status-change event, or the same made by reconcile."""

    model_config = ConfigDict(frozen=True)

    class Detail(BaseModel):
        """What SSM says of the invocation."""

        model_config = ConfigDict(frozen=True)

        command_id: str = Field(alias="command-id", min_length=36, max_length=36)
        instance_id: str = Field(alias="instance-id", pattern=f"^{INSTANCE}$")
        status: str

    account: Account
    region: Region
    detail: Detail

    @classmethod
    def parse(cls, body: str) -> StatusEvent:
        """Read a message of the results queue.

        Raises
        ------
        MessageError
            When it is no status event; the message goes to the dead-letter queue.
        """
        return read_message(cls, body, "results")


@dataclass(frozen=True, slots=True)
class Collector:
    """Turns an ended command into evidence, verdicts and a returned token."""

    objects: Objects
    assessments: Assessments
    servers: Servers
    verdicts: Verdicts
    findings: Findings
    members: Members
    callbacks: Callbacks

    def collect(self, event: StatusEvent) -> str:
        """Handle one status event; handling it again changes nothing.

        Returns
        -------
        str
            What came of it: ``assessed``, ``failed``, ``unreachable``, ``late`` (the target had ended
            without it; only the evidence is kept), ``running``, or ``not ours``.

        Raises
        ------
        ThrottledError
            When SSM does not know the invocation yet; the message must come again.
        """
        if event.detail.status not in ENDED:
            return "running"
        member = self.members.member(event.account, event.region)
        invocation = member.invocation(event.detail.command_id, event.detail.instance_id)
        if invocation is None:
            message = f"SSM does not know command {event.detail.command_id} on {event.detail.instance_id} yet"
            raise ThrottledError(message)
        target = self._target(event, invocation)
        if target is None:
            return "not ours"
        if invocation.status not in ENDED:
            return "running"
        return self._settle(target, invocation)

    def _target(self, event: StatusEvent, invocation: Invocation) -> TargetRecord | None:
        # The comment is the assessment's id, so an event faster than dispatch's own note finds its target.
        if not is_assessment_id(invocation.comment):
            return None
        srvid = ServerId(event.account, event.region, event.detail.instance_id).srvid
        return self.assessments.target(invocation.comment, srvid)

    def _settle(self, target: TargetRecord, invocation: Invocation) -> str:
        if target.status is TargetStatus.ASSESSED:
            return return_tokens(self.assessments, self.callbacks, target).value
        try:
            body = self._evidence(target, invocation)
            evidence = parse(body)
        except EvidenceError as error:
            status, reason = _without_evidence(invocation, error)
            end_target(self.assessments, self.callbacks, target, status, reason)
            return status.value
        if target.status is TargetStatus.WAITING:
            self._assess(target, self._first(target, body, evidence))
            return return_tokens(self.assessments, self.callbacks, target).value
        # The report counts the target as it ended; verdicts now would contradict it.
        self._first(target, body, evidence)
        return_tokens(self.assessments, self.callbacks, target)
        return "late"

    def _evidence(self, target: TargetRecord, invocation: Invocation) -> bytes:
        """The records of the probe: from S3 where the agent could write there, else from standard output."""
        if len(invocation.stdout.encode()) >= LONG_OUTPUT:
            whole = self.objects.get(output_key(target, invocation), limit=OUTPUT_SIZE)
            if whole is not None:
                return unframe(whole.decode("utf-8", "replace"))
        return unframe(invocation.stdout)

    def _first(self, target: TargetRecord, body: bytes, evidence: Evidence) -> Evidence:
        """Keep the evidence, once: what is stored is what is judged, whoever stored it."""
        packed = gzip.compress(body, mtime=0)
        stored = keep(self.objects, evidence_key(target), packed)
        return evidence if stored is packed else parse(gzip.decompress(stored))

    def _assess(self, target: TargetRecord, evidence: Evidence) -> None:
        scope = read_scope(self.objects, target.assessment_id)
        tailoring = read_snapshot(self.objects, target.assessment_id)
        keys, counts, seen = [], {}, []
        for benchmark in benchmarks_of(scope, tailoring, target.overlays):
            keys.append(verdicts_key(target, benchmark.id))
            lines = keep_lines(self.objects, keys[-1], verdict_lines(target, evidence, benchmark))
            self.verdicts.add(lines)
            counts[benchmark.id] = _counts(lines)
            seen += tracks_of(lines)
        follow_up(self.findings, target.srvid, seen)
        collected, os = evidence.collected_at, evidence.meta.get("os.pretty", "")
        self.servers.assessed(
            ServerRecord(target.srvid, target.name, os, target.assessment_id, collected, counts)
        )
        # The status is last: a target that is assessed has all of the above.
        done = target.assessed(os=os, collected_at=collected, verdict_keys=tuple(keys))
        self.assessments.finish(done)


def _counts(lines: Sequence[dict[str, Any]]) -> dict[str, int]:
    return dict(Counter(line["verdict"] for line in lines))


def _without_evidence(invocation: Invocation, error: EvidenceError) -> tuple[TargetStatus, Text]:
    details = invocation.details.replace(" ", "") or invocation.status
    if details in _NOT_DELIVERED:
        ko, en = (
            f"명령이 서버에 전달되지 않음({details})",
            f"The command did not reach the server ({details}).",
        )
        return TargetStatus.UNREACHABLE, Text(ko, en)
    if invocation.status == "Success":
        return TargetStatus.FAILED, error.text
    said = _tail(invocation.stderr)
    ko = f"수집기가 끝나지 못함({details}): {error.text.ko}{said}"
    return TargetStatus.FAILED, Text(ko, f"The probe did not finish ({details}): {error.text.en}{said}")


def _tail(stderr: str) -> str:
    line = stderr.strip().rsplit("\n", 1)[-1][:200]
    return f" - {line}" if line else ""
