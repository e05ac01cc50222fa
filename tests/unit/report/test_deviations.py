"""Deviations from the guide are in every format, at the verdict and in a list with the servers counted."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cce.report.as_csv import render_csv
from cce.report.as_html import render_html
from cce.report.as_json import report_json
from cce.report.as_table import as_text, report_view, server_view
from cce.report.build import build_report
from cce.report.deviations import change_text, note_text
from cce.report.document import server_document
from cce.report.lines import VerdictRecord, read_verdict_line, verdict_line
from cce.text import Text
from cce.verdict import Deviation, Verdict

if TYPE_CHECKING:
    from cce.report.model import AssessmentReport, ServerResult
    from report_samples import Samples

EVERYWHERE = Text("모든 서버", "every server")
UNUSED = Deviation("unix.a", "unused", "good", "not_applicable", "미사용<b>", "SEC-1", EVERYWHERE)
STRICT = Deviation(
    "unix.u-02", "attempts", "10", "3", "exposed", "", Text("배스천", "bastions"), effect="tighter"
)
OFF = Deviation("", "", "judged", "off", "security groups", "", EVERYWHERE, effect="looser")


def _with(result: ServerResult, deviations: dict[str, Deviation]) -> ServerResult:
    rows = tuple(
        replace(v, deviations=(deviations[v.item],)) if v.item in deviations else v
        for v in result.verdicts["kisa-2021"]
    )
    return replace(result, verdicts={"kisa-2021": rows})


@pytest.fixture
def results(samples: Samples) -> list[ServerResult]:
    other_rule = replace(UNUSED, rule="unix.b")
    return [
        _with(samples.result(1), {"U-01": UNUSED, "U-08": other_rule, "U-02": STRICT}),
        _with(
            samples.result(2, U51=Verdict.NOT_APPLICABLE), {"U-01": UNUSED, "U-08": other_rule, "U-51": OFF}
        ),
        samples.result(3),
    ]


@pytest.fixture
def report(samples: Samples, results: list[ServerResult]) -> AssessmentReport:
    return build_report(replace(samples.run, tailoring="bank"), results, benchmarks=[samples.benchmark])


def test_items_that_differ_alike_are_one_row_with_its_servers_counted(report: AssessmentReport) -> None:
    assert [
        (("U-01", "U-08"), "unused", 2),
        (("U-02",), "attempts", 1),
        (("U-51",), "", 1),
    ] == [(row.items, row.deviation.parameter, row.servers) for row in report.deviations]


def test_the_json_has_the_list_the_name_and_each_verdicts_own(report: AssessmentReport) -> None:
    document = json.loads(json.dumps(report_json(report)))

    assert "bank" == document["assessment"]["tailoring"]
    assert {
        "benchmark": "kisa-2021",
        "items": ["U-02"],
        "parameter": "attempts",
        "guide": "10",
        "value": "3",
        "effect": "tighter",
        "reason": "exposed",
        "reference": "",
        "applies_ko": "배스천",
        "applies_en": "bastions",
        "servers": 1,
    } == document["deviations"][1]
    details = {server["name"]: server["details"]["kisa-2021"] for server in document["servers"]}
    assert [["unused"], ["attempts"], ["unused"], []] == [
        [d["parameter"] for d in verdict["tailored"]] for verdict in details["web-0001"]
    ]
    assert [[]] * 4 == [verdict["tailored"] for verdict in details["web-0003"]]


def test_the_document_of_one_server_has_them_too(samples: Samples, results: list[ServerResult]) -> None:
    verdicts = results[0].verdicts["kisa-2021"]
    document = server_document("web", samples.benchmark, "", verdicts, tailoring="bank")
    plain = server_document("web", samples.benchmark, "", results[2].verdicts["kisa-2021"])

    assert ("bank", 2) == (document["tailoring"], len(document["deviations"]))
    assert (None, []) == (plain["tailoring"], plain["deviations"])


def test_the_csv_says_at_each_row_what_is_different_and_why(
    samples: Samples, results: list[ServerResult]
) -> None:
    text = render_csv(results, benchmarks=[samples.benchmark], assessment_id="x").lstrip("\ufeff")
    notes = {(r["server_name"], r["item"]): r["tailored_en"] for r in csv.DictReader(io.StringIO(text))}

    assert "Not as the guide: attempts: 10 → 3 (tighter) - exposed" == notes["web-0001", "U-02"]
    assert "Not as the guide: switched off - security groups" == notes["web-0002", "U-51"]
    assert "" == notes["web-0003", "U-02"]


def test_the_html_shows_the_name_the_list_and_each_verdicts_note(report: AssessmentReport) -> None:
    html = render_html(report, language="en")

    assert "Judged by the tailoring &#39;bank&#39;: 3 deviations from the guide." in html
    assert 1 == html.count('<h2 id="deviations">')
    assert '<a href="#kisa-2021-U-02">U-02</a>' in html
    assert "미사용&lt;b&gt; [SEC-1]" in html
    assert "미사용<b>" not in html
    # at the item, and in the details of one server
    assert 2 == html.count("Not as the guide: attempts: 10 → 3 (tighter) - exposed")


def test_without_a_tailoring_no_format_says_a_word(samples: Samples) -> None:
    report = build_report(samples.run, [samples.result(1)], benchmarks=[samples.benchmark])

    assert "조직 기준 적용" not in render_html(report) + as_text(report_view(report))
    assert (None, []) == (report_json(report)["assessment"]["tailoring"], report_json(report)["deviations"])


def test_a_tailoring_that_changed_nothing_is_named_all_the_same(samples: Samples) -> None:
    run = replace(samples.run, tailoring="bank")
    report = build_report(run, [samples.result(1)], benchmarks=[samples.benchmark])

    assert "'bank' 적용: 가이드와 다른 기준 0건" in as_text(report_view(report))
    assert "tailoring &#39;bank&#39;: 0 deviations" in render_html(report)


@pytest.mark.parametrize(
    ("language", "heading"), [("ko", "조직 기준 적용 사항"), ("en", "Deviations from the guide")]
)
def test_the_terminal_lists_them_within_80_columns(
    samples: Samples, report: AssessmentReport, results: list[ServerResult], language: str, heading: str
) -> None:
    one = server_view(
        "web",
        samples.benchmark,
        "",
        results[0].verdicts["kisa-2021"],
        language=language,  # type: ignore[arg-type] # of the table
        tailoring="bank",
    )
    for text in (as_text(one), as_text(report_view(report, language=language))):  # type: ignore[arg-type]
        assert heading in text
        assert "attempts: 10 → 3" in text
        assert "exposed" in text


def test_a_long_value_is_cut_where_people_read() -> None:
    long = replace(STRICT, guide="x" * 500)

    assert 0 < len(change_text(long).ko) < 200
    assert "…" in change_text(long).en


def test_a_note_names_every_deviation() -> None:
    assert (
        "조직 기준 적용: attempts: 10 → 3 (강화) - exposed; 점검 제외 - security groups"
        == note_text([STRICT, OFF]).ko
    )


def test_a_verdict_line_brings_them_back_and_an_older_line_has_none(
    samples: Samples, results: list[ServerResult]
) -> None:
    verdict = results[0].verdicts["kisa-2021"][1]
    record = VerdictRecord(samples.target(1).server, "x", "kisa-2021", verdict, "", "1")
    line = json.loads(json.dumps(verdict_line(record)))

    assert record == read_verdict_line(line)
    del line["tailored"]
    assert () == read_verdict_line(line).verdict.deviations
