"""The data bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from cce.fleet.clients import CONFIG, code_of
from cce.store.errors import as_store_error

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

#: Nothing that this project writes is larger; what a server uploads may be.
LIMIT: Final = 64 * 1024 * 1024

#: For links: by default boto3 names the host of all regions, which a VPC without a way out cannot reach; the
#: path style names the region's own. KMS wants the newer signature.
_LINKS: Final = CONFIG.merge(Config(signature_version="s3v4", s3={"addressing_style": "path"}))


class S3Objects:
    """Objects in one bucket; see :class:`cce.pipeline.ports.Objects`."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket
        self._s3: S3Client = boto3.client("s3", config=CONFIG)

    @property
    def bucket(self) -> str:
        """Name of the bucket."""
        return self._bucket

    def put(self, key: str, body: bytes, content_type: str = "application/json") -> None:
        """Write or replace an object."""
        with as_store_error(f"s3://{self._bucket}/{key}"):
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def put_new(self, key: str, body: bytes) -> bool:
        """Write an object once; ``False`` if the key was taken."""
        with as_store_error(f"s3://{self._bucket}/{key}"):
            try:
                self._s3.put_object(
                    Bucket=self._bucket, Key=key, Body=body, IfNoneMatch="*", ContentType="application/gzip"
                )
            except ClientError as error:
                if code_of(error) == "PreconditionFailed":
                    return False
                raise
        return True

    def link(self, key: str, seconds: int) -> str:
        """A URL that opens the object for so long, signed by this function's role."""
        signer: S3Client = boto3.client("s3", config=_LINKS)
        return signer.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=seconds
        )

    def get(self, key: str, limit: int = LIMIT) -> bytes | None:
        """Read an object, at most ``limit`` bytes of it; ``None`` if there is none."""
        with as_store_error(f"s3://{self._bucket}/{key}"):
            try:
                return self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read(limit)
            except self._s3.exceptions.NoSuchKey:
                return None
