"""Where the accounts come from: a list, a table, Organizations; and what is said when they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from cce.errors import AccountsError, CceError, ConfigurationError, StoreError, ThrottledError
from cce.fleet.accounts import ListedAccounts, OrganizationAccounts, RegistryAccounts, account_source

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def table() -> Any:
    boto3.client("dynamodb").create_table(
        TableName="accounts",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "account", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "account", "KeyType": "HASH"}],
    )
    return boto3.resource("dynamodb").Table("accounts")


@pytest.fixture
def organization() -> Iterator[tuple[OrganizationAccounts, Stubber]]:
    accounts = OrganizationAccounts()
    with Stubber(accounts._organizations) as stub:  # noqa: SLF001 - the client behind the adapter
        yield accounts, stub


def test_a_list_is_taken_as_it_is_each_account_once() -> None:
    assert ("222222222222", "111111111111") == ListedAccounts(
        ("222222222222", "111111111111", "222222222222")
    ).known()


def test_the_registry_is_read_whole_and_paused_accounts_are_left_out(
    table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        table.put_item(Item={"account": f"{number:012d}", "owner": "team" * 100})
    table.put_item(Item={"account": "999999999999", "paused": "moves to another organization"})
    accounts = RegistryAccounts("accounts")
    scan = accounts._table.scan  # noqa: SLF001 - the client behind the adapter
    pages: list[int] = []

    def small_pages(**question: Any) -> Any:
        pages.append(1)
        return scan(Limit=7, **question)

    monkeypatch.setattr(accounts._table, "scan", small_pages)  # noqa: SLF001

    assert tuple(f"{number:012d}" for number in range(30)) == accounts.known()
    assert 5 <= len(pages)


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ([], "has no account that is not paused"),
        ([{"account": "111111111111", "paused": "x"}], "has no account that is not paused"),
        ([{"account": "11111111111"}], "'11111111111', which is no account's number"),
        ([{"account": "shop"}], "'shop', which is no account's number"),
    ],
)
def test_a_registry_that_says_nothing_useful_is_named(
    table: Any, items: list[dict[str, str]], why: str
) -> None:
    for item in items:
        table.put_item(Item=item)

    with pytest.raises(AccountsError, match=why):
        RegistryAccounts("accounts").known()


def test_a_registry_that_is_not_there_is_an_error_of_the_store() -> None:
    with pytest.raises(StoreError, match="ResourceNotFoundException"):
        RegistryAccounts("accounts").known()


def test_active_accounts_of_every_page_are_taken(organization: tuple[OrganizationAccounts, Stubber]) -> None:
    accounts, stub = organization
    pages = [
        {"Accounts": [{"Id": "333333333333", "Status": "ACTIVE"}], "NextToken": "more"},
        {
            "Accounts": [
                {"Id": "111111111111", "State": "ACTIVE", "Status": "ACTIVE"},
                {"Id": "444444444444", "State": "CLOSED", "Status": "ACTIVE"},
                {"Id": "222222222222", "Status": "SUSPENDED"},
            ]
        },
    ]
    for page in pages:
        stub.add_response("list_accounts", page)

    assert ("111111111111", "333333333333") == accounts.known()


def test_moto_knows_the_same_organizations() -> None:
    client: Any = boto3.client("organizations")
    client.create_organization(FeatureSet="ALL")
    made = client.create_account(Email="a@shop.example", AccountName="shop")["CreateAccountStatus"]

    assert made["AccountId"] in OrganizationAccounts().known()


@pytest.mark.parametrize(
    ("code", "error", "why"),
    [
        ("AccessDeniedException", AccountsError, "must manage the organization or be a delegated"),
        ("AWSOrganizationsNotInUseException", AccountsError, "must manage the organization"),
        ("TooManyRequestsException", ThrottledError, "ListAccounts"),
        ("ServiceException", ThrottledError, "ListAccounts"),
    ],
)
def test_what_organizations_refuses_has_our_name(
    organization: tuple[OrganizationAccounts, Stubber], code: str, error: type[CceError], why: str
) -> None:
    accounts, stub = organization
    stub.add_client_error("list_accounts", code, http_status_code=400)

    with pytest.raises(error, match=why):
        accounts.known()


def test_an_organization_without_an_active_account_is_named(
    organization: tuple[OrganizationAccounts, Stubber],
) -> None:
    accounts, stub = organization
    stub.add_response("list_accounts", {"Accounts": []})

    with pytest.raises(AccountsError, match="no active account"):
        accounts.known()


def test_the_parameter_chooses_the_source() -> None:
    kinds = {
        name: type(account_source(name, listed=(), table="accounts"))
        for name in ("list", "registry", "organization")
    }

    assert {
        "list": ListedAccounts,
        "registry": RegistryAccounts,
        "organization": OrganizationAccounts,
    } == kinds
    with pytest.raises(ConfigurationError, match="ACCOUNT_SOURCE is 'csv'"):
        account_source("csv", listed=(), table="")
