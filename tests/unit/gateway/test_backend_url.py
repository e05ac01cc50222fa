"""The URL at which the backend is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.gateway.uris import BackendUrl, InvalidUriError
from gateway_world import engine, forwarded, refused, request, to


def url(base: str, path: str, query: str = "", **values: str) -> str:
    return BackendUrl(base, path, dict.fromkeys(values, False) | {"rest": True}).of(values, query)


@pytest.mark.row("23", "25", "103", how="local")
@pytest.mark.parametrize(
    ("base", "path", "expected"),
    [
        ("https://api.example", "/a", "https://api.example:443/a"),
        ("https://api.example/", "/a", "https://api.example:443/a"),
        ("https://api.example/apis", "/a/b", "https://api.example:443/apis/a/b"),
        ("https://api.example/apis/", "/", "https://api.example:443/apis/"),
        ("http://api.example:10080/x", "/a", "http://api.example:10080/x/a"),
        ("http://[2001:db8::1]:10080", "/a", "http://[2001:db8::1]:10080/a"),
        ("https://API.Example", "/a", "https://api.example:443/a"),
    ],
)
def test_exactly_one_slash_at_the_joint(base: str, path: str, expected: str) -> None:
    assert expected == url(base, path)


@pytest.mark.row("15", "26", "27", how="local")
@pytest.mark.parametrize(
    ("path", "values", "expected"),
    [
        ("/v2/${request.path.id}/x", {"id": "a"}, "/v2/a/x"),
        ("/v2/${request.path.id}.json", {"id": "%ed%99%8d"}, "/v2/%ED%99%8D.json"),
        ("/${request.path.id}", {"id": "a%2Fb"}, "/a%2Fb"),
        ("/${request.path.id}", {"id": "a+b~c!$&'()*,;=:@"}, "/a+b~c!$&'()*,;=:@"),
        ("/${request.path.id}", {"id": 'a|b"c<>^`{}'}, "/a%7Cb%22c%3C%3E%5E%60%7B%7D"),
        ("/${request.path.id}", {"id": "\udced\udc99"}, "/%ED%99"),
        ("/${request.path.id}", {"id": "...a..."}, "/...a..."),
        ("/${request.path.id}", {"id": "%252e%252e"}, "/%252e%252e"),
        ("/f/${request.path.rest+}", {"rest": "a/b%20c//d"}, "/f/a/b%20c//d"),
    ],
)
def test_variables_arrive_as_the_client_wrote_them(path: str, values: dict[str, str], expected: str) -> None:
    assert f"https://api.example:443/base{expected}" == url("https://api.example/base", path, **values)


@pytest.mark.row("4000003", how="local")
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/d/${request.path.rest+}", ".."),
        ("/d/${request.path.rest+}", "../x"),
        ("/d/${request.path.rest+}", "a/../../x"),
        ("/d/${request.path.rest+}", "a/./x"),
        ("/d/${request.path.rest+}", "%2e%2e/x"),
        ("/d/${request.path.rest+}", "%2E./x"),
        ("/d/${request.path.rest+}", "..%2fx"),
        ("/d/${request.path.rest+}", "a%2f..%2f..%2fx"),
        ("/d/${request.path.rest+}", "..%5cx"),
        ("/d/${request.path.rest+}", "..\\x"),
        ("/d/${request.path.rest+}", "..;/x"),
        ("/d/${request.path.rest+}", "..%3bjsessionid=1/x"),
        ("/d/.${request.path.rest+}", "./x"),
        ("/d/${request.path.rest+}", "a%00"),
        ("/d/${request.path.rest+}", "a%0d%0aHost:%20x"),
        ("/d/${request.path.rest+}", "a\r\nHost: x"),
        ("/d/${request.path.rest+}", "a%zz"),
        ("/d/${request.path.rest+}", "a%"),
    ],
)
def test_no_variable_leads_elsewhere(path: str, value: str) -> None:
    with pytest.raises(InvalidUriError):
        url("https://api.example/base", path, rest=value)


def test_the_caller_sees_400_and_not_the_reason() -> None:
    served = engine({"/files/{f+}": {"methods": {"GET": to("/d/${request.path.f+}")}}})
    outcome = refused(served, request("GET", "/files/a/%2e%2e/b"))

    assert (400, "a segment of the path is . or ..") == (outcome.response.status, outcome.reason)
    assert b'"resultCode":4000003' in outcome.response.body
    assert b"segment" not in outcome.response.body


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("b=2&a=1&b=1", "b=2&a=1&b=1"),
        ("q=%ed%99%8d+x&r=/?:@", "q=%ED%99%8D+x&r=/?:@"),
        ("q=%zz", "q=%zz"),
        ('a|b="<x>"#f', "a%7Cb=%22%3Cx%3E%22%23f"),
        ("a=1\r\nHost: x", "a=1%0D%0AHost:%20x"),
    ],
)
def test_the_query_passes_as_it_is(query: str, expected: str) -> None:
    assert f"https://api.example:443/a?{expected}" == url("https://api.example", "/a", query)


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_the_client_writes_stays_below_the_base(value: str, query: str) -> None:
    try:
        made = url("https://api.example/base", "/d/${request.path.rest+}", query, rest=value)
    except InvalidUriError:
        return
    assert made.startswith("https://api.example:443/base/d/")
    assert made.isascii()
    assert not set(made) & set(' \r\n\t"<>\\^`{|}#')


@pytest.mark.row("106", "146", "147", how="local")
def test_an_override_sends_one_method_elsewhere() -> None:
    override = {"method": "GET", "path": "/a", "backend": "https://other.example/sub"}
    tree = {"/a": {"methods": {"GET": to("/x"), "POST": to("/x")}}}
    on = engine(tree, overrides=[override])
    off = engine(tree, overrides=[override | {"enabled": False}])

    assert "https://other.example:443/sub/x" == forwarded(on, request("GET", "/a")).url
    assert "https://backend.example:443/apis/x" == forwarded(on, request("POST", "/a")).url
    assert "https://backend.example:443/apis/x" == forwarded(off, request("GET", "/a")).url
