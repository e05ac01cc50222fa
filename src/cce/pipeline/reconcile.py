"""Reconcile: the truth about commands. Events are best effort; this asks."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from cce.assessment import ServerId, TargetStatus
from cce.errors import CceError
from cce.pipeline.collect import ENDED
from cce.pipeline.ending import end_target
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cce.pipeline.ports import Assessments, Callbacks, Member, Members, Queue
    from cce.pipeline.records import Invocation, TargetRecord

#: A claim is followed by SendCommand within seconds; after this long its Lambda has died.
CLAIM_PATIENCE: Final = timedelta(minutes=3)

#: An ended command is handed to collect again and again, but not for ever: collect may be what is broken.
COLLECT_PATIENCE: Final = timedelta(minutes=30)

#: Collect may be behind: an ended command is handed to it again only after this long.
HAND_AGAIN: Final = timedelta(minutes=7)

_NO_ANSWER: Final = Text("제한 시간 안에 결과가 없음", "No result came within the time limit.")


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Finds commands that ended, expired or never started without an event reaching us.

    ``patience`` is how long a command may take, as for ``dispatch``.
    """

    assessments: Assessments
    members: Members
    results: Queue
    callbacks: Callbacks
    clock: Callable[[], datetime]
    patience: timedelta

    def reconcile(self) -> dict[str, Any]:
        """Look at every open target.

        Returns
        -------
        dict
            How many targets were handed to collect (``ended``), were handed before (``handed``), expired,
            were adopted (sent, though the note of it was lost) or released (never sent), still run, or could
            not be looked at now (``unanswered``, with the ``reasons``).
        """
        places: defaultdict[tuple[str, str], list[TargetRecord]] = defaultdict(list)
        for target in self.assessments.open_targets():
            places[target.server.account, target.server.region].append(target)
        result: Counter[str] = Counter()
        reasons: list[str] = []
        for (account, region), targets in places.items():
            try:
                result.update(self._look(self.members.member(account, region), targets))
            except CceError as error:
                # One account's trouble is no other's. What is past its deadline ends, the rest waits.
                reasons.append(str(error))
                result.update(self._expire_or(target, "unanswered", reasons) for target in targets)
        return {**result, **({"reasons": reasons} if reasons else {})}

    def _look(self, member: Member, targets: Iterable[TargetRecord]) -> Iterable[str]:
        by_command: defaultdict[str, list[TargetRecord]] = defaultdict(list)
        outcomes = []
        for target in targets:
            if target.command_id:
                by_command[target.command_id].append(target)
            else:
                outcomes.append(self._adopt(member, target))
        for command_id, sent in by_command.items():
            known = {i.instance_id: i for i in member.invocations(command_id=command_id)}
            outcomes += self._settle([(target, known.get(target.server.instance_id)) for target in sent])
        return outcomes

    def _settle(self, pairs: Iterable[tuple[TargetRecord, Invocation | None]]) -> list[str]:
        """Hand ended commands to collect, all of one command at once; expire what is overdue."""
        outcomes, ended = [], []
        for target, invocation in pairs:
            if invocation is None or invocation.status not in ENDED:
                outcomes.append(self._expire(target) or "running")
            elif self._overdue(target, COLLECT_PATIENCE):
                outcomes.append(self._expire(target))
            elif target.handed_at and datetime.fromisoformat(target.handed_at) + HAND_AGAIN > self.clock():
                outcomes.append("handed")
            else:
                ended.append((target, status_event(target.server, invocation)))
        self.results.send([event for _, event in ended])
        now = self.clock().isoformat(timespec="seconds")
        for target, _ in ended:
            self.assessments.mark_handed(target.assessment_id, target.srvid, now)
        return outcomes + ["ended"] * len(ended)

    def _expire_or(self, target: TargetRecord, otherwise: str, reasons: list[str]) -> str:
        try:
            return self._expire(target) or otherwise
        except CceError as error:
            reasons.append(str(error))
            return otherwise

    def _expire(self, target: TargetRecord) -> str:
        """End the target if its deadline passed; an empty text if it did not."""
        if not self._overdue(target):
            return ""
        end_target(self.assessments, self.callbacks, target, TargetStatus.FAILED, _NO_ANSWER)
        return "expired"

    def _overdue(self, target: TargetRecord, grace: timedelta = timedelta()) -> bool:
        if target.deadline:
            deadline = datetime.fromisoformat(target.deadline)
        else:  # claimed, and no command noted
            deadline = datetime.fromisoformat(target.claimed_at) + self.patience
        return deadline + grace < self.clock()

    def _adopt(self, member: Member, target: TargetRecord) -> str:
        """A claim without a command: its Lambda died before or after SendCommand. SSM knows which."""
        if datetime.fromisoformat(target.claimed_at) + CLAIM_PATIENCE > self.clock():
            return "running"
        for invocation in member.invocations(instance_id=target.server.instance_id, after=target.claimed_at):
            if invocation.comment == target.assessment_id:
                deadline = (self.clock() + self.patience).isoformat(timespec="seconds")
                self.assessments.mark_sent(
                    target.assessment_id, target.srvid, invocation.command_id, deadline
                )
                return "adopted"
        # Never sent. Its message comes again after the queue's visibility time-out and finds no claim.
        self.assessments.release_target(target.assessment_id, target.srvid)
        return "released"


def status_event(server: ServerId, invocation: Invocation) -> dict[str, Any]:
    """The event that did not come, in the form of the one that SSM sends."""
    return {
        "source": "cce.reconcile",
        "account": server.account,
        "region": server.region,
        "detail": {
            "command-id": invocation.command_id,
            "instance-id": invocation.instance_id,
            "status": invocation.status,
        },
    }
