"""The page with charts in Chromium, before the statistics' operations on loopback."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from cce.gateway.records import ServiceRecord
from cce.gateway.statistics.tally import roll_up
from cce.store.memory_services import MemoryServices
from cce.store.statistics_file import FileStatistics
from chromium import CHROMIUM, chromium
from gateway_server import served
from gateway_world import definition, fixed
from statistics_samples import SEOUL, request
from statistics_server import Counted, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

KEY = "invented-key-of-the-page"
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """What opens a page in a new profile; any error of its script or policy fails the test."""
    problems: list[str] = []
    contexts = []

    def open_page(url: str, locale: str = "ko-KR", **more: Any) -> Page:
        context = browser.new_context(locale=locale, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if _is_problem(said.text) else None)
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [] == problems


def _is_problem(text: str) -> bool:
    return "Content Security Policy" in text or "Error" in text


@pytest.fixture
def book() -> FileStatistics:
    """Requests of the last hours, among them one whose path is an attempt to be markup."""
    now = datetime.now(UTC)
    seen = [request(at=now - timedelta(minutes=n), milliseconds=20) for n in range(3, 33)]
    seen += [request(at=now - timedelta(minutes=9), status=500, milliseconds=80)]
    nothing = {"method": "", "path": "", "status": 404, "answered_by": "gateway"}
    seen += [request(at=now - timedelta(minutes=9), milliseconds=20, **nothing)]
    seen += [request(at=now - timedelta(minutes=14), path="/<img src=x onerror=alert(1)>", milliseconds=20)]
    seen += [request(at=now - timedelta(hours=30), milliseconds=20)]
    seen += [request(at=now - timedelta(hours=3), stage="", service="f6g7h8i9j0")]
    book = FileStatistics()
    book.add("b1", roll_up(seen, SEOUL), now)
    return book


@pytest.fixture
def address(book: FileStatistics) -> Iterator[str]:
    with serving(Counted(lambda: datetime.now(UTC), book)) as url:
        yield url


def tiles(page: Page) -> list[str]:
    expect(page.locator(".tile")).to_have_count(6)
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "false")
    return page.locator(".tile b").all_inner_texts()


@pytest.mark.row("158", "160", "163", "164", "165", "166", "167", "170", "171", how="statistics")
def test_a_stage_is_shown_in_five_charts_each_with_its_table(
    opened: Callable[..., Page], address: str
) -> None:
    page = opened(address)

    assert ["33", "31", "2", "1", "21.8", "16.9 KB"] == tiles(page)
    expect(page.locator("section.chart")).to_have_count(5)
    expect(page.locator("#about")).to_contain_text("단위 1분")
    expect(page.locator("#about")).to_contain_text("Asia/Seoul")
    for section in page.locator("section.chart").all():
        assert section.locator("svg[role=img]").get_attribute("aria-label")
        assert 60 <= section.locator("tbody tr").count() <= 61
    assert page.locator("#chart_result svg rect.c-failure").count() == 1
    assert page.locator("#chart_groups svg rect.c-status_5xx").count() == 1
    assert page.locator("#chart_mean svg circle").count() == 30


@pytest.mark.row("158", "160", how="local")
def test_the_local_server_shows_its_own_calls_without_a_key(
    opened: Callable[..., Page], tmp_path: Path
) -> None:
    kept, now = tmp_path / "statistics.db", datetime.now(UTC)
    book = FileStatistics(kept)
    seen = [request(at=now - timedelta(minutes=n), service="members", stage="") for n in (3, 5)]
    book.add("before", roll_up(seen, SEOUL), now)
    book.close()
    file = definition({"/custom": {"methods": {"GET": fixed(204)}}})
    with served(tmp_path, file, "--statistics", str(kept)) as server:
        page = opened(f"{server.url}/-/dashboard")

        assert ["2", "2", "0"] == tiles(page)[:3]
        expect(page.locator("#key-form")).to_be_hidden()
        page.locator("#tab-resources").click()
        expect(page.locator("#table_resources tbody tr")).to_have_count(1)


@pytest.mark.row("160", "168", "169", "172", "173", how="statistics")
def test_resources_are_shown_by_method_and_path_as_text(opened: Callable[..., Page], address: str) -> None:
    page = opened(address, locale="en-US")
    tiles(page)
    page.get_by_role("tab", name="Resource statistics").click()

    table = page.locator("#table_resources")
    expect(table.locator("tbody tr")).to_have_count(3)
    rows = [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]
    assert ["–", "(none)", "0", "1", "0", "0", "1", "0", "1", "20", "512 B"] == rows[0]
    assert "/<img src=x onerror=alert(1)>" == rows[1][1]
    assert ["GET", "/members/{memberId}", "30", "1", "30", "0", "0", "1", "0", "21.9", "15.9 KB"] == rows[2]
    expect(page.locator("main img")).to_have_count(0)
    expect(page.locator("#chart_resources svg text.name")).to_have_count(3)


@pytest.mark.row("163", how="statistics")
@pytest.mark.parametrize(
    ("name", "unit"),
    [("1 day", "10 minutes"), ("1 week", "1 hour"), ("30 days", "1 day"), ("3 months", "1 day")],
)
def test_the_range_decides_the_unit(opened: Callable[..., Page], address: str, name: str, unit: str) -> None:
    page = opened(address, locale="en-US")
    page.get_by_role("radio", name=name).check()

    expect(page.locator("#about")).to_contain_text(f"Unit {unit}")
    expect(page.locator("#problem")).to_be_hidden()


@pytest.mark.row("161", how="statistics")
def test_a_range_of_ones_own_is_in_the_zone_of_the_statistics_and_is_checked(
    opened: Callable[..., Page], address: str
) -> None:
    page = opened(address, locale="en-US", timezone_id="America/New_York")
    page.get_by_role("radio", name="Custom").check()
    now = datetime.now(SEOUL)
    day = (now - timedelta(days=2)).strftime("%Y-%m-%d")
    page.locator("#from").fill(f"{day}T10:00")
    page.locator("#to").fill(f"{day}T11:00")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#about")).to_contain_text(f"{day}, 10:00 – {day}, 11:00 · Unit 1 minute")

    page.locator("#to").fill(f"{day}T09:00")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#problem")).to_have_text("The start must lie before the end.")
    page.locator("#from").fill("2020-01-01T00:00")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#problem")).to_contain_text("last 3 months")


@pytest.mark.row("162", how="statistics")
def test_points_that_do_not_exist_yet_are_said_to(opened: Callable[..., Page], address: str) -> None:
    page = opened(f"{address}#range=1w&lang=en")
    tiles(page)

    newest = page.locator("#chart_result tbody tr").first
    expect(newest).to_contain_text("Not yet")
    expect(page.locator("#chart_result svg rect.later")).to_have_count(1)


def test_an_address_with_a_range_that_there_is_not_shows_the_last_hour(
    opened: Callable[..., Page], address: str
) -> None:
    page = opened(f"{address}#range=toString&lang=en")
    tiles(page)

    expect(page.locator("#problem")).to_be_empty()


@pytest.mark.row("159", how="statistics")
def test_a_service_and_stage_are_chosen_and_stand_in_the_address(
    opened: Callable[..., Page], address: str
) -> None:
    page = opened(f"{address}#lang=en")
    tiles(page)
    page.locator("#service").select_option("f6g7h8i9j0")
    expect(page.locator("#stage")).to_have_text("(default stage)")
    expect(page.locator("#panel")).to_contain_text("There were no calls in this period.")
    page.get_by_role("radio", name="1 day").check()
    expect(page.locator(".tile b").first).to_have_text("1")

    again = opened(page.url)
    expect(again.locator(".tile b").first).to_have_text("1")


def called(**names: str) -> MemoryServices:
    """Services of these names by the ids of their APIs."""
    return MemoryServices(
        {ServiceRecord(id=api[::-1], name=name, api=api): () for api, name in names.items()}
    )


@pytest.mark.row("158", "159", how="local")
@pytest.mark.parametrize("width", [400, 1280])
def test_the_page_says_by_name_which_service_and_stage_it_shows(
    opened: Callable[..., Page], book: FileStatistics, width: int
) -> None:
    long = "Customer portal of the retail bank, and of others"
    services = called(a1b2c3d4e5="회원 서비스", f6g7h8i9j0=long)
    with serving(Counted(lambda: datetime.now(UTC), book, services=services)) as url:
        page = opened(f"{url}#service=a1b2c3d4e5", viewport={"width": width, "height": 900})
        tiles(page)
        assert ["회원 서비스", long] == page.locator("#service option").all_inner_texts()
        expect(page.locator("#place")).to_have_text("서비스 회원 서비스 스테이지 prod")
        expect(page.locator("#about")).to_contain_text("API a1b2c3d4e5 · ")
        expect(page).to_have_title("회원 서비스 · prod – API 통계")

        page.locator("#service").select_option(label=long)
        expect(page.locator("#place")).to_have_text(f"서비스 {long} 스테이지 (기본 스테이지)")
        right = page.locator("#service").evaluate("select => select.getBoundingClientRect().right")
        assert right <= width == page.evaluate("document.documentElement.scrollWidth")


def test_services_of_one_name_and_of_none_are_told_apart_by_their_ids(
    opened: Callable[..., Page], book: FileStatistics
) -> None:
    for names, expected in (
        ({"a1b2c3d4e5": "회원"}, ["f6g7h8i9j0", "회원"]),
        ({"a1b2c3d4e5": "회원", "f6g7h8i9j0": "회원"}, ["회원 (a1b2c3d4e5)", "회원 (f6g7h8i9j0)"]),
    ):
        with serving(Counted(lambda: datetime.now(UTC), book, services=called(**names))) as url:
            page = opened(f"{url}#lang=en")
            tiles(page)
            assert expected == page.locator("#service option").all_inner_texts()


def test_words_change_without_a_question_and_the_language_follows_the_browser(
    opened: Callable[..., Page], address: str
) -> None:
    page = opened(address)
    tiles(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("API 통계")
    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("API statistics")
    assert "en" == page.locator("html").get_attribute("lang")
    assert not re.search("[가-힣]", page.locator("main").inner_text())
    expect(opened(address, locale="de-DE").locator("html")).to_have_attribute("lang", "en")


def test_tabs_are_reached_by_the_keyboard(opened: Callable[..., Page], address: str) -> None:
    page = opened(f"{address}#lang=en")
    tiles(page)
    page.get_by_role("tab", name="Stage statistics").focus()
    page.keyboard.press("ArrowRight")

    expect(page.get_by_role("tab", name="Resource statistics")).to_be_focused()
    expect(page.locator("#table_resources")).to_be_visible()


def test_a_key_is_asked_for_where_one_is_wanted_and_kept_in_the_tab_alone(
    opened: Callable[..., Page], book: FileStatistics
) -> None:
    with serving(Counted(lambda: datetime.now(UTC), book, key=KEY)) as url:
        page = opened(f"{url}#lang=en")
        expect(page.locator("#content")).to_be_hidden()
        page.get_by_label("API key").fill("another")
        page.get_by_role("button", name="Continue").click()
        expect(page.locator("#problem")).to_have_text("The key was not accepted.")
        page.get_by_label("API key").fill(KEY)
        page.get_by_role("button", name="Continue").click()

        assert "33" == tiles(page)[0]
        assert KEY not in page.url
        assert [0, ""] == page.evaluate("[localStorage.length, document.cookie]")
        page.reload()
        assert "33" == tiles(page)[0]
        page.get_by_role("button", name="Forget the key").click()
        expect(page.locator("#key-form")).to_be_visible()
        assert 0 == page.evaluate("sessionStorage.length")


def test_without_statistics_the_page_says_so(opened: Callable[..., Page]) -> None:
    with serving(Counted(lambda: datetime.now(UTC), FileStatistics())) as url:
        page = opened(url)

        expect(page.locator("#problem")).to_contain_text("아직 집계된 호출이 없습니다")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_nothing_runs_out_of_the_page_and_text_has_contrast(
    opened: Callable[..., Page], address: str, scheme: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    page = opened(f"{address}#tab=resources", color_scheme=scheme, viewport=size)
    tiles(page)

    assert width == page.evaluate("document.documentElement.scrollWidth")
    ink = page.evaluate("getComputedStyle(document.querySelector('#about')).color")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert _contrast(ink, paper) >= 4.5  # WCAG 2.2, 1.4.3


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(part) / 255 for part in re.findall(r"\d+", colour)[:3])
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
