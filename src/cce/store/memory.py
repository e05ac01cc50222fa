"""The store in memory: the twin of the adapters, for tests of the steps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cce.assessment import ServerId, TargetStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cce.api.assets import Asset
    from cce.api.conditions import Condition
    from cce.findings.track import Track
    from cce.pipeline.records import AssessmentRecord, Listing, ServerRecord, TargetRecord


@dataclass
class MemoryObjects:
    """Objects in a dict; see :class:`cce.pipeline.ports.Objects`."""

    bucket: str = "memory"
    bodies: dict[str, bytes] = field(default_factory=dict)

    def put(self, key: str, body: bytes, content_type: str = "application/json") -> None:  # noqa: ARG002 - the port's
        """Write or replace an object."""
        self.bodies[key] = body

    def put_new(self, key: str, body: bytes) -> bool:
        """Write an object once; ``False`` if the key was taken."""
        return self.bodies.setdefault(key, body) is body

    def link(self, key: str, seconds: int) -> str:
        """A URL that opens the object for so long."""
        return f"https://{self.bucket}.example/{key}?expires={seconds}"

    def get(self, key: str, limit: int = 1 << 30) -> bytes | None:
        """Read an object, at most ``limit`` bytes of it; ``None`` if there is none."""
        body = self.bodies.get(key)
        return None if body is None else body[:limit]


@dataclass
class MemoryAssessments:
    """Assessments in dicts; see :class:`cce.pipeline.ports.Assessments`."""

    records: dict[str, AssessmentRecord] = field(default_factory=dict)
    entries: dict[tuple[str, str], TargetRecord] = field(default_factory=dict)
    account_listings: dict[tuple[str, str], Listing] = field(default_factory=dict)

    def claim(self, record: AssessmentRecord) -> AssessmentRecord:
        """Enter the assessment unless it is there; return the one that is there then."""
        return self.records.setdefault(record.assessment_id, record)

    def get(self, assessment_id: str) -> AssessmentRecord | None:
        """Find an assessment."""
        return self.records.get(assessment_id)

    def end(self, assessment_id: str, outcome: str, ended_at: str) -> None:
        """Note how the assessment ended."""
        record = self.records[assessment_id]
        self.records[assessment_id] = replace(record, outcome=outcome, ended_at=ended_at)

    def add_targets(self, targets: Iterable[TargetRecord]) -> None:
        """Enter expected servers."""
        self.entries |= {(t.assessment_id, t.srvid): t for t in targets}

    def add_listing(self, listing: Listing) -> None:
        """Note that an account's servers were listed, or why they could not be."""
        self.account_listings[listing.assessment_id, listing.place] = listing

    def newest(self, before: str, limit: int) -> list[AssessmentRecord]:
        """Assessments, the newest first; only those before that id unless it is empty."""
        found = sorted((r for key, r in self.records.items() if not before or key < before), key=_id_of)
        return found[::-1][:limit]

    def targets(self, assessment_id: str) -> list[TargetRecord]:
        """Every expected server of the assessment, sorted by srvid."""
        found = [t for (identity, _), t in self.entries.items() if identity == assessment_id]
        return sorted(found, key=lambda t: t.srvid)

    def listings(self, assessment_id: str) -> list[Listing]:
        """The accounts that were listed or could not be."""
        return [entry for (identity, _), entry in self.account_listings.items() if identity == assessment_id]

    def target(self, assessment_id: str, srvid: str) -> TargetRecord | None:
        """Find one target."""
        return self.entries.get((assessment_id, srvid))

    def claim_target(self, assessment_id: str, srvid: str, task_token: str, now: str) -> bool:
        """Take a waiting target for sending; ``False`` if it was taken or ended before."""
        target = self.target(assessment_id, srvid)
        if target is None or target.step or target.status is not TargetStatus.WAITING:
            return False
        self._set(replace(target, step="claimed", task_tokens=(task_token,), claimed_at=now))
        return True

    def add_token(self, assessment_id: str, srvid: str, task_token: str) -> None:
        """Note the token of a repeated message too."""
        target = self.entries[assessment_id, srvid]
        self._set(replace(target, task_tokens=tuple(sorted({*target.task_tokens, task_token}))))

    def release_target(self, assessment_id: str, srvid: str) -> None:
        """Undo a claim whose command was certainly not sent."""
        self._change_waiting(assessment_id, srvid, step="", claimed_at="")

    def mark_sent(self, assessment_id: str, srvid: str, command_id: str, deadline: str) -> None:
        """Note the command that runs on the server."""
        self._change_waiting(assessment_id, srvid, step="sent", command_id=command_id, deadline=deadline)

    def mark_handed(self, assessment_id: str, srvid: str, now: str) -> None:
        """Note that reconcile handed the ended command to collect."""
        self._change_waiting(assessment_id, srvid, handed_at=now)

    def finish(self, record: TargetRecord) -> bool:
        """Give the target its final status; ``False`` if it had one, which stays."""
        target = self.target(record.assessment_id, record.srvid)
        if target is None or target.status is not TargetStatus.WAITING:
            return False
        names = ("status", "reason_ko", "reason_en", "os", "collected_at", "verdict_keys")
        self._set(replace(target, **{name: getattr(record, name) for name in names}))
        return True

    def open_targets(self) -> Iterator[TargetRecord]:
        """Targets of all assessments that are claimed or sent and not ended."""
        yield from [t for t in self.entries.values() if t.step and t.status is TargetStatus.WAITING]

    def _change_waiting(self, assessment_id: str, srvid: str, **changes: str) -> None:
        target = self.target(assessment_id, srvid)
        if target is not None and target.status is TargetStatus.WAITING:
            self._set(replace(target, **changes))  # type: ignore[arg-type] # only text fields change

    def _set(self, target: TargetRecord) -> None:
        self.entries[target.assessment_id, target.srvid] = target


@dataclass
class MemoryServers:
    """Servers in a dict; see :class:`cce.pipeline.ports.Servers`."""

    records: dict[str, ServerRecord] = field(default_factory=dict)

    def known(self, account: str, region: str) -> list[ServerRecord]:
        """Servers of an account that an earlier assessment saw."""
        servers = ((ServerId.parse(r.srvid), r) for r in self.records.values())
        return [r for server, r in servers if (server.account, server.region) == (account, region)]

    def assessed(self, record: ServerRecord) -> None:
        """Note the newest assessment of a server."""
        known = self.records.get(record.srvid)
        if known is None or known.assessment_id <= record.assessment_id:
            self.records[record.srvid] = record


@dataclass
class MemoryVerdicts:
    """Verdict lines in a dict; see :class:`cce.pipeline.ports.Verdicts`."""

    lines: dict[tuple[str, str, str, str], Mapping[str, Any]] = field(default_factory=dict)

    def add(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """Enter the verdict lines of one server."""
        for line in lines:
            self.lines[line["srvid"], line["assessment_id"], line["benchmark"], line["item"]] = line

    def newest(self, srvid: str, before: str = "") -> str:
        """The server's newest assessment with a verdict, or the newest before that one; empty if none."""
        ids = {key[1] for key in self.lines if key[0] == srvid}
        return max((i for i in ids if not before or i < before), default="")

    def of(self, srvid: str, assessment_id: str) -> list[Mapping[str, Any]]:
        """The verdicts of the server in the assessment, in the order of benchmark and item."""
        keys = sorted(key for key in self.lines if key[:2] == (srvid, assessment_id))
        rows = [self.lines[key] for key in keys]
        return [{**row, "tailored": len(row.get("tailored", ()))} for row in rows]


@dataclass
class MemoryFindings:
    """Tracks in a dict; see :class:`cce.pipeline.ports.Findings`."""

    tracks: dict[tuple[str, str], Track] = field(default_factory=dict)

    def of(self, srvid: str) -> list[Track]:
        """Every track of the server, sorted by its key."""
        return [self.tracks[key] for key in sorted(self.tracks) if key[0] == srvid]

    def save(self, changes: Sequence[tuple[Track | None, Track]]) -> bool:
        """Put a track in the place of what was read; ``False`` if that is not there any more."""
        if any(self.tracks.get((new.srvid, new.key)) != old for old, new in changes):
            return False
        self.tracks |= {(new.srvid, new.key): new for _, new in changes}
        return True


@dataclass
class MemoryInventory:
    """The inventory in a dict; see :class:`cce.api.ports.Inventory`."""

    assets: dict[str, Asset] = field(default_factory=dict)

    def get(self, srvid: str) -> Asset | None:
        """Find a server."""
        return self.assets.get(srvid)

    def named(self, instance_id: str) -> list[str]:
        """The srvids that have that instance id, sorted."""
        return sorted(srvid for srvid in self.assets if srvid.endswith(f"/{instance_id}"))

    def after(self, prefix: str, key: str) -> Iterator[Asset]:
        """Servers whose srvid begins with the prefix and is greater than the key, in that order."""
        yield from (self.assets[s] for s in sorted(self.assets) if s.startswith(prefix) and s > key)

    def put(self, asset: Asset, condition: Condition) -> bool:
        """Write the whole record if the condition holds; ``False`` if not, and nothing is."""
        stored = self.assets.get(asset.srvid)
        if not condition.holds(stored.etag if stored else None):
            return False
        self.assets[asset.srvid] = asset
        return True


def _id_of(record: AssessmentRecord) -> str:
    return record.assessment_id
