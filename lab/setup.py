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

#: Invented; the clients of the private API send it.
API_KEY: Final = "invented-key-of-the-local-stack"

#: The API's name of its own.
API_DOMAIN: Final = "cce.corp.example"

#: Parameters of a hub with everything that is an option: API and name, gateway, doctor, onboarding.
OPTIONS: Final = {
    "ApiKey": API_KEY,
    "Gateway": "on",
    "ApiDomainName": API_DOMAIN,
    "ApiCertificateArn": "arn:aws:acm:ap-northeast-2:111111111111:certificate/11111111-2222-4333-8444-5555",
    "CreateDoctor": "true",
    "CreateOnboard": "true",
}


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


def api_url(lab: Lab, outputs: Mapping[str, str]) -> str:
    """Where MiniStack has the private API; it has no endpoints with names of their own."""
    return f"{lab.endpoint}/_aws/execute-api/{outputs['ApiId']}/v1"


def function_name(lab: Lab, logical_id: str, stack: str = "cce-fleet") -> str:
    """The deployed name of a function of the hub."""
    resources = lab.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    return next(str(r["PhysicalResourceId"]) for r in resources if r["LogicalResourceId"] == logical_id)


def change_environment(lab: Lab, logical_id: str, **changed: str) -> None:
    """Change variables of a deployed function, which also starts it anew."""
    client, function = lab.client("lambda"), function_name(lab, logical_id)
    variables = client.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    client.update_function_configuration(
        FunctionName=function, Environment={"Variables": {**variables, **changed}}
    )


def add_fleet(lab: Lab, fleet: Sequence[Entry]) -> list[str]:
    """Make every server of the fleet; returns their instance ids in order."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(pool.map(lambda entry: lab.add_server(entry.account, entry.server(), entry.tags), fleet))
