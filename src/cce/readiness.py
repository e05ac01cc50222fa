"""Whether accounts are ready: the onboarding checks of several accounts, as one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, StringConstraints

from cce.onboard import complete

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cce.onboard import Check, Onboarder

COMPLETE: Final = 0
LACKING: Final = 1

_AT_ONCE: Final = 8


class Asked(BaseModel):
    """The event of functions/onboard; without accounts it asks about every one that the stack checks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accounts: tuple[Annotated[str, StringConstraints(pattern=r"^\d{12}$")], ...] = ()


@dataclass(frozen=True, slots=True)
class Readiness:
    """The checks of each account of one region, in the order in which the accounts were asked about."""

    region: str
    found: Mapping[str, Sequence[Check]]

    @property
    def complete(self) -> bool:
        """Whether there are accounts, and every one has everything and could be seen."""
        return bool(self.found) and all(map(complete, self.found.values()))

    @property
    def exit_status(self) -> int:
        """0: every account is complete; 1: one is not."""
        return COMPLETE if self.complete else LACKING

    def document(self) -> dict[str, Any]:
        """The answer for programs, as ``--json`` prints it and the Lambda gives it."""
        accounts = [
            {
                "account": account,
                "region": self.region,
                "complete": complete(checks),
                "checks": [asdict(check) for check in checks],
            }
            for account, checks in self.found.items()
        ]
        return {"exit_status": self.exit_status, "accounts": accounts}


def look(onboarder: Onboarder, accounts: Sequence[str], region: str) -> Readiness:
    """Check the accounts, several at the same time."""
    asked = tuple(dict.fromkeys(accounts))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return Readiness(region, dict(zip(asked, pool.map(onboarder.check, asked), strict=True)))
