"""Command output to S3, put there as the server's agent would with its instance profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lab.clients import Clients
    from lab.ssm.state import Place


class S3Outputs:
    """Writes to MiniStack's S3 in the bucket's own account, the hub."""

    def __init__(self, clients: Clients, hub_account: str) -> None:
        self._clients = clients
        self._hub = hub_account

    def put(self, place: Place, bucket: str, key: str, body: bytes) -> str:
        """Store the output; the URL that AWS shows, empty when the bucket refused it."""
        s3 = self._clients.client("s3", self._hub, place.region)
        try:
            s3.put_object(Bucket=bucket, Key=key, Body=body)
        except self._clients.failures:
            return ""
        return f"https://s3.{place.region}.amazonaws.com/{bucket}/{key}"
