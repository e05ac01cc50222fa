"""Where the accounts to check come from: a list, a DynamoDB registry, or AWS Organizations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.exceptions import ClientError

from cce.errors import AccountsError, ConfigurationError, ThrottledError
from cce.fleet.clients import CONFIG, NO_ANSWER, THROTTLED, UNWELL, code_of, message_of
from cce.store.errors import as_store_error

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

    from cce.pipeline.ports import Accounts

_ACCOUNT: Final = re.compile(r"\d{12}")

#: Organizations answers in this region for the whole partition (its endpoints and quotas page).
_ORGANIZATIONS_REGION: Final = "us-east-1"
_BUSY: Final = THROTTLED | UNWELL | {"ConcurrentModificationException", "ServiceException"}


def account_source(source: str, *, listed: tuple[str, ...], table: str) -> Accounts:
    """The source that the parameter ``AccountSource`` names.

    Raises
    ------
    ConfigurationError
        When there is none of that name.
    """
    if source == "list":
        return ListedAccounts(listed)
    if source == "registry":
        return RegistryAccounts(table)
    if source == "organization":
        return OrganizationAccounts()
    message = f"ACCOUNT_SOURCE is {source!r}; it is list, registry or organization"
    raise ConfigurationError(message)


@dataclass(frozen=True, slots=True)
class ListedAccounts:
    """Accounts by name; also the twin of the others in tests. See :class:`cce.pipeline.ports.Accounts`."""

    listed: tuple[str, ...]

    def known(self) -> tuple[str, ...]:
        """The accounts as they were given, each once."""
        return tuple(dict.fromkeys(self.listed))


class RegistryAccounts:
    """Accounts in a DynamoDB table: key ``account``; an item with ``paused``, the reason, is left out."""

    def __init__(self, table: str) -> None:
        resource: DynamoDBServiceResource = boto3.resource("dynamodb", config=CONFIG)
        self._table: Table = resource.Table(table)

    def known(self) -> tuple[str, ...]:
        """The accounts of the table that are not paused, in order."""
        found: list[str] = []
        start: dict[str, Any] = {}
        with as_store_error(self._table.name):
            while True:
                page = self._table.scan(ConsistentRead=True, **start)
                found += [str(item["account"]) for item in page["Items"] if not item.get("paused")]
                if "LastEvaluatedKey" not in page:
                    break
                start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
        if wrong := [account for account in found if not _ACCOUNT.fullmatch(account)]:
            message = f"table {self._table.name} has {wrong[0]!r}, which is no account's number; correct it"
            raise AccountsError(message)
        return _some(found, f"table {self._table.name} has no account that is not paused; enter the accounts")


class OrganizationAccounts:
    """The active accounts of the organization that the hub manages or is a delegated administrator of."""

    def __init__(self) -> None:
        self._organizations: Any = boto3.client(
            "organizations", region_name=_ORGANIZATIONS_REGION, config=CONFIG
        )

    def known(self) -> tuple[str, ...]:
        """The active accounts, in order."""
        try:
            pages = self._organizations.get_paginator("list_accounts").paginate()
            # State replaces Status, which AWS no longer fills after 2026.
            found = [
                account["Id"]
                for page in pages
                for account in page["Accounts"]
                if (account.get("State") or account.get("Status")) == "ACTIVE"
            ]
        except ClientError as error:
            text = f"organizations:ListAccounts: {code_of(error)}: {message_of(error)}"
            if code_of(error) in _BUSY:
                raise ThrottledError(text) from error
            remedy = "the hub's account must manage the organization or be a delegated administrator of it"
            message = f"{text}; {remedy}"
            raise AccountsError(message) from error
        except NO_ANSWER as error:
            message = f"organizations:ListAccounts does not answer (is there an endpoint for it?): {error}"
            raise ThrottledError(message) from error
        return _some(found, "the organization has no active account")


def _some(found: list[str], otherwise: str) -> tuple[str, ...]:
    if not found:
        raise AccountsError(otherwise)
    return tuple(sorted(found))
