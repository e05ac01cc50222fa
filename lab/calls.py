"""The record of what the system called on AWS, and what IAM decided.

It answers two questions that no emulator asks: is there a VPC endpoint for every service that is called,
and is every permission in the templates used?
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True)
class Call:
    """One decision of IAM on a call that a role made.

    ``service`` and ``operation`` are IAM's (``sqs``, ``SendMessage``), ``principal`` is the assumed role's
    ARN, ``account`` its account, ``decision`` is ``allow``, ``deny`` or the code of a failed authentication.
    """

    service: str
    operation: str
    principal: str
    account: str
    resource: str
    decision: str

    @property
    def action(self) -> str:
        """The action as policies name it."""
        return f"{self.service}:{self.operation}"

    @property
    def role(self) -> str:
        """The name of the role that made the call."""
        return self.principal.split("/")[1] if ":assumed-role/" in self.principal else self.principal


def recorded_calls(path: Path) -> list[Call]:
    """The calls in a record (``calls.jsonl``), in the order of the decisions; none before the first call."""
    if not path.exists():
        return []
    # The last line may be half written while the lab runs.
    complete = path.read_text(encoding="utf-8").rpartition("\n")[0]
    return [Call(**json.loads(line)) for line in complete.splitlines()]


def denied(calls: Iterable[Call]) -> list[Call]:
    """The calls that were not allowed, each once."""
    return list(dict.fromkeys(call for call in calls if call.decision != "allow"))
