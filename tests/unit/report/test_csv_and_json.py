"""Reports for programs: CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from cce.assessment import TargetStatus
from cce.report.as_csv import COLUMNS, csv_chunks, render_csv
from cce.report.as_json import render_json
from cce.report.build import build_report
from cce.report.document import server_document
from cce.report.model import ServerResult
from cce.report.safe import CELL_LIMIT
from cce.text import Text
from cce.verdict import Check, Fact, Verdict

if TYPE_CHECKING:
    from report_samples import Samples


def rows(text: str) -> list[dict[str, str]]:
    """The CSV as a spreadsheet's import reads it."""
    decoded = text.encode("utf-8").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(decoded, newline="")))


def csv_of(samples: Samples, *results: ServerResult) -> str:
    return render_csv(results, benchmarks=[samples.benchmark], assessment_id=samples.run.id)


def with_fact(samples: Samples, value: str) -> ServerResult:
    fact = Fact(value, "x")
    verdict = samples.verdict("U-01", Verdict.VULNERABLE, facts=(fact,), reason=Text(value, value))
    return ServerResult(samples.target(1), {"kisa-2021": (verdict,)})


def test_csv_begins_with_a_byte_order_mark_so_that_excel_shows_korean(samples: Samples) -> None:
    text = csv_of(samples, samples.result(1))

    assert text.encode("utf-8").startswith(b"\xef\xbb\xbfassessment_id,")
    assert "root 계정 원격 접속 제한" == rows(text)[0]["title_ko"]


def test_csv_has_one_row_per_item_and_one_for_a_server_without_verdicts(samples: Samples) -> None:
    lost = samples.lost(2, TargetStatus.UNREACHABLE, "오프라인", "offline")

    table = rows(csv_of(samples, samples.result(1, U02=Verdict.VULNERABLE), lost))

    assert ["U-01", "U-02", "U-08", "U-51", ""] == [row["item"] for row in table]
    assert ("vulnerable", "취약", "상") == tuple(table[1][k] for k in ("verdict", "verdict_ko", "severity"))
    assert ("unreachable", "offline", "") == tuple(
        table[4][k] for k in ("target_status", "target_reason_en", "verdict")
    )
    assert {len(COLUMNS)} == {len(row) for row in table}


def test_a_csv_row_names_the_criterion_in_both_languages_and_each_sub_check(samples: Samples) -> None:
    checks = (
        Check(Verdict.GOOD, Text("설정됨", "It is set."), (Fact("/etc/a:1", "x"), Fact("/etc/a:1", "y"))),
        Check(Verdict.VULNERABLE, Text("없음", "It is not."), ()),
    )
    verdict = samples.verdict("U-01", Verdict.VULNERABLE, checks=checks)

    row = rows(csv_of(samples, ServerResult(samples.target(1), {"kisa-2021": (verdict,)})))[0]

    assert samples.benchmark.items[0].data.criterion_ko == row["criterion_ko"]
    assert samples.benchmark.items[0].data.criterion_en == row["criterion_en"]
    assert "good: It is set. [/etc/a:1] | vulnerable: It is not. []" == row["checks"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", " =", "|"])
def test_no_csv_cell_is_a_formula(samples: Samples, start: str) -> None:
    row = rows(csv_of(samples, with_fact(samples, f"{start}cmd()")))[0]

    for column in ("reason_ko", "reason_en", "evidence"):
        assert not row[column].startswith(("=", "+", "-", "@", "\t", "\r", "＝", " ", "|"))


def test_csv_keeps_quotes_commas_and_line_feeds_inside_their_cell(samples: Samples) -> None:
    row = rows(csv_of(samples, with_fact(samples, '/srv/a,"b"\n=c')))[0]

    assert r'/srv/a,"b"\n=c: x' == row["evidence"]


def test_a_csv_cell_never_exceeds_what_excel_holds(samples: Samples) -> None:
    row = rows(csv_of(samples, with_fact(samples, "a" * 100_000)))[0]

    assert len(row["evidence"]) < CELL_LIMIT + 100
    assert row["evidence"].endswith("more characters)")


def test_csv_of_nothing_is_a_header(samples: Samples) -> None:
    assert [] == rows(csv_of(samples))
    assert ",".join(COLUMNS) == csv_of(samples).lstrip("\ufeff").strip()


def test_csv_comes_server_by_server(samples: Samples) -> None:
    chunks = csv_chunks(
        (samples.result(n) for n in range(3)), benchmarks=[samples.benchmark], assessment_id="x"
    )

    assert [1, 4, 4, 4] == [chunk.count("\r\n") for chunk in chunks]


def test_the_document_of_one_server_is_what_the_issue_promises(samples: Samples) -> None:
    verdicts = samples.result(1, U01=Verdict.VULNERABLE).verdicts["kisa-2021"]

    document = server_document("web-0001", samples.benchmark, "2026-11-22T01:31:07Z", verdicts)

    assert [
        "server",
        "benchmark",
        "collected_at",
        "tailoring",
        "deviations",
        "summary",
        "verdicts",
    ] == list(document)
    assert {
        "good": 3,
        "vulnerable": 1,
        "not_applicable": 0,
        "review": 0,
        "error": 0,
        "judged": 4,
        "score": 75.0,
        "weighted": 66.7,
    } == document["summary"]
    first = document["verdicts"][0]
    assert {
        "item",
        "title_ko",
        "title_en",
        "criterion_ko",
        "criterion_en",
        "rule",
        "severity",
        "verdict",
        "reason",
        "reason_ko",
        "evidence",
        "tailored",
        "checks",
        "remedies",
    } == set(first)
    assert ("U-01", "상", "vulnerable") == (first["item"], first["severity"], first["verdict"])
    assert samples.benchmark.items[0].data.criterion_en == first["criterion_en"]
    assert ["root-remote-login", "telnet-off"] == first["remedies"]


def test_the_json_report_holds_every_server_and_its_verdicts(samples: Samples) -> None:
    lost = samples.lost(2, TargetStatus.FAILED, "깨진 출력", "garbage")
    results = [samples.result(1, U08=Verdict.REVIEW), lost, samples.result(3)]

    report = build_report(samples.run, results, benchmarks=[samples.benchmark], detail_limit=1)
    document = json.loads(render_json(report))

    first, second, third = document["servers"]
    assert "review" == first["benchmarks"]["kisa-2021"]["verdicts"]["U-08"]
    assert ("failed", "garbage", {}, None) == tuple(
        second[k] for k in ("status", "reason", "benchmarks", "details")
    )
    assert "root 계정 원격 접속 제한" == first["details"]["kisa-2021"][0]["title_ko"]
    assert third["details"] is None
    remedies = document["benchmarks"][0]["items"][3]["remedies"]
    assert [("orphan-groups", "now")] == [(r["remedy"], r["takes_effect"]) for r in remedies]
    assert {"expected": 3, "assessed": 2, "failed": 1}.items() <= document["coverage"].items()


def test_json_shows_no_control_character_and_loses_none(samples: Samples) -> None:
    nasty = "/srv/a\x1b[31m\x9b\u202e\u2028b\ud800é한"
    report = build_report(samples.run, [with_fact(samples, nasty)], benchmarks=[samples.benchmark])

    text = render_json(report)

    assert not set("\x1b\x9b\u202e\u2028\ud800") & set(text)
    assert "é한" in text
    detail = json.loads(text)["servers"][0]["details"]["kisa-2021"][0]
    assert nasty == detail["evidence"][0]["source"]
