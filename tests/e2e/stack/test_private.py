"""The whole system in a network namespace of loopback alone: whatever reaches out, fails here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import boto3
import pytest
from botocore.exceptions import ClientError

from lab import deploy
from lab.aws import REGION, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from stack import Stack

pytestmark = pytest.mark.stack

#: Shows the interfaces of the namespace, then becomes the command. The namespace ends with its last process.
_INSIDE: Final = 'ip link set lo up && ip -brief link && exec "$@"'
_SECONDS: Final = 400


def test_an_assessment_finishes_where_there_is_no_network(tmp_path: Path) -> None:
    deploy.build()  # pip fetches what the layer is made of, as on the machine of whoever deploys

    run = subprocess.run(
        [
            *("unshare", "--net", "--", "sh", "-c", _INSIDE, "sh"),
            *(sys.executable, "-m", "lab", "run", "--no-containers", "--reports", str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
        timeout=_SECONDS,
        check=False,
    )

    assert 0 == run.returncode, run.stdout[-3000:] + run.stderr[-3000:]
    assert ["lo"] == [
        line.split()[0] for line in run.stdout.splitlines() if "LOOPBACK" in line or "UP" in line
    ]
    assert "IAM refused" not in run.stdout
    (report,) = tmp_path.glob("*/report.json")
    statuses = [server["status"] for server in json.loads(report.read_text("utf-8"))["servers"]]
    assert statuses.count("assessed") >= len(statuses) - 2 > 0  # one is offline and one dies, by design


def test_a_user_who_may_do_everything_reads_no_data_from_outside_the_vpc(stack: Stack) -> None:
    """The bucket's policy is really asked: nobody comes by an endpoint who has no role of the stack."""
    iam = stack.lab.client("iam")
    iam.create_user(UserName="administrator")
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    iam.put_user_policy(UserName="administrator", PolicyName="everything", PolicyDocument=document)
    key = iam.create_access_key(UserName="administrator")["AccessKey"]
    bucket, name = stack.outputs["DataBucketName"], "config/tailoring.yaml"
    s3 = boto3.client(
        "s3",
        endpoint_url=stack.lab.endpoint,
        region_name=REGION,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )

    for call in (
        lambda: s3.put_object(Bucket=bucket, Key=name, Body=b""),
        lambda: s3.get_object(Bucket=bucket, Key=name),
        lambda: s3.list_objects_v2(Bucket=bucket),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            call()
    assert s3.get_bucket_policy(Bucket=bucket)["Policy"]  # but is not locked out of the bucket itself
