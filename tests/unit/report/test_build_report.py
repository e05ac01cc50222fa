"""What the numbers of a report mean."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cce.assessment import ServerId, TargetStatus
from cce.errors import BenchmarkError, RecordError
from cce.report.as_html import render_html
from cce.report.as_json import report_json
from cce.report.as_table import as_text, report_view
from cce.report.build import build_report, server_result
from cce.report.lines import VerdictRecord
from cce.report.model import ServerResult
from cce.verdict import Verdict

if TYPE_CHECKING:
    from report_samples import Samples

GOOD, VULNERABLE, ERROR = Verdict.GOOD, Verdict.VULNERABLE, Verdict.ERROR


@pytest.mark.row("R4", how="hub")
def test_every_expected_server_is_counted_and_listed_whatever_became_of_it(samples: Samples) -> None:
    results = [
        samples.result(1),
        samples.lost(2, TargetStatus.UNREACHABLE, "오프라인", "offline"),
        samples.lost(3, TargetStatus.FAILED, "반쪽 문서", "half a document"),
        samples.lost(4, TargetStatus.SKIPPED, "제외 태그", "tagged"),
    ]

    report = build_report(samples.run, results, benchmarks=[samples.benchmark])

    assert (4, 1) == (report.coverage.expected, report.coverage.assessed)
    assert 25.0 == report.coverage.percent
    assert ["web-0002", "web-0003", "web-0004"] == [s.target.name for s in report.not_assessed]
    assert 4 == sum(report.coverage.by_status.values())


def test_no_expected_server_is_no_percentage_at_all(samples: Samples) -> None:
    report = build_report(samples.run, [], benchmarks=[samples.benchmark])

    assert 0 == report.coverage.expected
    assert report.coverage.percent is None
    assert report.benchmarks[0].score.percent is None


def test_the_fleet_score_is_over_all_judged_pairs_and_leaves_unread_out_of_the_denominator(
    samples: Samples,
) -> None:
    results = [samples.result(1, U01=VULNERABLE, U02=ERROR), samples.result(2)]

    score = build_report(samples.run, results, benchmarks=[samples.benchmark]).benchmarks[0].score

    assert 7 == score.judged
    assert 1 == score.counts[ERROR]
    assert round(6 / 7 * 100, 1) == score.percent
    assert round(12 / 15 * 100, 1) == score.weighted


def test_worst_items_go_by_severity_times_vulnerable_servers(samples: Samples) -> None:
    results = [
        samples.result(1, U08=VULNERABLE, U51=VULNERABLE),
        samples.result(2, U08=VULNERABLE, U51=VULNERABLE),
        samples.result(3, U01=VULNERABLE, U51=VULNERABLE),
    ]

    benchmark = build_report(samples.run, results, benchmarks=[samples.benchmark]).benchmarks[0]

    assert ["U-08", "U-01", "U-51"] == [item.id for item in benchmark.worst_items]


def test_a_worst_finding_is_on_the_worst_server_and_counts_the_others(samples: Samples) -> None:
    results = [
        samples.result(1, U51=VULNERABLE),
        samples.result(2, U01=VULNERABLE, U51=VULNERABLE),
        samples.result(3, U51=VULNERABLE),
    ]

    findings = build_report(samples.run, results, benchmarks=[samples.benchmark]).benchmarks[0].worst_findings

    assert [("U-01", "web-0002", 0), ("U-51", "web-0002", 2)] == [
        (f.item, f.target.name, f.others) for f in findings
    ]


def test_an_item_names_the_servers_on_which_it_is_vulnerable_or_unread(samples: Samples) -> None:
    results = [samples.result(1, U01=VULNERABLE), samples.result(2, U01=ERROR), samples.result(3)]

    item = build_report(samples.run, results, benchmarks=[samples.benchmark]).benchmarks[0].items[0]

    assert ["web-0001"] == [label.split()[0] for label in item.servers[VULNERABLE]]
    assert ["web-0002"] == [label.split()[0] for label in item.servers[ERROR]]
    assert 2 == item.judged


def test_details_are_kept_of_the_worst_servers_only_and_all_are_still_listed(samples: Samples) -> None:
    results = (samples.result(n, **({"U01": VULNERABLE} if n == 321 else {})) for n in range(500))

    report = build_report(samples.run, results, benchmarks=[samples.benchmark], detail_limit=3)

    assert ["web-0321", "web-0000", "web-0001"] == [d.target.name for d in report.details]
    assert 500 == len(report.servers)
    assert VULNERABLE is report.servers[321].verdicts["kisa-2021"]["U-01"]


def test_a_server_that_comes_twice_is_an_error_because_counts_would_lie(samples: Samples) -> None:
    with pytest.raises(RecordError, match=r"web-0001 .* twice"):
        build_report(samples.run, [samples.result(1), samples.result(1)], benchmarks=[samples.benchmark])


def test_verdicts_of_a_benchmark_that_was_not_assessed_are_an_error(samples: Samples) -> None:
    stray = ServerResult(samples.target(1), {"kisa-1999": (samples.verdict("U-01", GOOD),)})

    with pytest.raises(BenchmarkError, match="kisa-1999"):
        build_report(samples.run, [stray], benchmarks=[samples.benchmark])


def test_an_item_the_edition_does_not_have_is_shown_by_its_id(samples: Samples) -> None:
    old = replace(samples.verdict("U-01", VULNERABLE), item="U-99")
    result = ServerResult(samples.target(1), {"kisa-2021": (old,)})

    items = build_report(samples.run, [result], benchmarks=[samples.benchmark]).benchmarks[0].items

    assert ("U-99", "U-99", 1) == (items[-1].id, items[-1].title.ko, items[-1].counts[VULNERABLE])


def test_records_of_another_server_are_refused(samples: Samples) -> None:
    other = ServerId("333333333333", "ap-northeast-2", "i-00000000000000009")
    record = VerdictRecord(other, "x", "kisa-2021", samples.verdict("U-01", GOOD), "", "1")

    with pytest.raises(RecordError, match="333333333333/ap-northeast-2/i-00000000000000009"):
        server_result(samples.target(1), [record])


def test_a_part_of_an_edition_is_not_taken_for_the_whole(samples: Samples) -> None:
    report = build_report(samples.run, [samples.result(1)], benchmarks=[samples.benchmark])

    assert (4, 72) == (len(report.benchmarks[0].items), report.benchmarks[0].items_in_edition)
    assert 72 == report_json(report)["benchmarks"][0]["items_in_edition"]
    assert "4 of 72 items" in render_html(report)
    assert "전체 72개 항목 중 4개" in render_html(report)
    assert "4 of 72 items" in as_text(report_view(report, language="en"))
