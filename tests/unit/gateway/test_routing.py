"""Which resource a request means: the tree of the router against the plain rule of ``paths.find``."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.gateway import paths
from cce.gateway.definition.model import Method
from cce.gateway.routing import Router
from gateway_world import engine, fixed, forwarded, refused, request, to

_PARTS = st.sampled_from(["a", "b", "{v}", "{w+}"])
_ASKED = st.lists(st.sampled_from(["a", "b", "c", "", "%2F", ".."]), max_size=6)


@st.composite
def trees(draw: st.DrawFn) -> dict[paths.PathTemplate, str]:
    """Trees as a definition may hold them: one variable's name per level."""
    found: dict[paths.PathTemplate, str] = {}
    for parts in draw(st.lists(st.lists(_PARTS, max_size=4), max_size=8)):
        kept = parts[: parts.index("{w+}") + 1] if "{w+}" in parts else parts
        named = [part.replace("v}", f"v{level}}}") for level, part in enumerate(kept)]
        text = "/" + "/".join(named)
        found[paths.parse(text)] = text
    return found


@given(trees(), _ASKED)
def test_the_router_chooses_as_the_rule_says(tree: dict[paths.PathTemplate, str], asked: list[str]) -> None:
    path = "/" + "/".join(asked)

    assert paths.find(path, tree) == Router(tree).find(path)


@pytest.mark.row("12", "13", how="local")
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/members/id1", {"memberId": "id1"}),
        ("/members/%ED%99%8D/", {"memberId": "%ED%99%8D"}),
        ("/files/a", {"file": "a"}),
        ("/files/a/b%20c", {"file": "a/b%20c"}),
    ],
)
def test_variables(path: str, expected: dict[str, str]) -> None:
    served = engine(
        {
            "/members/{memberId}": {"methods": {"GET": to("/m")}},
            "/files/{file+}": {"methods": {"GET": to("/f")}},
        }
    )

    assert expected == forwarded(served, request("GET", path)).match.given


@pytest.mark.row("17", "20", how="local")
@pytest.mark.parametrize("method", get_args(Method))
def test_every_method_of_a_path_has_its_own_backend(method: str) -> None:
    served = engine({"/a": {"methods": {name: to(f"/for-{name}") for name in get_args(Method)}}})

    assert forwarded(served, request(method, "/a")).url.endswith(f"/for-{method}")


@pytest.mark.row("10", how="local")
def test_a_trailing_slash_means_nothing() -> None:
    served = engine({"/products": {"methods": {"GET": fixed(204)}}})

    assert [204, 204] == [
        refused(served, request("GET", p)).response.status for p in ("/products", "/products/")
    ]


@pytest.mark.row("6", "18", "35", "4041007", how="local")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("GET", "/members/"),
        ("GET", "/members/a/b"),
        ("POST", "/members/a"),
        ("HEAD", "/members/a"),
        ("OPTIONS", "/members/a"),
        ("GET", "//members/a"),
        ("GET", "/MEMBERS/a"),
        ("GET", "/%6dembers/a"),
        ("OPTIONS", "*"),
        ("CONNECT", "backend.example:443"),
        ("GET", ""),
    ],
)
def test_what_is_not_defined_is_not_found(method: str, path: str) -> None:
    served = engine({"/members/{memberId}": {"methods": {"GET": to("/m")}}})
    outcome = refused(served, request(method, path))

    assert (404, "gateway", None) == (outcome.response.status, outcome.response.answered_by, outcome.route)
    assert b'"resultCode":4041007' in outcome.response.body
    assert request().request_id == outcome.response.headers.one("x-request-id")
