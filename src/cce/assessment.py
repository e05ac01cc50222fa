"""An assessment: its id, its scope, its targets. Pure: no AWS, no clock."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from cce.errors import ScopeError
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ACCOUNT: Final = r"[0-9]{12}"
REGION: Final = r"[a-z]{2}(?:-[a-z]{1,16}){1,3}-[0-9]"
INSTANCE: Final = r"i-[0-9a-f]{8,17}"
SRVID: Final = re.compile(rf"({ACCOUNT})/({REGION})/({INSTANCE})")

Account = Annotated[str, StringConstraints(pattern=rf"^{ACCOUNT}$")]
Region = Annotated[str, StringConstraints(pattern=rf"^{REGION}$")]
Srvid = Annotated[str, StringConstraints(pattern=rf"^{ACCOUNT}/{REGION}/{INSTANCE}$")]


class TargetStatus(StrEnum):
    """What became of a server in an assessment (대상 상태)."""

    WAITING = "waiting"
    ASSESSED = "assessed"
    UNREACHABLE = "unreachable"
    FAILED = "failed"
    SKIPPED = "skipped"


TARGET_STATUS_KO: Final = {
    TargetStatus.WAITING: "대기",
    TargetStatus.ASSESSED: "진단완료",
    TargetStatus.UNREACHABLE: "접속불가",
    TargetStatus.FAILED: "진단실패",
    TargetStatus.SKIPPED: "제외",
}


class Outcome(StrEnum):
    """How an assessment as a whole ended."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"
    EMPTY = "empty"


class Scope(BaseModel):
    """Which accounts, regions, servers, benchmarks and items an assessment covers.

    ``"all"`` means every one that is configured. ``servers`` and ``tags`` narrow the accounts' servers;
    both given, a server must match both. ``whole`` are accounts taken whole beside the named servers: a
    retry sets it for those that could not be listed before.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    accounts: Literal["all"] | tuple[Account, ...] = "all"
    regions: Literal["all"] | tuple[Region, ...] = "all"
    servers: tuple[Srvid, ...] = ()
    whole: tuple[Account, ...] = ()
    tags: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    benchmarks: tuple[str, ...] = Field(default=("kisa-2021",), min_length=1)
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerId:
    """A server's identity: ``srvid`` is ``{account}/{region}/{instance-id}``."""

    account: str
    region: str
    instance_id: str

    @classmethod
    def parse(cls, srvid: str) -> ServerId:
        """Read ``111111111111/ap-northeast-2/i-0123456789abcdef0``.

        Raises
        ------
        ScopeError
            When the text has another form.
        """
        match = SRVID.fullmatch(srvid)
        if match is None:
            message = f"{srvid!r} is no server id; write account/region/instance-id"
            raise ScopeError(message)
        return cls(*match.groups())

    @property
    def srvid(self) -> str:
        """The id as text."""
        return f"{self.account}/{self.region}/{self.instance_id}"


def carries_tags(tags: Mapping[str, str], wanted: Mapping[str, Sequence[str]]) -> bool:
    """Whether there is one of the values of every wanted tag; a tag without values asks for the key alone."""
    return all(key in tags and (not values or tags[key] in values) for key, values in wanted.items())


NO_REASON: Final = Text("", "")


@dataclass(frozen=True, slots=True)
class Target:
    """One expected server of an assessment and what became of it.

    ``os`` is the pretty name that the probe read, empty before it ran.
    """

    server: ServerId
    status: TargetStatus
    reason: Text = NO_REASON
    name: str = ""
    platform: str = ""
    os: str = ""
    collected_at: str = ""


_ID: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}")


def assessment_id(started: datetime, seed: str) -> str:
    """Make the id of an assessment: sortable, and the same for the same trigger.

    Parameters
    ----------
    started
        When it was triggered, UTC: for a schedule the scheduled time, not the clock's.
    seed
        What tells two assessments of one second apart, e.g. the execution's ARN or the schedule's.

    Examples
    --------
    >>> from datetime import datetime, UTC
    >>> assessment_id(datetime(2026, 11, 22, 1, 30, tzinfo=UTC), "nightly")
    '20261122T013000Z-80e4'
    """
    suffix = hashlib.sha256(seed.encode()).hexdigest()[:4]
    return f"{started:%Y%m%dT%H%M%SZ}-{suffix}"


def is_assessment_id(text: str) -> bool:
    """Whether ``text`` has the form of an assessment id."""
    return _ID.fullmatch(text) is not None


def started_at(identity: str) -> datetime:
    """When an assessment was triggered, UTC, as its id says.

    Raises
    ------
    ScopeError
        When the text is no assessment id.
    """
    try:
        return datetime.strptime(identity[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        message = f"{identity!r} is no assessment id, such as 20261122T013000Z-7f3a"
        raise ScopeError(message) from error
