"""CORS: preflights, actual answers, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gateway_world import answered, cors, engine, fixed, refused, request, to

if TYPE_CHECKING:
    from cce.gateway.message import Headers

_PORTAL = "https://portal.example"
_PLUGIN = cors(
    _PORTAL,
    "http://portal.example:8080",
    allow_methods=["GET", "PUT"],
    allow_headers=["authorization", "x-nhn-date"],
    expose_headers=["x-total", "x-page"],
    allow_credentials=True,
    max_age=600,
)


def served(plugin: dict[str, Any] | None = None) -> Any:
    return engine(
        {"/members": {"methods": {"GET": to("/m"), "PUT": fixed(204)}, "plugins": plugin or _PLUGIN}}
    )


def preflight(origin: str, method: str = "PUT") -> Any:
    return request("OPTIONS", "/members", ("Origin", origin), ("Access-Control-Request-Method", method))


def of_cors(headers: Headers) -> dict[str, str]:
    names = [
        name for name, _ in headers if name.lower().startswith("access-control-") or name.lower() == "vary"
    ]
    assert len(set(names)) == len(names), "a header of CORS stands twice"
    return {name: headers.one(name) or "" for name in names}


@pytest.mark.row("61", "63", "64", "65", "68", "70", "71", "73", "74", "171", how="local")
def test_a_preflight_of_a_known_origin() -> None:
    outcome = refused(served(), preflight(_PORTAL))

    assert (204, b"", "gateway") == (
        outcome.response.status,
        outcome.response.body,
        outcome.response.answered_by,
    )
    assert {
        "access-control-allow-origin": _PORTAL,
        "access-control-allow-methods": "GET,PUT",
        "access-control-allow-headers": "authorization,x-nhn-date",
        "access-control-allow-credentials": "true",
        "access-control-max-age": "600",
        "vary": "Origin",
    } == of_cors(outcome.response.headers)


@pytest.mark.row("66", "67", how="local")
def test_any_origin() -> None:
    everybody = served(cors("*", allow_methods=["PUT"]))
    for origin in ("https://elsewhere.example", "null"):
        lines = of_cors(refused(everybody, preflight(origin)).response.headers)
        assert {"access-control-allow-origin": "*", "access-control-allow-methods": "PUT"} == lines
    assert {"access-control-allow-origin": "*"} == of_cors(answered(everybody, request()).headers)


@pytest.mark.row("68", "69", how="local")
@pytest.mark.parametrize(
    ("origin", "known"),
    [
        ("https://portal.example", True),
        ("https://portal.example:443", True),
        ("http://portal.example:8080", True),
        ("http://portal.example", False),
        ("https://portal.example:8443", False),
        ("https://portal.example.attacker.example", False),
        ("https://attacker.example/https://portal.example", False),
        ("https://xportal.example", False),
        ("null", False),
        ("", False),
        ("*", False),
    ],
)
def test_origins(origin: str, known: bool) -> None:  # noqa: FBT001 - a column
    actual = of_cors(answered(served(), request("GET", "/members", ("Origin", origin))).headers)

    assert (origin if known else None) == actual.get("access-control-allow-origin")
    assert "Origin" == actual["vary"]
    assert known is ("access-control-allow-credentials" in actual)
    if origin:
        asked = of_cors(refused(served(), preflight(origin)).response.headers)
        assert (origin if known else None) == asked.get("access-control-allow-origin")
        assert known is ("access-control-allow-methods" in asked)


def test_two_origins_are_none() -> None:
    asked = request("GET", "/members", ("Origin", _PORTAL), ("origin", _PORTAL))

    assert {"vary": "Origin"} == of_cors(answered(served(), asked).headers)


@pytest.mark.row("72", how="local")
def test_exposed_headers_stand_on_the_answer_and_not_on_the_preflight() -> None:
    actual = of_cors(answered(served(), request("GET", "/members", ("Origin", _PORTAL))).headers)

    assert "x-total,x-page" == actual["access-control-expose-headers"]
    assert "access-control-expose-headers" not in of_cors(
        refused(served(), preflight(_PORTAL)).response.headers
    )


def test_the_gateways_headers_replace_the_backends() -> None:
    theirs = [
        ("Access-Control-Allow-Origin", "*"),
        ("access-control-allow-credentials", "true"),
        ("ACCESS-CONTROL-EXPOSE-HEADERS", "x-secret"),
        ("Access-Control-Max-Age", "86400"),
        ("Vary", "Accept-Encoding, origin"),
    ]
    elsewhere = request("GET", "/members", ("Origin", "https://elsewhere.example"))

    assert {"Vary": "Accept-Encoding, origin"} == of_cors(answered(served(), elsewhere, *theirs).headers)


def test_without_the_plugin_the_backends_headers_pass() -> None:
    plain = engine({"/members": {"methods": {"GET": to("/m")}}})
    lines = of_cors(answered(plain, request(), ("Access-Control-Allow-Origin", "*")).headers)

    assert {"Access-Control-Allow-Origin": "*"} == lines


@pytest.mark.row("75", "76", how="local")
@pytest.mark.parametrize(
    "lines",
    [
        (),
        (("Origin", _PORTAL),),
        (("Access-Control-Request-Method", "PUT"),),
        (("Origin", _PORTAL), ("Access-Control-Request-Headers", "x-a")),
    ],
)
def test_an_options_that_is_no_preflight_is_not_found(lines: tuple[tuple[str, str], ...]) -> None:
    own = engine(
        {"/members": {"methods": {"OPTIONS": fixed(200, "mine"), "GET": to("/m")}, "plugins": _PLUGIN}}
    )
    outcome = refused(own, request("OPTIONS", "/members", *lines))

    assert (404, None) == (outcome.response.status, outcome.route)


@pytest.mark.row("77", how="local")
def test_options_without_the_plugin_is_a_method_like_another() -> None:
    own = engine({"/members": {"methods": {"OPTIONS": fixed(200, "mine")}}})

    assert b"mine" == refused(own, preflight(_PORTAL)).response.body


@pytest.mark.row("73", how="local")
def test_pages_may_read_refusals() -> None:
    lost = refused(served(), request("DELETE", "/members", ("Origin", _PORTAL))).response

    assert 404 == lost.status
    assert _PORTAL == of_cors(lost.headers)["access-control-allow-origin"]
    unknown = refused(
        served(), request("DELETE", "/members", ("Origin", "https://elsewhere.example"))
    ).response
    assert {"vary": "Origin"} == of_cors(unknown.headers)


def test_a_custom_answer_has_them_too() -> None:
    custom = refused(served(), request("PUT", "/members", ("Origin", _PORTAL))).response

    assert (204, _PORTAL) == (custom.status, of_cors(custom.headers)["access-control-allow-origin"])


@pytest.mark.row("65", how="local")
def test_max_age_minus_one_is_sent_and_none_is_not() -> None:
    assert (
        "-1"
        == of_cors(refused(served(cors(_PORTAL, max_age=-1)), preflight(_PORTAL)).response.headers)[
            "access-control-max-age"
        ]
    )
    assert {"access-control-allow-origin", "vary"} == set(
        of_cors(refused(served(cors(_PORTAL)), preflight(_PORTAL)).response.headers)
    )
