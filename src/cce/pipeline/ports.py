"""What the steps need of the world; ``fleet`` and ``store`` give it, and each has an in-memory twin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cce.api.assets import Asset
    from cce.findings.track import Track
    from cce.pipeline.records import (
        AssessmentRecord,
        Instance,
        Invocation,
        Listing,
        Node,
        ServerRecord,
        TargetRecord,
    )


class Objects(Protocol):
    """The data bucket. Keys are given whole; bodies are bytes."""

    @property
    def bucket(self) -> str:
        """Name of the bucket."""

    def put(self, key: str, body: bytes, content_type: str = "application/json") -> None:
        """Write or replace an object."""

    def put_new(self, key: str, body: bytes) -> bool:
        """Write an object once; ``False`` if the key was taken, which is then left as it is."""

    def get(self, key: str, limit: int = ...) -> bytes | None:
        """Read an object, at most ``limit`` bytes of it; ``None`` if there is none."""


class Assessments(Protocol):
    """The assessments table: assessments, their targets, and accounts that could not be listed."""

    def claim(self, record: AssessmentRecord) -> AssessmentRecord:
        """Enter the assessment unless it is there; return the one that is there then."""

    def get(self, assessment_id: str) -> AssessmentRecord | None:
        """Find an assessment."""

    def end(self, assessment_id: str, outcome: str, ended_at: str) -> None:
        """Note how the assessment ended."""

    def add_targets(self, targets: Iterable[TargetRecord]) -> None:
        """Enter expected servers; entering one again before it was claimed changes nothing."""

    def add_listing(self, listing: Listing) -> None:
        """Note that an account's servers were listed, or why they could not be."""

    def targets(self, assessment_id: str) -> list[TargetRecord]:
        """Every expected server of the assessment, sorted by srvid."""

    def listings(self, assessment_id: str) -> list[Listing]:
        """The accounts that were listed or could not be."""

    def target(self, assessment_id: str, srvid: str) -> TargetRecord | None:
        """Find one target."""

    def claim_target(self, assessment_id: str, srvid: str, task_token: str, now: str) -> bool:
        """Take a waiting target for sending; ``False`` if it was taken or ended before."""

    def add_token(self, assessment_id: str, srvid: str, task_token: str) -> None:
        """Note the token of a repeated message too: any of them may be the one that is waited for."""

    def release_target(self, assessment_id: str, srvid: str) -> None:
        """Undo a claim whose command was certainly not sent."""

    def mark_sent(self, assessment_id: str, srvid: str, command_id: str, deadline: str) -> None:
        """Note the command that runs on the server."""

    def mark_handed(self, assessment_id: str, srvid: str, now: str) -> None:
        """Note that reconcile handed the ended command to collect."""

    def finish(self, record: TargetRecord) -> bool:
        """Give the target its final status; ``False`` if it had one, which stays."""

    def open_targets(self) -> Iterator[TargetRecord]:
        """Targets of all assessments that are claimed or sent and not ended."""


class Servers(Protocol):
    """The servers table."""

    def known(self, account: str, region: str) -> list[ServerRecord]:
        """Servers of an account that an earlier assessment saw."""

    def assessed(self, record: ServerRecord) -> None:
        """Note the newest assessment of a server; an older one never replaces a newer one."""


class Verdicts(Protocol):
    """The verdicts table."""

    def add(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """Enter the verdict lines of one server; entering them again changes nothing."""


class Findings(Protocol):
    """The findings table: a track for each item that was judged on a server."""

    def of(self, srvid: str) -> list[Track]:
        """Every track of the server, sorted by its key. May be asked by several threads."""

    def save(self, changes: Sequence[tuple[Track | None, Track]]) -> bool:
        """Put a track in the place of what was read, ``None`` where there was none.

        ``False`` if another writer came between. Then some may be stored: read again, and follow again.
        """


class Inventories(Protocol):
    """The inventory of servers: the hub's own, or a CMDB with the same interface."""

    def servers(self, account: str, region: str) -> Sequence[Asset]:
        """Every server of the account and region.

        Raises
        ------
        InventoryError
            When the inventory does not answer, refuses, or answers something else.
        """


class Member(Protocol):
    """One member account in one region, through its member role."""

    def instances(self, tags: Mapping[str, Sequence[str]]) -> list[Instance]:
        """EC2 instances that are not terminated and carry one of the values of every tag."""

    def nodes(self) -> list[Node]:
        """The instances that SSM manages."""

    def send_probe(self, instance_ids: Sequence[str], comment: str) -> str:
        """Send the document; return the command id.

        Raises
        ------
        InvalidInstancesError
            When SSM refused the call because of one of the ids; nothing was sent.
        ThrottledError
            When SSM asked to slow down; nothing was sent.
        DocumentError
            When the account's document does not run this release's probe; nothing was sent.
        MemberError
            When the account refused for good; nothing was sent.
        """

    def invocation(self, command_id: str, instance_id: str) -> Invocation | None:
        """What became of the command on the server, with its output; ``None`` if SSM does not know it yet."""

    def invocations(
        self, *, command_id: str = "", instance_id: str = "", after: str = ""
    ) -> list[Invocation]:
        """Invocations of a command, or on an instance since a time, without output."""


class Accounts(Protocol):
    """Where the accounts to check come from."""

    def known(self) -> tuple[str, ...]:
        """The accounts to check, each once.

        Raises
        ------
        AccountsError
            When there are none, or they cannot be listed for good.
        StoreError, ThrottledError
            When they cannot be listed now.
        """


class Members(Protocol):
    """The door to member accounts."""

    def member(self, account: str, region: str) -> Member:
        """Assume the member role.

        Raises
        ------
        MemberError
            When it cannot be assumed; the message says which role and why.
        """


class Callbacks(Protocol):
    """Task tokens back to the state machine; a token that nobody waits for any more is no error."""

    def success(self, token: str, output: Mapping[str, Any]) -> None:
        """End the server's child execution well."""

    def failure(self, token: str, error: str, cause: str) -> None:
        """End the server's child execution as failed."""


class Queue(Protocol):
    """A queue to send to."""

    def send(self, bodies: Sequence[Mapping[str, Any]]) -> None:
        """Send JSON messages."""
