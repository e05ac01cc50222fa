"""The stored verdict line: Athena's columns, and the way back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cce.errors import RecordError
from cce.report.lines import VerdictRecord, read_verdict_line, verdict_line
from cce.text import Text
from cce.verdict import Check, Fact, ItemVerdict, Verdict

if TYPE_CHECKING:
    from report_samples import Samples


def record(samples: Samples, verdict: ItemVerdict | None = None) -> VerdictRecord:
    verdict = verdict or samples.verdict("U-01", Verdict.VULNERABLE)
    server = samples.target(1).server
    return VerdictRecord(server, samples.run.id, "kisa-2021", verdict, "2026-11-22T01:31:07Z", "1.0.0")


def test_a_line_has_the_columns_that_queries_rely_on(samples: Samples) -> None:
    line = verdict_line(record(samples))

    assert [
        "srvid",
        "account",
        "region",
        "instance_id",
        "assessment_id",
        "benchmark",
        "item",
        "rule",
        "severity",
        "verdict",
        "reason_ko",
        "reason_en",
        "evidence",
        "checks",
        "collected_at",
        "probe_version",
        "tailored",
    ] == list(line)
    assert "222222222222/ap-northeast-2/i-00000000000000001" == line["srvid"]
    assert [{"source": "/etc/ssh/sshd_config.d/10.conf:3", "value": "PermitRootLogin yes"}] == line[
        "evidence"
    ]


def test_a_line_survives_json_and_comes_back_as_the_same_record(samples: Samples) -> None:
    hostile = Fact("/srv/<script>\n\x1b[2J\u202e", 'a"b\\c\td')
    checks = (Check(Verdict.VULNERABLE, Text("취약", "bad"), (hostile,)), Check(Verdict.GOOD, Text("", "")))
    verdict = samples.verdict("U-01", Verdict.VULNERABLE, facts=(hostile,), checks=checks)
    original = record(samples, verdict)

    back = read_verdict_line(json.loads(json.dumps(verdict_line(original), ensure_ascii=False)))

    assert original == back


@pytest.mark.parametrize(
    "change",
    [{"verdict": "fine"}, {"severity": "high"}, {"evidence": None}, {"checks": [{}]}, {"reason_ko": 1}],
)
def test_a_malformed_line_is_refused_and_named(samples: Samples, change: dict[str, Any]) -> None:
    line = verdict_line(record(samples)) | change

    with pytest.raises(RecordError, match="i-00000000000000001 U-01 is malformed"):
        read_verdict_line(line)


def test_a_line_without_a_column_is_refused(samples: Samples) -> None:
    line = verdict_line(record(samples))
    del line["rule"]

    with pytest.raises(RecordError, match="rule"):
        read_verdict_line(line)
