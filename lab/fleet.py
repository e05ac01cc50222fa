"""The servers of ``python -m lab run``: this machine, recorded ones, two in trouble, containers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lab import nodes
from lab.aws import ROOT
from lab.errors import LabError
from lab.ssm.state import Server

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RECORDINGS: Final = ROOT / "lab/recordings"


@dataclass(frozen=True)
class Entry:
    """A server of the fleet and where it stands."""

    account: str
    name: str
    node: nodes.Node
    service: str
    role: str

    def server(self) -> Server:
        """Its SSM side."""
        return Server("", self.node, name=self.name)

    @property
    def tags(self) -> dict[str, str]:
        """Its EC2 tags beside the name."""
        return {"service": self.service, "role": self.role}


# (how it is called in the fleet, which recording) per account, in the order the accounts are given.
_PLACED: Final = (
    (("shop-web-1", "edge-default"), ("shop-web-2", "default"), ("shop-db-1", "hardened")),
    (("pay-web-1", "office-hardened"), ("pay-web-2", "default"), ("pay-batch-1", "misconfigured")),
    (
        ("legacy-web-1", "office-misconfigured"),
        ("legacy-db-1", "legacy-misconfigured"),
        ("legacy-gw-1", "hardened"),
    ),
)


def recording(condition: str, folder: Path = RECORDINGS) -> Path:
    """The recording of a Debian 12 in a condition: a root of ``lab/roots/build.sh`` such as ``hardened``.

    Raises
    ------
    LabError
        When there is none.
    """
    found = folder / f"debian12-{condition}.evidence"
    if not found.exists():
        message = (
            f"{folder} holds no recording of a {condition} server ({found.name}); see lab/roots/record.py"
        )
        raise LabError(message)
    return found


def demo(accounts: Sequence[str], containers: Sequence[str] = (), folder: Path = RECORDINGS) -> list[Entry]:
    """The fleet over three accounts; ``containers`` are ids of running ones, put in the first account.

    Raises
    ------
    LabError
        When a recording is missing.
    """
    fleet = [Entry(accounts[0], "this-machine", nodes.Machine(), "lab", "host")]
    for account, placed in zip(accounts, _PLACED, strict=True):
        for number, (name, condition) in enumerate(placed):
            service, role, _ = name.split("-")
            # Real servers do not answer all at once.
            node = nodes.Recording(recording(condition, folder), seconds=0.5 + 0.5 * number)
            fleet.append(Entry(account, name, node, service, role))
    fleet.append(Entry(accounts[1], "pay-web-3", nodes.Offline(), "pay", "web"))
    fleet.append(
        Entry(accounts[2], "legacy-web-2", nodes.Dies(recording("default", folder)), "legacy", "web")
    )
    fleet += [
        Entry(accounts[0], f"container-{number}", nodes.Container(each), "lab", "container")
        for number, each in enumerate(containers, 1)
    ]
    return fleet
