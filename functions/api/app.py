"""API: the private API behind API Gateway. See :mod:`cce.api.routes`."""

from __future__ import annotations

import secrets
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler import Response as Answer

from cce.api.cors import Cors
from cce.api.http import Request, Response
from cce.api.operations import Api, Operation
from cce.api.routes import OPERATIONS, not_found, perform
from cce.environment import read
from cce.fleet.accounts import account_source
from cce.fleet.executions import AwsExecutions
from cce.gateway.compiler.model import DEFAULT_STAGE
from cce.store.assessments import DynamoAssessments
from cce.store.findings import DynamoFindings
from cce.store.gateway_book import DynamoBook
from cce.store.inventory import DynamoInventory
from cce.store.memory_services import MemoryServices
from cce.store.objects import S3Objects
from cce.store.statistics import DynamoStatistics
from cce.store.verdicts import DynamoVerdicts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()


@dataclass(frozen=True)
class Environment:
    """What template.yaml tells this function."""

    aws_region: str
    bucket: str
    inventory_table: str
    assessments_table: str
    verdicts_table: str
    statistics_table: str
    statistics_zone: str
    gateway_book_table: str
    api_name: str
    findings_table: str
    state_machine: str
    account_source: str
    accounts: tuple[str, ...]
    accounts_table: str
    cors_origins: tuple[str, ...]


env = read(Environment)
objects = S3Objects(env.bucket)
api = Api(
    inventory=DynamoInventory(env.inventory_table),
    verdicts=DynamoVerdicts(env.verdicts_table),
    findings=DynamoFindings(env.findings_table),
    assessments=DynamoAssessments(env.assessments_table),
    executions=AwsExecutions(env.state_machine),
    reports=objects,
    accounts=account_source(env.account_source, listed=env.accounts, table=env.accounts_table),
    statistics=DynamoStatistics(env.statistics_table),
    services=DynamoBook(env.gateway_book_table, objects) if env.gateway_book_table else MemoryServices(),
    own_name=env.api_name,
    default_stage=DEFAULT_STAGE,
    zone=ZoneInfo(env.statistics_zone),
    region=env.aws_region,
    clock=lambda: datetime.now(UTC),
    seed=lambda: secrets.token_hex(8),
)
cors = Cors(env.cors_origins)
# By a custom domain the path keeps the stage as its base path; by the alias it does not.
app = APIGatewayRestResolver(strip_prefixes=["/v1"])


def request_of(path: dict[str, str]) -> Request:
    """The request that Powertools routes, as the library takes it."""
    event = app.current_event.raw_event
    body = (event.get("body") or "").encode("utf-8", "surrogatepass")
    if event.get("isBase64Encoded"):
        try:
            body = b64decode(body, validate=True)
        except Base64Error:
            body = b""  # no JSON either: the answer names the body
    if "instance" in path:
        path = {"srvid": "/".join(path[name] for name in ("srvid", "region", "instance"))}
    came_by = event["requestContext"]
    return Request(
        path=path,
        query=event.get("multiValueQueryStringParameters") or {},
        headers=headers_of_request(),
        body=body,
        api=came_by["apiId"],
        stage=came_by["stage"],
    )


def headers_of_request() -> dict[str, str]:
    """The headers of the request by their names in lower case."""
    given = app.current_event.raw_event.get("headers") or {}
    return {name.lower(): value for name, value in given.items()}


def sent(response: Response) -> Answer[str]:
    """An answer of the library, as Powertools sends it."""
    headers = {**response.headers, **cors.headers(headers_of_request().get("origin"))}
    return Answer(response.status, response.media_type, response.body, headers)


def performing(operation: Operation) -> Callable[..., Answer[str]]:
    """The handler of one operation."""

    def perform_it(**path: str) -> Answer[str]:
        return sent(perform(operation, api, request_of(path)))

    return perform_it


def telling(methods: Sequence[str]) -> Callable[..., Answer[str]]:
    """The handler of OPTIONS on a path that has those methods."""

    def tell(**_path: str) -> Answer[str]:
        return sent(cors.preflight(headers_of_request().get("origin"), methods))

    return tell


@app.not_found
def unknown(_error: Exception) -> Answer[str]:
    """Answer a path or method that no operation has."""
    return sent(not_found())


by_rule: dict[str, list[str]] = {}
for each in OPERATIONS:
    for rule in each.rules:
        app.route(rule, method=each.method)(performing(each))
        by_rule.setdefault(rule, []).append(each.method)
for rule, methods in by_rule.items():
    app.route(rule, method="OPTIONS")(telling(methods))


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request."""
    return app.resolve(event, context)
