"""Mapping templates: whatever the definition and the client say comes out as it is, and does nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.gateway import values
from cce.gateway.compiler import vtl as written
from compiled import compiled, custom, headers, mocked
from lab import vtl

ANY = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
SIGNS = st.text(st.sampled_from("#$\\\"'{}()!*.= \t\r\nab1set if end util input foreach"), max_size=40)
TEXTS = ANY | SIGNS
ORIGINS = ("https://a.example", "https://b.example:8443")


def _render(directives: str, text: str, **path: str) -> vtl.Answer:
    return vtl.render(written.template(directives, text), path=path, headers={})


@pytest.mark.row("31", how="native")
@given(TEXTS)
def test_a_static_text_comes_out_as_it_is(text: str) -> None:
    assert text == _render("", written.literal(text)).body
    assert text == _render(f'#set($x = "{written.string(text)}")', "${x}").body


@given(TEXTS, TEXTS)
def test_no_sign_of_a_static_text_is_left_bare(text: str, other: str) -> None:
    made = written.literal(text) + written.literal(other)
    for name in ("hash", "dollar", "back"):
        made = made.replace(f"${{{name}}}", "")

    assert not set("#$\\") & set(made)


@pytest.mark.row("32", how="native")
@given(TEXTS, TEXTS, TEXTS)
def test_a_variable_in_json_stays_the_text_that_it_is(before: str, value: str, after: str) -> None:
    body = json.dumps([before, "@", after], ensure_ascii=False)
    if "${" in before + after or body.count("@") != 1:
        return
    parsed = values.parse(body.replace("@", "${request.path.v}"), {"v": False})
    answer = _render(*written.text_of(parsed, "body", written.in_json), v=value)

    assert [before, value, after] == json.loads(answer.body)


@given(TEXTS, st.dictionaries(st.sampled_from(["x-a", "x-b"]), TEXTS))
def test_a_variable_in_a_header_begins_no_other_header(value: str, static: dict[str, str]) -> None:
    parsed = values.parse("id-${request.path.v}", {"v": False})
    first, text = written.text_of(parsed, "head", written.one_line, written.string)
    answer = _render(f'{first}#set($context.responseOverride.header.x-id = "{text}")', "", v=value)

    assert answer.headers["x-id"].startswith("id-")
    assert not [char for char in answer.headers["x-id"] if char in "\r\n\x00\x7f"]
    assert ({"x-id"}, None, "") == (answer.headers.keys(), answer.status, answer.body)
    assert static.keys() <= {"x-a", "x-b"}


@pytest.mark.parametrize("text", ["#foreach($x in [1])#end", "$util.x()", "\\$x", "#set($x = 1)", "$unknown"])
def test_the_reader_of_these_tests_refuses_what_would_mean_something(text: str) -> None:
    with pytest.raises(vtl.TemplateError):
        vtl.render(f"a {text} b" if "set" not in text else f"{text}$y", path={}, headers={})


@pytest.mark.row("30", "32", "89", how="native")
def test_headers_of_a_custom_response_are_replaced_by_those_of_the_plugin() -> None:
    method = custom(200, "{}", headers={"X-A": "old", "X-B": "it's"}) | {
        "plugins": {"response_headers": headers(x_a="new", x_c="v=${request.path.v}")}
    }
    made = compiled({"/a/{v}": {"methods": {"GET": method}}})

    assert {
        "content-type": "application/json",
        "x-a": "new",
        "x-b": "it's",
        "x-c": "v=1",
    } == mocked(made, "/a/{v}", given={"v": "1"}).headers


@pytest.mark.row("63", "64", "65", "66", "68", "69", "70", "71", "72", "G12", how="native")
@pytest.mark.parametrize("name", ["Origin", "origin"])
def test_a_preflight_is_granted_to_known_origins(name: str) -> None:
    made = compiled(_cors(allow_credentials=True, max_age=-1))
    asked = {name: ORIGINS[1], "Access-Control-Request-Method": "PUT"}
    answer = mocked(made, "/a", "options", **asked)

    assert (204, "") == (answer.status, answer.body)
    assert {
        "access-control-allow-origin": ORIGINS[1],
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "PUT",
        "access-control-allow-headers": "authorization",
        "access-control-max-age": "-1",
        "vary": "Origin",
    } == answer.headers


@pytest.mark.parametrize(
    "origin", ["https://a.example.evil.example", "null", "https://A.example", "$origin", "*"]
)
def test_other_origins_are_granted_nothing(origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    made = compiled(_cors())

    assert (204, {"vary": "Origin"}) == (
        mocked(made, "/a", "options", **asked).status,
        mocked(made, "/a", "options", **asked).headers,
    )
    assert "access-control-allow-origin" not in mocked(made, "/a", "delete", Origin=origin).headers


@pytest.mark.parametrize("asked", [{}, {"Origin": ORIGINS[0]}, {"Access-Control-Request-Method": "GET"}])
def test_an_options_that_is_no_preflight_is_404(asked: dict[str, str]) -> None:
    answer = mocked(compiled(_cors()), "/a", "options", **asked)

    assert (404, 4041007) == (answer.status, json.loads(answer.body)["header"]["resultCode"])
    assert {"content-type", "x-request-id"} == answer.headers.keys()


@pytest.mark.row("66", "72", how="native")
def test_every_origin_is_answered_alike_and_sees_the_exposed_headers() -> None:
    made = compiled(_cors(allow_origins=["*"]))

    assert {"access-control-allow-origin": "*", "access-control-expose-headers": "x-request-id"} == mocked(
        made, "/a", "delete", Origin="null"
    ).headers
    assert "vary" not in mocked(made, "/a", "delete").headers


def _cors(**changes: Any) -> dict[str, Any]:
    settings = {
        "allow_origins": list(ORIGINS),
        "allow_methods": ["PUT"],
        "allow_headers": ["authorization"],
        "expose_headers": ["x-request-id"],
    }
    return {"/a": {"plugins": {"cors": settings | changes}, "methods": {"DELETE": custom(204)}}}


@pytest.mark.parametrize("body", ["0", "if", "\n x", " \t\r\n{}", "(1)", "{end}", "end\n"])
def test_a_body_begins_where_the_directives_end(body: str) -> None:
    resources = _cors()
    resources["/a"]["methods"] = {"GET": custom(200, body)}

    assert body == mocked(compiled(resources), "/a", Origin=ORIGINS[0]).body
