"""Several accounts, one answer: ready only when all of them are."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from cce.errors import MemberError
from cce.onboard import Account, Onboarder
from cce.readiness import look


@dataclass
class Closed:
    """A door that opens to nobody."""

    tried: list[str] = field(default_factory=list)

    def open(self, account: str) -> Account:
        self.tried.append(account)
        raise MemberError(f"the role of {account} cannot be assumed")

    def opens_without_external_id(self, _: str) -> bool:
        return False


@pytest.mark.parametrize("accounts", [["222222222222", "111111111111"], ["222222222222"] * 2, []])
def test_each_account_is_asked_about_once_and_in_its_place(accounts: list[str]) -> None:
    door = Closed()
    readiness = look(Onboarder(door, "arn:bus", "cce-fleet-linux"), accounts, "ap-northeast-2")
    answer = readiness.document()

    expected = list(dict.fromkeys(accounts))
    assert expected == [account["account"] for account in answer["accounts"]]
    assert sorted(expected) == sorted(door.tried)
    assert 1 == answer["exit_status"]  # also where nobody was asked about
    assert {"ap-northeast-2"} >= {account["region"] for account in answer["accounts"]}
