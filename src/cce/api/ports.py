"""What the API needs of the world; ``fleet`` and ``store`` give it, and each has an in-memory twin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cce.api.assets import Asset
    from cce.api.conditions import Condition
    from cce.findings.track import Track
    from cce.pipeline.records import AssessmentRecord, Listing, TargetRecord


class Inventory(Protocol):
    """The inventory table: what people and other systems say of servers."""

    def get(self, srvid: str) -> Asset | None:
        """Find a server."""

    def named(self, instance_id: str) -> list[str]:
        """The srvids that have that instance id, sorted."""

    def after(self, prefix: str, key: str) -> Iterator[Asset]:
        """Servers whose srvid begins with the prefix and is greater than the key, in that order."""

    def put(self, asset: Asset, condition: Condition) -> bool:
        """Write the whole record if the condition holds at that moment; ``False`` if not, and nothing is."""


class VerdictHistory(Protocol):
    """The verdicts table, read."""

    def newest(self, srvid: str, before: str = "") -> str:
        """The server's newest assessment with a verdict, or the newest before that one; empty if none."""

    def of(self, srvid: str, assessment_id: str) -> Sequence[Mapping[str, Any]]:
        """The verdicts of the server in the assessment, in the order of benchmark and item."""


class FindingHistory(Protocol):
    """The findings table, read."""

    def of(self, srvid: str) -> Sequence[Track]:
        """Every track of the server, sorted by its key."""


class AssessmentBook(Protocol):
    """The assessments table, read."""

    def get(self, assessment_id: str) -> AssessmentRecord | None:
        """Find an assessment."""

    def newest(self, before: str, limit: int) -> list[AssessmentRecord]:
        """Assessments, the newest first; only those before that id unless it is empty."""

    def targets(self, assessment_id: str) -> list[TargetRecord]:
        """Every expected server of the assessment."""

    def listings(self, assessment_id: str) -> list[Listing]:
        """The accounts that were listed or could not be."""


class Executions(Protocol):
    """The state machine."""

    def start(self, name: str, request: Mapping[str, Any]) -> bool:
        """Start an execution under that name; ``False`` if the name is taken."""

    def refusal(self, name: str) -> str | None:
        """Why the execution ended badly, empty if it did not; ``None`` if there is none of that name."""


class Reports(Protocol):
    """The data bucket, for readers of reports."""

    @property
    def bucket(self) -> str:
        """Name of the bucket."""

    def link(self, key: str, seconds: int) -> str:
        """A URL that opens the object for so long."""
