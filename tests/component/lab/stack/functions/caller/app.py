"""Calls SSM in a member account, as the hub's functions do."""

from __future__ import annotations

import os
from typing import Any

import boto3
from botocore.exceptions import ClientError


class TellingError(Exception):
    """An error that a state machine catches by its name."""


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Do one operation of SSM as the member role; the answer, or the error's code."""
    if event["operation"] == "raise":
        raise TellingError
    try:
        assumed = boto3.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{event['account']}:role/cce-fleet-member",
            RoleSessionName="caller",
            ExternalId=event.get("external_id", os.environ["EXTERNAL_ID"]),
        )["Credentials"]
        ssm = boto3.client(
            "ssm",
            aws_access_key_id=assumed["AccessKeyId"],
            aws_secret_access_key=event.get("secret", assumed["SecretAccessKey"]),
            aws_session_token=assumed["SessionToken"],
        )
        answer = getattr(ssm, event["operation"])(**event.get("request", {}))
    except ClientError as error:
        return {"error": error.response["Error"]["Code"]}
    return {
        "instances": [each["InstanceId"] for each in answer.get("InstanceInformationList", [])],
        "command": answer.get("Command", {}).get("CommandId", ""),
    }
