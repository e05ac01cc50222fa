"""boto3 clients for MiniStack, where an access key that is an account's number is that account's root."""

from __future__ import annotations

import threading
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_CONFIG: Final = Config(
    retries={"mode": "standard", "max_attempts": 3}, s3={"addressing_style": "path"}, max_pool_connections=32
)


class Clients:
    """Clients of every account's root.

    Parameters
    ----------
    endpoint
        MiniStack's URL.
    ssm_endpoint
        The URL of the lab's SSM.
    """

    failures: Final = (ClientError, BotoCoreError)

    def __init__(self, endpoint: str, ssm_endpoint: str = "") -> None:
        self.endpoint = endpoint
        self.ssm_endpoint = ssm_endpoint
        self._lock = threading.Lock()
        self._made: dict[tuple[str, str, str], Any] = {}

    def client(self, service: str, account: str, region: str) -> Any:  # noqa: ANN401 - boto3 makes clients at run time
        """The client of one service in one account and region."""
        key = (service, account, region)
        with self._lock:
            if key not in self._made:
                session = boto3.session.Session(
                    aws_access_key_id=account,
                    aws_secret_access_key="test",  # noqa: S106 - MiniStack does not check a root's secret
                    region_name=region,
                )
                url = self.ssm_endpoint if service == "ssm" else self.endpoint
                make: Any = session.client  # its overloads want each service's literal name
                self._made[key] = make(service, endpoint_url=url, config=_CONFIG)
            return self._made[key]
