"""Which web pages may call: those of the origins that the operator names, never with credentials."""

from __future__ import annotations

import pytest

from cce.api.cors import Cors

CONSOLE, SECOND = "https://console.example", "https://second.example:8443"
ORIGINS = (
    CONSOLE,
    SECOND,
    "null",
    "https://evil.example",
    "HTTPS://CONSOLE.EXAMPLE",
    f"{CONSOLE}.evil.example",
)


def admitted(cors: Cors, origin: str | None) -> str | None:
    return cors.headers(origin).get("Access-Control-Allow-Origin")


@pytest.mark.parametrize("origin", [*ORIGINS, None])
def test_without_a_named_origin_there_is_no_cors(origin: str | None) -> None:
    assert {} == Cors().headers(origin)
    assert {"Allow": "GET, OPTIONS"} == Cors().preflight(origin, ["GET"]).headers


@pytest.mark.parametrize("origin", [*ORIGINS, None])
def test_only_a_named_origin_is_admitted_letter_by_letter(origin: str | None) -> None:
    cors = Cors((CONSOLE, SECOND))

    assert (origin if origin in {CONSOLE, SECOND} else None) == admitted(cors, origin)
    assert "Origin" == cors.headers(origin)["Vary"]
    asked = cors.preflight(origin, ["GET"]).headers
    assert ("Access-Control-Allow-Headers" in asked) is (origin in {CONSOLE, SECOND})


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_star_admits_every_page_and_repeats_none(origin: str) -> None:
    assert "*" == admitted(Cors(("*",)), origin) == admitted(Cors((CONSOLE, "*")), origin)
    assert "Vary" not in Cors(("*",)).headers(origin)


@pytest.mark.parametrize("origins", [(), ("*",), (CONSOLE,)])
def test_credentials_are_never_admitted(origins: tuple[str, ...]) -> None:
    cors = Cors(origins)
    told = {**cors.headers(CONSOLE), **cors.preflight(CONSOLE, ["GET"]).headers}

    assert "Access-Control-Allow-Credentials" not in told


def test_the_preflight_names_what_pages_send() -> None:
    asked = Cors((CONSOLE,)).preflight(CONSOLE, ["GET", "PUT"]).headers

    assert "GET, PUT, OPTIONS" == asked["Allow"] == asked["Access-Control-Allow-Methods"]
    wanted = {"x-api-key", "if-match", "if-none-match", "content-type", "authorization"}
    assert wanted == set(asked["Access-Control-Allow-Headers"].split(", "))


def test_a_page_reads_the_etag_and_the_location() -> None:
    exposed = Cors((CONSOLE,)).headers(CONSOLE)["Access-Control-Expose-Headers"]

    assert {"ETag", "Location"} <= set(exposed.split(", "))
