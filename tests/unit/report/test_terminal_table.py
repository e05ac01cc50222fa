"""The table of a terminal: 80 columns, Korean text, hostile names."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from rich.console import Console

from cce.assessment import TargetStatus
from cce.report.as_table import as_text, report_view, server_view
from cce.report.build import build_report
from cce.text import Text
from cce.verdict import Check, Fact, ItemVerdict, Verdict

if TYPE_CHECKING:
    from report_samples import Samples

LONG = Text(
    "원격접속을허용하는설정이발견되었으며이는기준에맞지않음" * 4 + " /" + "very-long-path/" * 12,
    "A setting that allows remote login was found. " * 6,
)


def verdicts(samples: Samples) -> list[ItemVerdict]:
    fact = Fact("/srv/" + "깊은경로/" * 30, "x" * 300)
    return [
        samples.verdict("U-51", Verdict.VULNERABLE, facts=(fact,) * 5, reason=LONG),
        samples.verdict("U-08", Verdict.ERROR, reason=LONG),
        samples.verdict("U-02", Verdict.GOOD),
        samples.verdict("U-01", Verdict.VULNERABLE, facts=(fact,), reason=LONG),
    ]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_line_is_wider_than_80_columns(samples: Samples, language: str) -> None:
    view = server_view("web-0001", samples.benchmark, "", verdicts(samples), language=language)  # type: ignore[arg-type]

    assert max(cell_len(line) for line in as_text(view).splitlines()) <= 80


def test_nothing_is_cut_off_to_fit(samples: Samples) -> None:
    rows = verdicts(samples)

    text = "".join(as_text(server_view("web-0001", samples.benchmark, "", rows)).split())

    assert 3 == text.count("".join(LONG.ko.split()))
    assert rows[0].facts[0].source in text
    assert rows[0].facts[0].value in text


def test_what_needs_action_shows_the_criterion_in_both_languages_and_counts_its_sub_checks(
    samples: Samples,
) -> None:
    checks = tuple(Check(v, Text("가", "a")) for v in (Verdict.VULNERABLE, Verdict.GOOD, Verdict.GOOD))
    rows = [samples.verdict("U-01", Verdict.VULNERABLE, checks=checks), samples.verdict("U-02", Verdict.GOOD)]

    text = as_text(server_view("web-0001", samples.benchmark, "", rows, language="en"), width=200)

    assert 1 == text.count("sub-checks: Vulnerable 1, Good 2")
    assert 1 == text.count("기준: 원격 터미널 서비스를 쓰지 않거나")
    assert 1 == text.count("Criterion: No remote terminal service runs")
    assert "cce explain ITEM --benchmark kisa-2021" in text


def test_rows_go_by_severity_and_within_it_the_worst_first(samples: Samples) -> None:
    text = as_text(server_view("web-0001", samples.benchmark, "", verdicts(samples)))

    rows = [line.split()[:3] for line in text.splitlines() if line.strip().startswith("U-")]
    assert [
        ["U-01", "상", "취약"],
        ["U-02", "상", "양호"],
        ["U-08", "중", "점검불가"],
        ["U-51", "하", "취약"],
    ] == rows


def test_the_score_stands_below_with_its_denominator(samples: Samples) -> None:
    text = as_text(server_view("web-0001", samples.benchmark, "", verdicts(samples)))

    assert "보안 적용률 33.3 % (양호 1 / 판정 3)" in text
    assert "점검불가 1" in text


def test_without_a_judged_item_there_is_no_score(samples: Samples) -> None:
    only_errors = [samples.verdict("U-01", Verdict.ERROR)]

    text = as_text(server_view("web-0001", samples.benchmark, "", only_errors, language="en"))

    assert "– No score: no item was judged good or vulnerable." in text


def test_names_cannot_write_to_the_terminal_or_use_markup(samples: Samples) -> None:
    fact = Fact("/srv/[red]x[/red]\x1b]0;owned\x07\u202e", "[/]")
    view = server_view(
        "web\x1b[2J", samples.benchmark, "", [samples.verdict("U-01", Verdict.VULNERABLE, facts=(fact,))]
    )
    console = Console(file=io.StringIO(), width=200, no_color=True, force_terminal=False)
    with console.capture() as capture:
        console.print(view)

    assert not set("\x1b\x07\u202e") & set(capture.get())
    assert r"/srv/[red]x[/red]\x1b]0;owned\x07\u202e → [/]" in capture.get()


def test_an_assessment_in_short_names_who_was_not_assessed_and_what_to_fix(samples: Samples) -> None:
    lost = samples.lost(2, TargetStatus.UNREACHABLE, "에이전트 오프라인", "offline")
    results = [samples.result(1, U01=Verdict.VULNERABLE), lost]
    report = build_report(samples.run, results, benchmarks=[samples.benchmark])

    text = as_text(report_view(report))

    for shown in ("대상 2", "진단완료 1", "접속불가 1", "web-0002", "에이전트 오프라인", "U-01", "web-0001"):
        assert shown in text
    assert max(cell_len(line) for line in text.splitlines()) <= 80


def test_an_assessment_of_no_server_says_so(samples: Samples) -> None:
    report = build_report(samples.run, [], benchmarks=[samples.benchmark])

    assert "This is not 100 %." in as_text(report_view(report, language="en"))


def test_a_korean_table_leaves_the_english_criterion_out_and_says_facts_in_korean(samples: Samples) -> None:
    facts = (Fact("nfs", "not in use"), *(Fact(f"/etc/x:{n}", "a\tb") for n in range(4)))
    rows = [samples.verdict("U-01", Verdict.VULNERABLE, facts=facts)]

    text = as_text(server_view("web-0001", samples.benchmark, "", rows), width=200)

    assert "기준: 원격 터미널 서비스를 쓰지 않거나" in text
    assert "Criterion" not in text
    assert "nfs → 사용하지 않음" in text
    assert "/etc/x:0 → a b" in text
    assert "증적 5건 중 3건 표시" in text
