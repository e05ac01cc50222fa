"""Stands the whole system up: hub, members, servers. Used by ``run``, ``up`` and the tests."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lab import deploy
from lab.lab import MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lab.deploy import Deployment
    from lab.fleet import Entry
    from lab.lab import Lab

# A server that died is given up after so long; the rest of the hub's patience follows from it.
PROBE_TIMEOUT_SECONDS: Final = 30


@dataclass
class Phases:
    """How long each phase took, in seconds, in the order they ended."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measure what happens inside."""
        start = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = time.monotonic() - start


def deploy_all(lab: Lab, phases: Phases, parameters: Mapping[str, str] | None = None) -> Deployment:
    """Build and deploy the hub and, at the same time as soon as its bus is known, the members.

    Parameters
    ----------
    parameters
        Of the hub, beyond those that the lab knows.
    """
    with phases.phase("sam build"):
        built = deploy.build()
    patience = {"ProbeTimeoutSeconds": str(PROBE_TIMEOUT_SECONDS)}
    with phases.phase("sam deploy"):
        hub = lab.deploy_hub({**patience, **(parameters or {})}, built=built)
    with phases.phase("member stacks"), ThreadPoolExecutor() as pool:
        given = {"HubBusArn": hub.outputs["BusArn"], "HubStackName": hub.stack.name, **patience}
        list(pool.map(lambda account: lab.deploy_member(account, given), MEMBERS))
    return hub


def add_fleet(lab: Lab, fleet: Sequence[Entry]) -> list[str]:
    """Make every server of the fleet; returns their instance ids in order."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(pool.map(lambda entry: lab.add_server(entry.account, entry.server(), entry.tags), fleet))
