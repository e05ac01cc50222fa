"""AWS asked read-only questions, for the doctor; see :class:`cce.doctor.ports.Aws`."""

from __future__ import annotations

from contextlib import contextmanager
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
    from collections.abc import Iterator, Mapping

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
        self._silent: dict[str, str] = {}
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
        client = self._client(service)
        if client.can_paginate(operation):
            with self._asking(service, operation):
                pages = client.get_paginator(operation).paginate(**question)
                return [row for page in pages for row in page.get(key, [])]
        found: list[Mapping[str, Any]] = []
        while True:
            page = self.answer(service, operation, **question)
            found += page.get(key, [])
            if not page.get("position"):  # how API Gateway pages what botocore has no paginator for
                return found
            question["position"] = page["position"]

    def answer(self, service: str, operation: str, **question: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """One answer; see :meth:`cce.doctor.ports.Aws.answer`."""
        with self._asking(service, operation):
            answer: Mapping[str, Any] = getattr(self._client(service), operation)(**question)
        return answer

    @contextmanager
    def _asking(self, service: str, operation: str) -> Iterator[None]:
        """Turn what AWS refuses into our error.

        A service that did not answer once is not asked again: in a VPC without its endpoint each call would
        take all its attempts to time out.
        """
        if not operation.startswith(_READING):
            message = f"{operation} is no question"
            raise ValueError(message)
        action = f"{service}:{operation.title().replace('_', '')}"
        if service in self._silent:
            raise RefusedError(action, self._silent[service])
        try:
            yield
        except ClientError as error:
            raise RefusedError(action, f"{code_of(error)}: {message_of(error)}") from error
        except _NO_CREDENTIALS as error:
            raise RefusedError(action, str(error)) from error
        except NO_ANSWER as error:
            self._silent[service] = str(error)
            raise RefusedError(action, str(error)) from error

    def _client(self, service: str) -> Any:  # noqa: ANN401 - a client of any service
        if service not in self._clients:
            make: Any = self._session.client
            self._clients[service] = make(service, config=CONFIG)
        return self._clients[service]
