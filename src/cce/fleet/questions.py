"""AWS asked read-only questions, for the doctor; see :class:`cce.doctor.ports.Aws`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import (
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from cce.doctor.errors import NothingToLookAtError, RefusedError
from cce.fleet.clients import CONFIG, NO_ANSWER, code_of, message_of

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Operations whose names say that they change nothing; any other is a defect of the caller.
_READING = ("describe_", "get_", "list_", "lookup_")

_NO_CREDENTIALS = (
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOError,
    TokenRetrievalError,
)


class AwsQuestions:
    """Asks with the credentials that the environment gives, as the ``aws`` command would.

    Raises
    ------
    NothingToLookAtError
        When neither the caller nor the environment names a region, or its profile does not exist.
    """

    def __init__(self, region: str = "") -> None:
        self._clients: dict[str, Any] = {}
        try:
            self._session = boto3.Session(region_name=region or None)
        except ProfileNotFound as error:
            raise NothingToLookAtError(str(error)) from error
        self.region = self._session.region_name or ""
        if not self.region:
            message = "no region; give --region or set AWS_DEFAULT_REGION"
            raise NothingToLookAtError(message)

    def rows(self, service: str, operation: str, key: str, **question: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401
        """All pages; see :meth:`cce.doctor.ports.Aws.rows`."""
        _check(operation)
        client = self._client(service)
        if client.can_paginate(operation):
            try:
                pages = client.get_paginator(operation).paginate(**question)
                return [row for page in pages for row in page.get(key, [])]
            except (ClientError, *NO_ANSWER, *_NO_CREDENTIALS) as error:
                raise _refused(service, operation, error) from error
        found: list[Mapping[str, Any]] = []
        while True:
            page = self.answer(service, operation, **question)
            found += page.get(key, [])
            if not page.get("position"):  # how API Gateway pages what botocore has no paginator for
                return found
            question["position"] = page["position"]

    def answer(self, service: str, operation: str, **question: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """One answer; see :meth:`cce.doctor.ports.Aws.answer`."""
        _check(operation)
        try:
            answer: Mapping[str, Any] = getattr(self._client(service), operation)(**question)
        except (ClientError, *NO_ANSWER, *_NO_CREDENTIALS) as error:
            raise _refused(service, operation, error) from error
        return answer

    def _client(self, service: str) -> Any:  # noqa: ANN401 - a client of any service
        if service not in self._clients:
            make: Any = self._session.client
            self._clients[service] = make(service, config=CONFIG)
        return self._clients[service]


def _check(operation: str) -> None:
    if not operation.startswith(_READING):
        message = f"{operation} is no question"
        raise ValueError(message)


def _refused(service: str, operation: str, error: Exception) -> RefusedError:
    action = f"{service}:{operation.title().replace('_', '')}"
    if isinstance(error, ClientError):
        return RefusedError(action, f"{code_of(error)}: {message_of(error)}")
    return RefusedError(action, str(error))
