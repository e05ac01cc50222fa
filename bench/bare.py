"""The functions that ``bench/api.py`` puts beside the API: what a Lambda costs that does next to nothing."""

from __future__ import annotations

from typing import Any, Final

#: Answers a constant. No import, no logger, no call.
BARE: Final = """
ANSWER = {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": %r}

def handler(event, context):
    return ANSWER
"""

#: Reads one record with boto3 and answers it as it comes: the least that an API with a table does.
READING: Final = """
import json, os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

def handler(event, context):
    found = table.get_item(Key={"kind": "server", "srvid": os.environ["SRVID"]})["Item"]
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(found)}
"""


def with_beside(template: dict[str, Any], body: str, srvid: str) -> dict[str, Any]:
    """The hub's template with both functions behind the same gateway, key and settings as the API's.

    Runtime, layer, VPC and log group come from the template's ``Globals``; memory and time-out are the API
    function's.

    Parameters
    ----------
    template
        The built template as data.
    body
        What ``GET /bare`` answers: as long as the API's answer.
    srvid
        The server that ``GET /reading`` reads.
    """
    like = template["Resources"]["ApiFunction"]["Properties"]
    table = {"Ref": "InventoryTable"}
    read = {
        "Effect": "Allow",
        "Action": "dynamodb:GetItem",
        "Resource": {"Fn::GetAtt": ["InventoryTable", "Arn"]},
    }
    policy = {"Version": "2012-10-17", "Statement": [read]}
    variables = {"Environment": {"Variables": {"TABLE": table, "SRVID": srvid}}}
    beside = {
        "BareFunction": _function(like, "/bare", {"InlineCode": BARE % body}),
        "ReadingFunction": _function(
            like, "/reading", {"InlineCode": READING, "Policies": [policy], **variables}
        ),
    }
    return {**template, "Resources": {**template["Resources"], **beside}}


def _function(like: dict[str, Any], path: str, own: dict[str, Any]) -> dict[str, Any]:
    route = {"RestApiId": {"Ref": "Api"}, "Method": "GET", "Path": path}
    settings = {name: like[name] for name in ("MemorySize", "Timeout")}
    return {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            **settings,
            **own,
            "Handler": "index.handler",
            "Events": {"Get": {"Type": "Api", "Properties": route}},
        },
    }
