"""Report: count every expected server, score, write the report. The last step, whatever happened before."""

from __future__ import annotations

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from cce.assessment import Outcome, Scope, TargetStatus
from cce.errors import ScopeError, StoreError
from cce.pipeline.findings import changes_of
from cce.pipeline.plan import accounts_key_of
from cce.pipeline.records import Listing
from cce.pipeline.tailoring import benchmarks_of, snapshot_key_of
from cce.report.as_csv import render_csv
from cce.report.as_html import render_html
from cce.report.as_json import render_json
from cce.report.build import build_report, server_result
from cce.report.lines import read_verdict_line
from cce.report.model import Run
from cce.report.scope import scope_text
from cce.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cce.pipeline.ports import Assessments, Findings, Objects
    from cce.pipeline.records import AssessmentRecord, TargetRecord
    from cce.report.lines import VerdictRecord
    from cce.report.model import AssessmentReport, ServerResult

#: Servers whose verdicts are read from S3 at the same time.
_READERS: Final = 16

#: Reports show the time of those who read them.
_ZONE: Final = ZoneInfo("Asia/Seoul")

_UNLISTED: Final = Text(
    "서버 목록 조회가 끝나지 않음",
    "Listing its servers did not come to an end; see the state machine's history.",
)
_NO_RESULT: Final = Text("제한 시간 안에 결과가 없음", "No result came within the time limit.")


@dataclass(frozen=True, slots=True)
class Reporter:
    """Writes the report of an assessment and says how it ended."""

    objects: Objects
    assessments: Assessments
    findings: Findings
    clock: Callable[[], datetime]

    def report(self, assessment_id: str) -> dict[str, Any]:
        """Count, score and write; doing it again replaces the report.

        Returns
        -------
        dict
            ``assessment_id``, ``outcome``, ``expected``, each target status with its number,
            ``accounts_unreachable``, ``scores`` by benchmark (``percent``, ``judged``), ``findings`` by
            benchmark (``recurred``, ``new``, ``open``, ``fixed``), ``report``: keys.

        Raises
        ------
        ScopeError
            When there is no such assessment.
        """
        record = self.assessments.get(assessment_id)
        if record is None:
            message = f"there is no assessment {assessment_id!r}"
            raise ScopeError(message)
        targets = [self._settled(target) for target in self.assessments.targets(assessment_id)]
        gaps = self._gaps(assessment_id)
        ended = self.clock()
        outcome = outcome_of([t.status for t in targets], gaps)
        report = self._build(record, targets, gaps, outcome, ended)
        keys = self._write(record, report, targets)
        self.assessments.end(assessment_id, outcome.value, ended.isoformat(timespec="seconds"))
        return _summary(assessment_id, outcome, report, keys)

    def _settled(self, target: TargetRecord) -> TargetRecord:
        """A target that still waits got no answer: its child timed out, or its message was lost."""
        if target.status is not TargetStatus.WAITING:
            return target
        if self.assessments.finish(ended := target.ended(TargetStatus.FAILED, _NO_RESULT)):
            return ended
        return self.assessments.target(target.assessment_id, target.srvid) or ended

    def _gaps(self, assessment_id: str) -> list[Listing]:
        """Every planned account that was not listed to its end, whatever stopped it."""
        planned = json.loads(self.objects.get(accounts_key_of(assessment_id)) or b"[]")
        listings = {entry.place: entry for entry in self.assessments.listings(assessment_id)}
        for job in planned:
            missing = Listing(assessment_id, job["account"], job["region"], _UNLISTED.ko, _UNLISTED.en)
            listings.setdefault(missing.place, missing)
        return [entry for _, entry in sorted(listings.items()) if entry.reason_en]

    def _build(
        self,
        record: AssessmentRecord,
        targets: Sequence[TargetRecord],
        gaps: Sequence[Listing],
        outcome: Outcome,
        ended: datetime,
    ) -> AssessmentReport:
        scope = Scope.model_validate(record.scope)
        run = Run(
            id=record.assessment_id,
            outcome=outcome,
            scope=scope_text(scope),
            started=datetime.fromisoformat(record.started_at).astimezone(_ZONE),
            finished=ended.astimezone(_ZONE),
            requested_by=record.requested_by,
            gaps=tuple((gap.place, Text(gap.reason_ko, gap.reason_en)) for gap in gaps),
            tailoring=record.tailoring,
        )
        return build_report(run, self._results(targets), benchmarks=benchmarks_of(scope))

    def _write(
        self, record: AssessmentRecord, report: AssessmentReport, targets: Sequence[TargetRecord]
    ) -> dict[str, str]:
        benchmarks = benchmarks_of(Scope.model_validate(record.scope))
        table = render_csv(self._results(targets), benchmarks=benchmarks, assessment_id=record.assessment_id)
        prefix = f"reports/{record.assessment_id}"
        keys = {
            "html": f"{prefix}/report.html",
            "csv": f"{prefix}/report.csv",
            "json": f"{prefix}/report.json",
        }
        self.objects.put(
            keys["html"], render_html(report, csv_name="report.csv").encode(), "text/html; charset=utf-8"
        )
        self.objects.put(keys["csv"], table.encode(), "text/csv; charset=utf-8")
        self.objects.put(keys["json"], render_json(report).encode(), "application/json")
        if record.tailoring and (body := self.objects.get(snapshot_key_of(record.assessment_id))):
            # Plans are kept for weeks, reports for years: with it the evidence can be judged again alike.
            keys["tailoring"] = f"{prefix}/tailoring.yaml"
            self.objects.put(keys["tailoring"], body, "application/yaml")
        return keys

    def _results(self, targets: Sequence[TargetRecord]) -> Iterator[ServerResult]:
        """Every server with its verdicts, a few at a time: ten thousand of them need little memory."""
        remaining = iter(targets)
        with ThreadPoolExecutor(_READERS) as pool:
            while chunk := list(islice(remaining, _READERS * 4)):
                yield from pool.map(self._result, chunk)

    def _result(self, target: TargetRecord) -> ServerResult:
        records = [record for key in target.verdict_keys for record in self._verdicts(key)]
        changes = changes_of(self.findings.of(target.srvid), records) if records else None
        return replace(server_result(target.target, records), changes=changes)

    def _verdicts(self, key: str) -> list[VerdictRecord]:
        body = self.objects.get(key)
        if body is None:
            message = f"s3://{self.objects.bucket}/{key} is missing, though the target says it was stored"
            raise StoreError(message)
        return [read_verdict_line(json.loads(line)) for line in gzip.decompress(body).splitlines()]


def outcome_of(statuses: Sequence[TargetStatus], gaps: Sequence[Listing]) -> Outcome:
    """How an assessment ended, from what became of its targets.

    ``empty``: nothing was expected. ``failed``: something was, and nothing could be assessed. ``partial``: a
    server or an account was not reached. ``complete``: everything else; a stopped server is no gap.
    """
    if not statuses and not gaps:
        return Outcome.EMPTY
    missing = bool(gaps) or bool({TargetStatus.FAILED, TargetStatus.UNREACHABLE} & set(statuses))
    if missing and TargetStatus.ASSESSED not in statuses:
        return Outcome.FAILED
    return Outcome.PARTIAL if missing else Outcome.COMPLETE


def _summary(
    assessment_id: str, outcome: Outcome, report: AssessmentReport, keys: dict[str, str]
) -> dict[str, Any]:
    return {
        "assessment_id": assessment_id,
        "outcome": outcome.value,
        "expected": report.coverage.expected,
        **{status.value: number for status, number in report.coverage.by_status.items()},
        "accounts_unreachable": len(report.run.gaps),
        "scores": {b.id: {"percent": b.score.percent, "judged": b.score.judged} for b in report.benchmarks},
        "findings": {
            row.benchmark: {kind.value: number for kind, number in row.counts.items()}
            for row in report.findings
        },
        "report": keys,
    }
