"""The REST APIs of the gateway's services, in API Gateway."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import boto3
from botocore.exceptions import ClientError

from cce.errors import DeployError
from cce.fleet.clients import CONFIG, NO_ANSWER, code_of, message_of
from cce.gateway.statistics.access_log import access_log_format

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_lambda import LambdaClient

    from cce.gateway.compiler import Compiled
    from cce.gateway.records import ServiceRecord

#: By which the APIs of a stack are told from others.
_TAG: Final = "cce-fleet:service"


class RestApis:
    """See :class:`cce.gateway.deploying.Apis`.

    Parameters
    ----------
    endpoints
        Ids of the VPC endpoints that the APIs are associated with; without one the alias does not exist.
    log
        ARN of the log group of the access log; empty: none is written.
    """

    def __init__(self, *, endpoints: Iterable[str], account: str, partition: str, log: str) -> None:
        self._apis: APIGatewayClient = boto3.client("apigateway", config=CONFIG)
        self._lambda: LambdaClient = boto3.client("lambda", config=CONFIG)
        self._endpoints = tuple(endpoints)
        self._account = account
        self._partition = partition
        self._log = log

    def create(self, service: ServiceRecord) -> str:
        """Make the private API of a service."""
        with _as_deploy_error(f"the API of service {service.name!r}"):
            made = self._apis.create_rest_api(
                name=service.id,  # metrics drop what is not ASCII of a name
                description=f"cce gateway: {service.name}",
                endpointConfiguration={"types": ["PRIVATE"], "vpcEndpointIds": list(self._endpoints)},
                binaryMediaTypes=["*/*"],
                tags={_TAG: service.id},
            )
        return made["id"]

    def deploy(self, api: str, stage: str, compiled: Compiled, snapshot: str, description: str) -> None:
        """Replace the API's definition, deploy it on the stage, and let the stage write its access log."""
        with _as_deploy_error(f"stage {stage} of API {api}"):
            for function in compiled.functions:
                self._permit(api, function)
            self._apis.put_rest_api(
                restApiId=api,
                mode="overwrite",
                failOnWarnings=True,
                body=json.dumps(compiled.document).encode(),
            )
            self._apis.create_deployment(
                restApiId=api, stageName=stage, description=description, variables={"snapshot": snapshot}
            )
            self._settle(api, stage, snapshot)

    def delete_stage(self, api: str, stage: str) -> None:
        """Take the stage away."""
        with _as_deploy_error(f"stage {stage} of API {api}"):
            self._apis.delete_stage(restApiId=api, stageName=stage)

    def _settle(self, api: str, stage: str, snapshot: str) -> None:
        """What of a stage is no part of its deployment."""
        changes = {"/variables/snapshot": snapshot}
        if self._log:
            changes["/accessLogSettings/destinationArn"] = self._log
            changes["/accessLogSettings/format"] = access_log_format()
        self._apis.update_stage(
            restApiId=api,
            stageName=stage,
            patchOperations=[
                {"op": "replace", "path": path, "value": value} for path, value in changes.items()
            ],
        )

    def _permit(self, api: str, function: str) -> None:
        region = self._apis.meta.region_name
        with suppress(self._lambda.exceptions.ResourceConflictException):  # it may already
            self._lambda.add_permission(
                FunctionName=function,
                StatementId=f"gateway-{api}",
                Action="lambda:InvokeFunction",
                Principal="apigateway.amazonaws.com",
                SourceArn=f"arn:{self._partition}:execute-api:{region}:{self._account}:{api}/*",
            )


@contextmanager
def _as_deploy_error(what: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        raise DeployError(f"{what}: {code_of(error)}: {message_of(error)}") from error
    except NO_ANSWER as error:
        raise DeployError(f"{what}: API Gateway does not answer: {error}") from error
