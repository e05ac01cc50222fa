"""A REST API's event (payload 1.0: proxy integration or REQUEST authorizer), and the request in it."""

from __future__ import annotations

from base64 import b64decode
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cce.errors import EventError
from cce.gateway.message import Headers, Request
from cce.gateway.signing.canonical import from_parameters

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Identity(BaseModel):
    source_ip: IPv4Address | IPv6Address = Field(alias="sourceIp")


class _Context(BaseModel):
    api_id: str = Field(alias="apiId")
    stage: str
    path: str
    request_id: str = Field(alias="requestId")
    extended_id: str | None = Field(None, alias="extendedRequestId")
    request_time: int | None = Field(None, alias="requestTimeEpoch")
    domain: str | None = Field(None, alias="domainName")
    identity: _Identity


class Event(BaseModel):
    """What is used of an event; names as in AWS's documents of the payload. ``None`` stands for nothing.

    Of its two ids a client may choose ``requestId`` (header ``X-Amzn-RequestId``); ``extendedRequestId`` is
    always API Gateway's own.
    """

    model_config = ConfigDict(frozen=True)

    method: str = Field(alias="httpMethod")
    path: str
    headers: dict[str, str] | None = None
    multi_headers: dict[str, list[str]] | None = Field(None, alias="multiValueHeaders")
    parameters: dict[str, str] | None = Field(None, alias="queryStringParameters")
    multi_parameters: dict[str, list[str]] | None = Field(None, alias="multiValueQueryStringParameters")
    body: str | None = None
    is_base64: bool = Field(default=False, alias="isBase64Encoded")
    context: _Context = Field(alias="requestContext")
    method_arn: str = Field("", alias="methodArn")
    stage_variables: dict[str, str] | None = Field(None, alias="stageVariables")

    @property
    def snapshot(self) -> str:
        """Name of what the stage was deployed from; empty if it does not say."""
        return (self.stage_variables or {}).get("snapshot", "")

    @classmethod
    def of(cls, event: Any) -> Self:  # noqa: ANN401 - whatever a function is invoked with
        """Read an event.

        Raises
        ------
        EventError
            When it is not of a REST API; the message names the field.
        """
        try:
            return cls.model_validate(event)
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in problem["loc"])
            message = f"the event is no request of a REST API of API Gateway: {place}: {problem['msg']}"
            raise EventError(message) from error

    def request(self) -> Request:
        """The request.

        Its path is the event's, which on a custom domain begins with the base path: route by ``resource``.
        Its query is rebuilt from the decoded parameters, in their order in the event.

        Raises
        ------
        EventError
            When the body is said to be Base64 and is not.
        """
        several = self.multi_parameters or {name: [value] for name, value in (self.parameters or {}).items()}
        return Request(
            method=self.method,
            path=self.path,
            signed_path=self.context.path,
            query=from_parameters(several),
            headers=Headers(tuple(self._lines())),
            client=self.context.identity.source_ip,
            request_id=self.context.request_id,
            body=self._body(),
        )

    def _lines(self) -> Iterator[tuple[str, str]]:
        several = self.multi_headers or {name: [value] for name, value in (self.headers or {}).items()}
        for name, values in several.items():
            yield from ((name, value.strip(" \t")) for value in values)

    def _body(self) -> bytes:
        text = self.body or ""
        if not self.is_base64:
            return text.encode()
        try:
            return b64decode(text, validate=True)
        except ValueError as error:
            message = "the event says that its body is Base64, and it is not"
            raise EventError(message) from error
