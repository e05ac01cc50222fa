"""The lab as one thing: started, used, stopped."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from lab import deploy
from lab.aws import HUB_ACCOUNT, REGION, MiniStack, free_port
from lab.calls import Call, recorded_calls
from lab.clients import Clients
from lab.ssm.events import EventDelivery, Faults
from lab.ssm.identity import MiniStackAuthorizer
from lab.ssm.outputs import S3Outputs
from lab.ssm.runner import Runner
from lab.ssm.server import SsmServer
from lab.ssm.service import Ssm

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from lab.ssm.service import Throttle
    from lab.ssm.state import Server

MEMBERS: Final = (HUB_ACCOUNT, "222222222222", "333333333333")
EXTERNAL_ID: Final = "lab-external-id-0001"
DOCUMENT: Final = "cce-fleet-linux"
FOLDER: Final = "cce-lab-"


class Lab:
    """MiniStack and the lab's SSM; a context manager.

    Parameters
    ----------
    pace
        What a second of the delivery and execution timeouts is worth on servers that never answer.
    keep
        Whether the folder with the logs and the record of calls stays after the end.

    Examples
    --------
    >>> with Lab() as lab:  # doctest: +SKIP
    ...     hub = lab.deploy_hub({"Accounts": "111111111111"})
    ...     lab.client("s3").list_buckets()
    """

    def __init__(self, *, pace: float = 1.0, keep: bool = False) -> None:
        self._pace = pace
        self._keep = keep
        self._stack = ExitStack()
        self.by_api: list[str] = []

    def __enter__(self) -> Self:
        """Start everything and wait until it answers."""
        with ExitStack() as stack:
            _sweep()
            self.folder = Path(
                tempfile.mkdtemp(prefix=f"{FOLDER}kept-" if self._keep else f"{FOLDER}{os.getpid()}-")
            )
            if not self._keep:
                stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
            # MiniStack must know where SSM is and SSM where MiniStack is: the port is chosen first.
            port = free_port()
            endpoint = f"http://127.0.0.1:{port}"
            self.clients = Clients(endpoint)
            self._events = EventDelivery(self.clients)
            stack.callback(self._events.stop)
            runner = Runner(S3Outputs(self.clients, HUB_ACCOUNT), self._events, pace=self._pace)
            self.ssm_server = SsmServer(Ssm(MiniStackAuthorizer(endpoint), runner))
            stack.callback(self.ssm_server.stop)
            self.clients.ssm_endpoint = self.ssm_server.endpoint
            self.ministack = MiniStack(self.folder, self.ssm_server.endpoint)
            stack.callback(self.ministack.stop)
            self.ministack.start(port)
            self.ministack.wait()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything; no process stays."""
        self._stack.close()

    @property
    def endpoint(self) -> str:
        """MiniStack's URL."""
        return self.ministack.endpoint

    @property
    def faults(self) -> Faults:
        """How events get lost, doubled or late; change its members at any time."""
        return self._events.faults

    @property
    def throttle(self) -> Throttle:
        """Which SSM operations are refused the next times; change its ``left`` at any time."""
        return self.ssm_server.ssm.throttle

    @property
    def events(self) -> EventDelivery:
        """What became of the status events: ``delivered``, ``dropped``, ``refused``."""
        return self._events

    def client(self, service: str, account: str = HUB_ACCOUNT, region: str = REGION) -> Any:  # noqa: ANN401 - boto3 makes clients at run time
        """A boto3 client of an account's root."""
        return self.clients.client(service, account, region)

    def calls(self) -> list[Call]:
        """Every call that a role made so far, with IAM's decision."""
        return recorded_calls(self.ministack.calls)

    def environment(self) -> dict[str, str]:
        """What to export so that the AWS command line and boto3 find the lab."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ENDPOINT_URL_SSM": self.ssm_server.endpoint,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": HUB_ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "test",
        }

    def deploy_hub(
        self,
        parameters: Mapping[str, str] | None = None,
        *,
        built: Path | None = None,
        name: str = "cce-fleet",
    ) -> deploy.Deployment:
        """Deploy the hub; ``built`` is a built template, the project's own by default."""
        given = {"Accounts": ",".join(MEMBERS), "ExternalId": EXTERNAL_ID, **(parameters or {})}
        deployment = deploy.deploy_hub(self.clients, built or deploy.build(), given, name=name)
        self.by_api += deployment.by_api
        return deployment

    def deploy_member(
        self, account: str, parameters: Mapping[str, str], *, source: Path = deploy.MEMBER_TEMPLATE
    ) -> deploy.Deployment:
        """Deploy the member stack into an account; ``parameters`` without those that the lab knows."""
        given = {"HubAccount": HUB_ACCOUNT, "ExternalId": EXTERNAL_ID, **parameters}
        deployment = deploy.deploy_member(self.clients, account, given, source=source)
        self.by_api += deployment.by_api
        return deployment

    def add_server(self, account: str, server: Server, tags: Mapping[str, str] | None = None) -> str:
        """Make an instance record in EC2 and its agent in SSM; the server gets the id, which is returned."""
        named = {"Name": server.name, **(tags or {})}
        made = self.client("ec2", account).run_instances(
            ImageId="ami-00000000000000001",
            InstanceType="t3.micro",
            MinCount=1,
            MaxCount=1,
            TagSpecifications=[
                {
                    "ResourceType": "instance",
                    "Tags": [{"Key": key, "Value": value} for key, value in named.items()],
                }
            ],
        )["Instances"][0]
        server.instance_id = str(made["InstanceId"])
        server.address = server.address or str(made.get("PrivateIpAddress", ""))
        self.ssm_server.ssm.register(account, REGION, server)
        return server.instance_id


def _sweep() -> None:
    """Remove the folders of labs that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*-*"):
        owner = re.fullmatch(rf"{FOLDER}(\d+)-.+", folder.name)
        if owner and not Path("/proc", owner[1]).exists() and Path("/proc/self").exists():
            shutil.rmtree(folder, ignore_errors=True)
