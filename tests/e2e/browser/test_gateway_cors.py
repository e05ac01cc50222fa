"""Pages in a real browser call the gateway: what CORS lets them do and see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chromium import CHROMIUM, chromium
from gateway_server import Served, served
from gateway_world import cors, definition, fixed, to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Frame, Page

    from gateway_backend import Backend

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

_FETCH = """async ([url, options]) => {
  try {
    const answer = await fetch(url, options);
    return {status: answer.status, total: answer.headers.get("x-total"),
            origin: answer.headers.get("x-gw-origin"), body: await answer.text()};
  } catch (error) { return {error: error.name}; }
}"""

_NOT_ALLOWED = {"error": "TypeError"}


@pytest.fixture(scope="module")
def gateway(there: Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    known = cors(
        there.url,
        allow_methods=["GET", "PUT"],
        allow_headers=["x-nhn-date", "content-type"],
        expose_headers=["x-total"],
        allow_credentials=True,
    )
    total = {"response_headers": {"set": {"x-total": "7"}}}
    tree = {
        "/members": {"methods": {"GET": to("/cors", **total), "PUT": to("/cors", **total)}, "plugins": known},
        "/members/{id}": {"methods": {"GET": fixed(200, "{}")}, "plugins": known},
        "/open": {"methods": {"PUT": fixed(200, "{}")}, "plugins": cors("*", allow_methods=["PUT"])},
        "/plain": {"methods": {"GET": fixed(200, "{}")}},
    }
    stages = [
        {"backend": there.url},
        {"name": "shut", "backend": there.url, "ip_acl": {"mode": "deny", "entries": ["127.0.0.0/8"]}},
        {"name": "signed", "backend": there.url, "hmac": {"secret": "env:GATEWAY_SECRET"}},
    ]
    directory = tmp_path_factory.mktemp("gateway")
    with served(
        directory, definition(tree, *stages), GATEWAY_SECRET="cce-gateway-test-secret-00000001"
    ) as server:
        yield server


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser:
        shown = browser.new_context().new_page()
        shown.set_default_timeout(20_000)
        yield shown


def calls(there: Backend) -> list[str]:
    """What the backend was asked, but for what browsers ask of themselves."""
    return [asked for asked in there.asked if "/favicon.ico" not in asked]


def fetched(where: Page | Frame, url: str, **options: Any) -> dict[str, Any]:
    return dict(where.evaluate(_FETCH, [url, options]))


@pytest.mark.row("61", "64", "68", "70", "71", "72", "73", "74", how="local")
def test_a_page_of_a_known_origin(page: Page, there: Backend, gateway: Served) -> None:
    page.goto(f"{there.url}/page")
    before = len(calls(there))
    options = {"method": "PUT", "headers": {"x-nhn-date": "now"}, "credentials": "include"}
    got = fetched(page, f"{gateway.url}/members", **options)

    assert (200, "7", None) == (got["status"], got["total"], got["origin"]), "only what is exposed is seen"
    assert ["PUT /cors"] == calls(there)[before:], "the backend saw no preflight"
    assert "OPTIONS" in gateway.line('"httpMethod":"OPTIONS"')


@pytest.mark.row("70", "71", how="local")
@pytest.mark.parametrize(
    "options",
    [{"method": "DELETE"}, {"method": "PUT", "headers": {"x-other": "1"}}],
)
def test_what_the_preflight_does_not_grant(
    page: Page, there: Backend, gateway: Served, options: dict[str, Any]
) -> None:
    page.goto(f"{there.url}/page")
    before = len(calls(there))

    assert _NOT_ALLOWED == fetched(page, f"{gateway.url}/members", **options)
    assert [] == calls(there)[before:]


@pytest.mark.row("68", "69", how="local")
def test_a_page_of_another_origin(page: Page, there: Backend, gateway: Served) -> None:
    page.goto(f"http://localhost:{there.port}/page")

    assert _NOT_ALLOWED == fetched(page, f"{gateway.url}/members")
    before = len(calls(there))
    assert _NOT_ALLOWED == fetched(page, f"{gateway.url}/members", method="PUT")
    assert [] == calls(there)[before:]
    assert 200 == fetched(page, f"{gateway.url}/open", method="PUT")["status"]


@pytest.mark.row("69", how="local")
def test_the_origin_null(page: Page, there: Backend, gateway: Served) -> None:
    page.goto(f"{there.url}/page")
    page.evaluate(
        """() => new Promise(done => { const frame = document.createElement("iframe");
        frame.sandbox = "allow-scripts"; frame.srcdoc = "<p>"; frame.onload = done;
        document.body.append(frame); })"""
    )
    sandboxed = page.frames[-1]
    assert "null" == sandboxed.evaluate("() => self.origin")

    assert _NOT_ALLOWED == fetched(sandboxed, f"{gateway.url}/members")
    assert 200 == fetched(sandboxed, f"{gateway.url}/open", method="PUT")["status"]


@pytest.mark.row("129", "4041007", "4011008", how="local")
def test_refusals_are_seen_by_the_page(page: Page, there: Backend, gateway: Served) -> None:
    page.goto(f"{there.url}/page")
    for path, method, status, code in (
        ("signed/members", "GET", 401, "4011008"),
        ("signed/members", "PUT", 401, "4011008"),
        ("members/a", "PUT", 404, "4041007"),
    ):
        got = fetched(page, f"{gateway.url}/{path}", method=method)
        assert (status, True) == (got["status"], code in got["body"])


@pytest.mark.row("4031007", how="local")
def test_the_ip_acl_is_seen_where_no_preflight_comes_first(
    page: Page, there: Backend, gateway: Served
) -> None:
    page.goto(f"{there.url}/page")

    assert 403 == fetched(page, f"{gateway.url}/shut/members")["status"]
    assert _NOT_ALLOWED == fetched(page, f"{gateway.url}/shut/members", method="PUT")


@pytest.mark.row("61", how="local")
def test_without_the_plugin_a_page_sees_nothing(page: Page, there: Backend, gateway: Served) -> None:
    page.goto(f"{there.url}/page")

    assert _NOT_ALLOWED == fetched(page, f"{gateway.url}/plain")
