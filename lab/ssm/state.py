"""What the lab's SSM knows: documents, servers, commands and invocations, per account and region."""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from lab.nodes import Node
    from lab.ssm.documents import Document

# Status and the details that AWS shows with it.
PENDING: Final = ("Pending", "Pending")
IN_PROGRESS: Final = ("InProgress", "In Progress")
SUCCESS: Final = ("Success", "Success")
FAILED: Final = ("Failed", "Failed")
CANCELLED: Final = ("Cancelled", "Cancelled")
DELIVERY_TIMED_OUT: Final = ("TimedOut", "Delivery Timed Out")
EXECUTION_TIMED_OUT: Final = ("TimedOut", "Execution Timed Out")
TERMINATED: Final = ("Cancelled", "Terminated")
OPEN: Final = frozenset({PENDING, IN_PROGRESS})
# Outcomes that count against MaxErrors.
ERRORS: Final = frozenset({FAILED, EXECUTION_TIMED_OUT})


@dataclass
class Server:
    """A managed node: its behaviour and what the listing shows of it."""

    instance_id: str
    node: Node
    name: str = ""
    address: str = ""
    profile_allows_s3: bool = False
    platform_name: str = "Debian GNU/Linux"
    platform_version: str = "12"
    agent_version: str = "3.3.2299.0"


@dataclass
class Invocation:
    """One server's part in a command; ``status`` is a pair of the status and its details."""

    instance_id: str
    status: tuple[str, str] = PENDING
    stdout: bytes = b""
    stderr: bytes = b""
    response_code: int = -1
    started: float = 0.0
    ended: float = 0.0
    stdout_url: str = ""
    stderr_url: str = ""


@dataclass
class Command:
    """What SendCommand was asked for, and how each server does."""

    document: Document
    version: int
    step: str
    instance_ids: list[str]
    request: dict[str, Any]
    invocations: dict[str, Invocation] = field(default_factory=dict)
    command_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    requested: float = field(default_factory=time.time)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def comment(self) -> str:
        """The caller's comment."""
        return str(self.request.get("Comment", ""))

    def status(self) -> tuple[str, str]:
        """The command's own status, from its invocations'."""
        statuses = [each.status for each in self.invocations.values()]
        if PENDING in statuses or IN_PROGRESS in statuses:
            return PENDING if set(statuses) == {PENDING} else IN_PROGRESS
        for worst in (EXECUTION_TIMED_OUT, FAILED, CANCELLED, TERMINATED):
            if worst in statuses:
                return worst
        return ("TimedOut", "Incomplete") if DELIVERY_TIMED_OUT in statuses else SUCCESS


@dataclass
class Place:
    """One account in one region."""

    account: str
    region: str
    documents: dict[str, Document] = field(default_factory=dict)
    servers: dict[str, Server] = field(default_factory=dict)
    commands: dict[str, Command] = field(default_factory=dict)


class State:
    """All places; one lock for changes, held for moments only."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._places: dict[tuple[str, str], Place] = {}

    def place(self, account: str, region: str) -> Place:
        """The place, made when first asked for."""
        with self.lock:
            return self._places.setdefault((account, region), Place(account, region))
