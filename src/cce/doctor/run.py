"""Runs the checks over a snapshot: findings, and what could not be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cce.doctor.checks import CHECKS
from cce.doctor.model import Gap

if TYPE_CHECKING:
    from cce.doctor.checks import Check
    from cce.doctor.checks.registry import Severity
    from cce.doctor.model import Snapshot
    from cce.text import Text

HEALTHY: Final = 0
FOUND: Final = 1
NOT_LOOKED: Final = 2

_ORDER: Final = ("high", "medium", "low")
_STATUS: Final = {HEALTHY: "healthy", FOUND: "findings", NOT_LOOKED: "not_looked"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: what was seen where; the check's meaning says why and what to do."""

    check: Check
    severity: Severity
    resource: str
    saw: Text


@dataclass(frozen=True, slots=True)
class Unlooked:
    """A check that could not judge, or not everything, and what it lacked."""

    check: Check
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Diagnosis:
    """What came out of all checks, the gravest first."""

    snapshot: Snapshot
    findings: tuple[Finding, ...]
    unlooked: tuple[Unlooked, ...]

    @property
    def exit_status(self) -> int:
        """0: all looked and found nothing; 1: something is wrong; 2: nothing found, but not all looked."""
        if self.findings:
            return FOUND
        return NOT_LOOKED if self.unlooked else HEALTHY

    @property
    def status(self) -> str:
        """The exit status in a word."""
        return _STATUS[self.exit_status]


def diagnose(snapshot: Snapshot) -> Diagnosis:
    """Run every check whose parts of the snapshot were read."""
    findings: list[Finding] = []
    unlooked: list[Unlooked] = []
    for check in sorted(CHECKS.values(), key=lambda c: c.meaning.id):
        gaps = [gap for part in check.needs for gap in snapshot.gaps.get(part, ())]
        if not gaps:
            for seen in check.judge(snapshot):
                if isinstance(seen, Gap):
                    gaps.append(seen)
                else:
                    severity = seen.severity or check.meaning.severity
                    findings.append(Finding(check, severity, seen.resource, seen.text))
        if gaps:
            unlooked.append(Unlooked(check, tuple(dict.fromkeys(gaps))))
    findings.sort(key=lambda f: _ORDER.index(f.severity))
    return Diagnosis(snapshot, tuple(findings), tuple(unlooked))


def document(diagnosis: Diagnosis) -> dict[str, Any]:
    """The diagnosis for programs, as ``--json`` and the Lambda answer it."""
    return {
        "status": diagnosis.status,
        "exit_status": diagnosis.exit_status,
        "region": diagnosis.snapshot.region,
        "account": diagnosis.snapshot.account,
        "vpcs": sorted(diagnosis.snapshot.vpcs),
        "apis": [api.id for api in diagnosis.snapshot.apis],
        "checks": sorted(CHECKS),
        "findings": [
            {
                "id": f.check.meaning.id,
                "severity": f.severity,
                "resource": f.resource,
                "title": f.check.meaning.title.text._asdict(),
                "saw": f.saw._asdict(),
                "why": f.check.meaning.why.text._asdict(),
                "do": f.check.meaning.do.text._asdict(),
            }
            for f in diagnosis.findings
        ],
        "not_looked": [
            {
                "id": u.check.meaning.id,
                "title": u.check.meaning.title.text._asdict(),
                "missing": [{"action": gap.action, "reason": gap.reason} for gap in u.gaps],
            }
            for u in diagnosis.unlooked
        ],
    }
