"""The HTML report: what a reader and a printer get, and what a hostile server cannot do to it."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from cce.assessment import TargetStatus
from cce.report.as_html import render_html
from cce.report.build import build_report
from cce.report.model import ServerResult
from cce.text import Text
from cce.verdict import Check, Fact, Verdict

if TYPE_CHECKING:
    from report_samples import Samples

_VOID = {"meta", "input", "br", "hr", "img", "link"}


class Page(HTMLParser):
    """Reads a page: fails on unbalanced tags, keeps texts, tags and ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def page(samples: Samples, *results: ServerResult, detail_limit: int = 200) -> Page:
    report = build_report(samples.run, results, benchmarks=[samples.benchmark], detail_limit=detail_limit)
    parsed = Page(render_html(report, csv_name="report.csv"))
    assert [] == parsed.open
    return parsed


def test_the_page_is_balanced_and_names_every_target_with_its_reason(samples: Samples) -> None:
    seen = page(
        samples,
        samples.result(1, U01=Verdict.VULNERABLE),
        samples.lost(2, TargetStatus.UNREACHABLE, "에이전트 오프라인", "the agent is offline"),
        samples.lost(3, TargetStatus.FAILED, "반쪽 문서", "half a document"),
        samples.lost(4, TargetStatus.SKIPPED, "제외 태그", "tagged to be skipped"),
    )

    for shown in (
        "web-0001",
        "web-0002",
        "the agent is offline",
        "web-0003",
        "half a document",
        "web-0004",
        "제외 태그",
    ):
        assert shown in seen.text


def test_many_servers_not_assessed_are_all_listed(samples: Samples) -> None:
    lost = [samples.lost(n, TargetStatus.UNREACHABLE, "오프라인", f"offline {n}") for n in range(60)]

    seen = page(samples, *lost)

    assert [] == [n for n in range(60) if f"offline {n}" not in seen.texts]


def test_the_first_page_shows_score_denominator_and_weights(samples: Samples) -> None:
    seen = page(samples, samples.result(1, U01=Verdict.VULNERABLE))

    first_page = seen.text[: seen.text.index("Results by item")]
    for shown in (
        "75.0 %",
        "3 good of 4 judged",
        "66.7 %",
        "weights High 3 · Medium 2 · Low 1",
        "2021.03",
        "U-01",
    ):
        assert shown in first_page


def test_every_text_stands_in_both_languages_and_a_switch_needs_no_script(samples: Samples) -> None:
    seen = page(samples, samples.result(1))

    languages = [attrs["lang"] for tag, attrs in seen.tags if tag == "span" and "lang" in attrs]
    assert languages.count("ko") == languages.count("en") > 50
    switches = {attrs["id"]: "checked" in attrs for tag, attrs in seen.tags if tag == "input"}
    assert {"show-ko": True, "show-en": False} == switches
    assert {"show-ko", "show-en"} == {attrs["for"] for tag, attrs in seen.tags if tag == "label"}
    assert "script" not in {tag for tag, _ in seen.tags}


def test_the_page_loads_nothing(samples: Samples) -> None:
    report = build_report(samples.run, [samples.result(1)], benchmarks=[samples.benchmark])
    html = render_html(report)

    assert not {"link", "img", "iframe", "object"} & {tag for tag, _ in Page(html).tags}
    assert "url(" not in html
    assert "@import" not in html
    assert "//" not in html


def test_links_lead_to_something_on_the_page(samples: Samples) -> None:
    seen = page(samples, *(samples.result(n, U01=Verdict.VULNERABLE) for n in range(3)))

    ids = {attrs["id"] for _, attrs in seen.tags if attrs.get("id")}
    links = {(attrs["href"] or "")[1:] for tag, attrs in seen.tags if tag == "a"}
    assert links
    assert set() == links - ids


def test_what_is_not_good_comes_first_for_each_server_and_sub_checks_fold(samples: Samples) -> None:
    seen = page(samples, samples.result(1, U51=Verdict.VULNERABLE, U08=Verdict.REVIEW, U01=Verdict.ERROR))

    details = seen.text[seen.text.index("Details by server") :]
    order = sorted(("U-01", "U-02", "U-08", "U-51"), key=lambda item: details.index(f"Reason of {item}."))
    assert ["U-51", "U-01", "U-08", "U-02"] == order
    assert 4 == details.count("1 sub-checks")


def test_zero_expected_servers_say_so_and_claim_no_percentage(samples: Samples) -> None:
    seen = page(samples)

    assert "The scope holds no server: nothing was assessed." in seen.text
    assert "100.0 %" not in seen.text
    assert "–" in seen.text


def test_an_empty_score_is_a_dash_with_the_reason(samples: Samples) -> None:
    verdicts = dict.fromkeys(("U01", "U02", "U08", "U51"), Verdict.ERROR)

    seen = page(samples, samples.result(1, **verdicts))

    assert "No score: no item was judged good or vulnerable." in seen.text
    assert "100.0 %" not in seen.text[seen.text.index("Score") : seen.text.index("Results by item")]


def test_of_500_servers_all_are_listed_and_the_worst_200_detailed_with_a_pointer_to_the_rest(
    samples: Samples,
) -> None:
    results = [samples.result(n, **({"U01": Verdict.VULNERABLE} if n > 400 else {})) for n in range(500)]

    seen = page(samples, *results)

    assert 200 == sum(tag == "article" for tag, _ in seen.tags)
    assert [] == [n for n in range(500) if f"web-{n:04d}" not in seen.texts]
    assert "Details of the worst 200 of 500 servers with verdicts; the CSV has the rest" in seen.text
    assert "(report.csv)" in seen.text


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</style><script>x</script>",
        "{{ 7*7 }}{% raw %}",
        "]]><!--",
    ],
)
def test_hostile_names_and_contents_are_text_never_markup(samples: Samples, hostile: str) -> None:
    fact = Fact(hostile, hostile)
    reason = Text(hostile, f"{hostile} ")
    verdict = samples.verdict(
        "U-01",
        Verdict.VULNERABLE,
        facts=(fact,),
        reason=reason,
        checks=(Check(Verdict.ERROR, reason, (fact,)),),
    )
    target = samples.target(1, name=hostile, os=hostile)

    seen = page(samples, ServerResult(target, {"kisa-2021": (verdict,)}, {"hostname": hostile}))

    assert not {"script", "img"} & {tag for tag, _ in seen.tags}
    assert seen.text.count(" ".join(hostile.split())) > 6


def test_control_and_bidi_characters_are_shown_as_escapes(samples: Samples) -> None:
    fact = Fact("/srv/\x1b[2J\u202egpj.exe\x00\x85\u200b", "a\nb")
    seen = page(
        samples,
        ServerResult(
            samples.target(1), {"kisa-2021": (samples.verdict("U-01", Verdict.VULNERABLE, facts=(fact,)),)}
        ),
    )

    assert not set("\x1b\u202e\x00\x85\u200b") & set("".join(seen.texts))
    assert r"/srv/\x1b[2J\u202egpj.exe\x00\x85\u200b" in seen.text
    assert r"a\nb" in seen.text


def test_an_assessed_server_without_verdicts_is_not_passed_over(samples: Samples) -> None:
    seen = page(samples, ServerResult(samples.target(1)))

    assert "no verdicts recorded" in seen.text


def test_two_editions_of_one_server_stand_side_by_side_and_every_anchor_is_unique(samples: Samples) -> None:
    newer = replace(samples.benchmark, id="kisa-2026", edition="2026", items_in_edition=67)
    then = samples.result(1, U01=Verdict.VULNERABLE)
    now = samples.result(1, U02=Verdict.VULNERABLE).verdicts["kisa-2021"]
    both = ServerResult(then.target, {**then.verdicts, newer.id: now})

    report = build_report(samples.run, [both], benchmarks=[samples.benchmark, newer])
    seen = Page(render_html(report))

    assert [75.0, 75.0] == [b.score.percent for b in report.benchmarks]
    assert [["U-01"], ["U-02"]] == [[i.id for i in b.worst_items] for b in report.benchmarks]
    assert "4 of 72 items" in seen.text
    assert "4 of 67 items" in seen.text
    ids = [attributes["id"] for _, attributes in seen.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    links = {str(a["href"])[1:] for _, a in seen.tags if str(a.get("href", "")).startswith("#")}
    assert set() == links - set(ids)


def test_an_item_that_needs_action_names_its_remedy_once_and_the_details_lead_to_it(samples: Samples) -> None:
    servers = [samples.result(n, U51=Verdict.VULNERABLE) for n in (1, 2)]
    seen = page(samples, *servers)

    assert 1 == seen.text.count("Remove ordinary groups without accounts")
    assert 1 == seen.text.count("Files of the group are left without one")
    assert 1 == seen.text.count("cce explain U-51 --benchmark kisa-2021")
    links = sum(attributes.get("href") == "#kisa-2021-U-51" for _, attributes in seen.tags)
    assert 3 == links, "one on the first page and one in the details of each server"
    assert "Remove ordinary groups" not in page(samples, samples.result(1)).text


def test_facts_in_our_own_words_stand_in_both_languages_and_say_how_many_they_are(samples: Samples) -> None:
    facts = (Fact("nfs", "not in use"), *(Fact(f"/etc/x:{n}", "a") for n in range(9)))
    verdict = samples.verdict("U-01", Verdict.VULNERABLE, facts=facts)
    result = samples.result(1)
    seen = page(samples, replace(result, verdicts={samples.benchmark.id: (verdict,)}))

    for said in ("사용하지 않음", "not in use", "증적 10건 중 6건 표시", "6 of 10 facts shown"):
        assert said in seen.text
