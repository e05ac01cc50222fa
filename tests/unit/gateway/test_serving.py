"""What a stage serves: which plugin is in force where, the OPTIONS that CORS makes, overridden backends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cce.gateway.serving import Route, serving
from gateway_definitions import service_of

if TYPE_CHECKING:
    from collections.abc import Mapping

HTTP = {"backend": {"http": {"path": "/x"}}}


def _routes(resources: Mapping[str, Any], **stage: Any) -> dict[str, Route]:
    stages = [{"backend": "http://b.example", **stage}]
    service = service_of({"name": "a", "resources": resources, "stages": stages})
    routes = serving("id", service.resources, service.stages[0]).routes
    found = {f"{route.method} {route.path.text}": route for route in routes}
    assert len(routes) == len(found), "a method of a path is there twice"
    return found


def _asked(route: Route) -> dict[str, str]:
    return {name: value.render({}) for name, value in route.request_headers}


def _set(text: str, *, below: bool = False) -> dict[str, Any]:
    return {"request_headers": {"set": {f"x-{text}": text}, "overwrite_below": below}}


@pytest.mark.row("6", "7", "16", "17", "34", "53", "54", "55", how="local")
def test_a_paths_plugin_holds_for_its_own_methods_and_a_methods_plugin_wins() -> None:
    routes = _routes(
        {
            "/a": {
                "plugins": _set("path"),
                "methods": {"GET": HTTP, "PUT": HTTP | {"plugins": _set("method")}},
            },
            "/a/b": {"methods": {"GET": HTTP}},
        }
    )

    assert [{"x-path": "path"}, {"x-method": "method"}, {}] == [
        _asked(routes[name]) for name in ("GET /a", "PUT /a", "GET /a/b")
    ]


@pytest.mark.row("57", "58", how="local")
def test_with_overwrite_below_it_replaces_the_same_plugin_of_every_path_and_method_below() -> None:
    routes = _routes(
        {
            "/a": {"plugins": _set("top", below=True), "methods": {"PUT": HTTP | {"plugins": _set("own")}}},
            "/a/b": {"plugins": _set("mid", below=True), "methods": {"GET": HTTP}},
            "/a/b/c": {
                "plugins": {"response_headers": {"set": {"x-sent": "c"}}},
                "methods": {"GET": HTTP | {"plugins": _set("own")}},
            },
            "/ab": {"plugins": _set("other"), "methods": {"GET": HTTP}},
        }
    )

    assert [{"x-top": "top"}] * 3 + [{"x-other": "other"}] == [
        _asked(routes[name]) for name in ("PUT /a", "GET /a/b", "GET /a/b/c", "GET /ab")
    ]
    assert ["x-sent"] == [name for name, _ in routes["GET /a/b/c"].response_headers]


@pytest.mark.row("59", how="local")
def test_without_the_plugin_above_those_below_are_as_the_file_has_them() -> None:
    below = {"/a/b": {"plugins": _set("b"), "methods": {"GET": HTTP}}}

    with_it = _routes({"/a": {"plugins": _set("a", below=True)}, **below})
    without = _routes({"/a": {}, **below})

    assert ({"x-a": "a"}, {"x-b": "b"}) == (_asked(with_it["GET /a/b"]), _asked(without["GET /a/b"]))


@pytest.mark.row("41", "45", "74", "75", "76", how="local")
def test_cors_adds_options_where_it_holds_and_takes_the_place_of_one_that_is_there() -> None:
    cors = {"cors": {"allow_origins": ["*"], "overwrite_below": True}}
    routes = _routes(
        {
            "/a": {"plugins": cors, "methods": {"GET": HTTP}},
            "/a/{b}": {"methods": {"OPTIONS": HTTP}},
            "/c": {"methods": {"OPTIONS": HTTP}},
        }
    )

    assert ["GET /a", "OPTIONS /a", "OPTIONS /a/{b}", "OPTIONS /c"] == sorted(routes)
    assert [None, None, "http://b.example"] == [
        routes[name].backend and routes[name].backend_url
        for name in ("OPTIONS /a", "OPTIONS /a/{b}", "OPTIONS /c")
    ]
    assert [True, True, False] == [
        bool(routes[name].cors) for name in ("GET /a", "OPTIONS /a/{b}", "OPTIONS /c")
    ]


@pytest.mark.row("77", how="local")
def test_without_the_plugin_all_options_that_it_made_are_gone_and_those_of_the_file_answer() -> None:
    tree: dict[str, Any] = {"/a": {"methods": {"GET": HTTP}}, "/a/b": {"methods": {"OPTIONS": HTTP}}}

    routes = _routes(tree)

    assert ["GET /a", "OPTIONS /a/b"] == sorted(routes)
    assert routes["OPTIONS /a/b"].backend is not None


@pytest.mark.row("106", "146", "147", how="local")
def test_a_stage_may_ask_another_backend_for_one_method() -> None:
    tree = {"/a/": {"methods": {"GET": HTTP, "PUT": HTTP, "POST": {"backend": {"custom": {"status": 200}}}}}}
    override = {"method": "GET", "path": "/a", "backend": "http://c.example/sub"}

    on = _routes(tree, overrides=[override])
    off = _routes(tree, overrides=[override | {"enabled": False}])

    assert ["http://c.example/sub", "http://b.example", ""] == [
        on[name].backend_url for name in ("GET /a", "PUT /a", "POST /a")
    ]
    assert "http://b.example" == off["GET /a"].backend_url


def test_the_paths_of_a_stage_have_their_methods_together() -> None:
    service = service_of(
        {
            "name": "a",
            "resources": {"/a": {"methods": {"GET": HTTP, "PUT": HTTP}}, "/b": {}},
            "stages": [{"backend": "http://b.example"}],
        }
    )

    (found,) = serving("id", service.resources, service.stages[0]).resources.values()

    assert ["GET", "PUT"] == sorted(found)
