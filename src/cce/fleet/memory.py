"""The fleet in memory: the twin of the adapters, for tests of the steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cce.errors import CceError, InvalidInstancesError, MemberError
from cce.pipeline.records import Instance, Invocation, Node

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cce.api.assets import Asset
    from cce.errors import InventoryError


def command_id_of(number: int) -> str:
    """The id of the n-th command that a member in memory takes, in the form of SSM's."""
    return f"00000000-0000-4000-8000-{number:012d}"


@dataclass
class MemoryMember:
    """A member account in memory; see :class:`cce.pipeline.ports.Member`.

    ``refused`` ids make a whole SendCommand call fail, as in SSM. ``trouble`` holds errors that the next
    calls of SendCommand raise, in order. ``sent`` lists the calls that were taken.
    """

    machines: list[Instance] = field(default_factory=list)
    managed: list[Node] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    trouble: list[CceError] = field(default_factory=list)
    sent: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    runs: dict[tuple[str, str], Invocation] = field(default_factory=dict)

    def instances(self, tags: Mapping[str, Sequence[str]]) -> list[Instance]:
        """EC2 instances that carry one of the values of every tag."""
        return [instance for instance in self.machines if instance.has_tags(tags)]

    def nodes(self) -> list[Node]:
        """The instances that SSM manages."""
        return list(self.managed)

    def send_probe(self, instance_ids: Sequence[str], comment: str) -> str:
        """Take a command, or refuse it as SSM does."""
        if self.trouble:
            raise self.trouble.pop(0)
        if bad := self.refused & set(instance_ids):
            message = f"InvalidInstanceId: {', '.join(sorted(bad))}"
            raise InvalidInstancesError(message)
        command_id = command_id_of(len(self.sent))
        self.sent.append((command_id, tuple(instance_ids)))
        for instance_id in instance_ids:
            run = Invocation(command_id, instance_id, comment, "InProgress", "InProgress")
            self.runs[command_id, instance_id] = run
        return command_id

    def invocation(self, command_id: str, instance_id: str) -> Invocation | None:
        """What became of the command on the server."""
        return self.runs.get((command_id, instance_id))

    def invocations(
        self,
        *,
        command_id: str = "",
        instance_id: str = "",
        after: str = "",  # noqa: ARG002 - the port's
    ) -> list[Invocation]:
        """Invocations of a command, or on an instance."""
        return [
            run
            for run in self.runs.values()
            if (not command_id or run.command_id == command_id)
            and (not instance_id or run.instance_id == instance_id)
        ]


@dataclass
class MemoryMembers:
    """Member accounts by number; one that is missing cannot be assumed."""

    accounts: dict[str, MemoryMember] = field(default_factory=dict)

    def member(self, account: str, region: str) -> MemoryMember:
        """Open the account; see :class:`cce.pipeline.ports.Members`."""
        try:
            return self.accounts[account]
        except KeyError as error:
            message = f"role arn:aws:iam::{account}:role/cce-fleet-member of {region} cannot be assumed"
            raise MemberError(message) from error


@dataclass
class MemoryInventories:
    """The inventory's servers in a list; ``trouble`` is what it raises instead."""

    assets: list[Asset] = field(default_factory=list)
    trouble: InventoryError | None = None

    def servers(self, account: str, region: str) -> list[Asset]:
        """Every server of the account and region."""
        if self.trouble:
            raise self.trouble
        return [a for a in self.assets if (a.aws_account_id, a.region) == (account, region)]


@dataclass
class MemoryCallbacks:
    """Returned tokens; see :class:`cce.pipeline.ports.Callbacks`."""

    returned: dict[str, str] = field(default_factory=dict)

    def success(self, token: str, output: Mapping[str, Any]) -> None:  # noqa: ARG002 - the port's
        """End the server's child execution well; only the first return of a token counts."""
        self.returned.setdefault(token, "success")

    def failure(self, token: str, error: str, cause: str) -> None:
        """End the server's child execution as failed; only the first return of a token counts."""
        self.returned.setdefault(token, f"{error}: {cause}")


@dataclass
class MemoryQueue:
    """Sent messages; see :class:`cce.pipeline.ports.Queue`."""

    bodies: list[Mapping[str, Any]] = field(default_factory=list)

    def send(self, bodies: Sequence[Mapping[str, Any]]) -> None:
        """Send JSON messages."""
        self.bodies.extend(bodies)
