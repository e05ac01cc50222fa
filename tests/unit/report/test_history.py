"""Findings over time are in every format: counted, and those that came back by name, with their dates."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cce.findings.change import change_of
from cce.report.as_csv import render_csv
from cce.report.as_html import render_html
from cce.report.as_json import report_json
from cce.report.build import build_report
from cce.verdict import Verdict
from finding_samples import E, G, V, at, days, followed

if TYPE_CHECKING:
    from cce.report.model import AssessmentReport, ServerResult
    from report_samples import Samples

BAD = Verdict.VULNERABLE


def _with(result: ServerResult, **lives: tuple[Verdict, ...]) -> ServerResult:
    """The server with what its items went through; the last verdict is that of this assessment."""
    changes = {}
    for name, verdicts in lives.items():
        tracks = days(*verdicts)
        changes["kisa-2021", f"U-{name[1:]}"] = change_of(followed(tracks), tracks[-1])
    return replace(result, changes={place: change for place, change in changes.items() if change})


@pytest.fixture
def results(samples: Samples) -> list[ServerResult]:
    return [
        _with(samples.result(1, U51=BAD, U02=BAD), U51=(V, G, V), U02=(V,), U08=(V, G), U01=(G, G)),
        _with(samples.result(2, U01=BAD, U02=Verdict.ERROR), U01=(V, G, V, G, V), U02=(V, E)),
        samples.result(3),
    ]


@pytest.fixture
def report(samples: Samples, results: list[ServerResult]) -> AssessmentReport:
    return build_report(samples.run, results, benchmarks=[samples.benchmark])


def test_findings_are_counted_and_recurrences_named_by_importance(report: AssessmentReport) -> None:
    (row,) = report_json(report)["findings"]

    assert {"recurred": 2, "new": 1, "open": 1, "fixed": 1, "open_unverified": 1}.items() <= row.items()
    assert [("U-01", "web-0002"), ("U-51", "web-0001")] == [
        (each["item"], each["name"]) for each in row["recurrences"]
    ]
    assert (at(0), at(3), f"{at(2)}; {at(4)}") == tuple(
        row["recurrences"][0][name] for name in ("first_seen", "fixed_at", "recurred_at")
    )


def test_the_csv_says_at_each_row_what_became_of_the_finding(
    samples: Samples, results: list[ServerResult]
) -> None:
    text = render_csv(results, benchmarks=[samples.benchmark], assessment_id="x").lstrip("\ufeff")
    rows = {(r["server_name"], r["item"]): r for r in csv.DictReader(io.StringIO(text))}

    def told(server: str, item: str) -> list[str]:
        names = ("finding", "finding_ko", "first_seen", "fixed_at", "recurred_at")
        return [rows[server, item][name] for name in names]

    assert ["recurred", "재발", at(0), at(1), at(2)] == told("web-0001", "U-51")
    assert ["fixed", "조치완료", at(0), at(1), ""] == told("web-0001", "U-08")
    assert ["new", "신규", at(0), "", ""] == told("web-0001", "U-02")
    assert [""] * 5 == told("web-0001", "U-01") == told("web-0003", "U-02")


@pytest.mark.row("R7", how="hub")
def test_the_html_names_recurrences_before_anything_else_that_is_wrong(report: AssessmentReport) -> None:
    html = render_html(report)

    came_back = html.index("재발한 취약점")
    assert came_back < html.index("지속 중 확인불가") < html.index("우선 조치 대상")
    assert "Findings that came back" in html
    section = html[came_back : html.index("우선 조치 대상")]
    assert [True] * 3 == [text in section for text in (at(0), at(3), f"{at(2)}; {at(4)}")]
    assert section.index("U-01") < section.index("U-51")


def test_more_recurrences_than_a_page_holds_are_counted_and_in_the_csv(samples: Samples) -> None:
    many = [_with(samples.result(number, U01=BAD), U01=(V, G, V)) for number in range(45)]
    html = render_html(build_report(samples.run, many, benchmarks=[samples.benchmark]), csv_name="report.csv")

    assert "외 5건" in html
    assert "and 5 more</span> (report.csv)" in html


def test_where_nobody_keeps_findings_no_format_says_a_word(samples: Samples) -> None:
    report = build_report(samples.run, [samples.result(1)], benchmarks=[samples.benchmark])

    assert [] == report_json(report)["findings"]
    assert "취약점 이력" not in render_html(report)


def test_a_fleet_without_findings_says_zero(samples: Samples) -> None:
    report = build_report(samples.run, [_with(samples.result(1))], benchmarks=[samples.benchmark])

    assert [0, 0, 0, 0] == [
        report_json(report)["findings"][0][k] for k in ("recurred", "new", "open", "fixed")
    ]
    assert "취약점 이력" in render_html(report)
