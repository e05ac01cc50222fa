"""What changes between two states is said in words: all of it, in one order, removed methods counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from cce.gateway.differences import differences, lines, stage_differences, tree_differences
from cce.gateway.snapshot import Snapshot
from gateway_definitions import service_of, services, tree_of

if TYPE_CHECKING:
    from cce.gateway.definition.model import Service
    from cce.gateway.definition.stage import Stage

HTTP = {"backend": {"http": {"path": "/x"}}}
CUSTOM = {"backend": {"custom": {"status": 204}}}


def _stage(**stage: Any) -> Stage:
    resources = {"/a": {}}
    return service_of(
        {"name": "a", "resources": resources, "stages": [{"backend": "http://b.example", **stage}]}
    ).stages[0]


@pytest.mark.row("37", "38", "39", "42", "44", how="cli")
def test_every_change_of_a_tree_is_named_and_what_goes_is_counted() -> None:
    old = tree_of(
        {
            "/a": {"methods": {"GET": HTTP | {"name": "one"}, "PUT": HTTP}},
            "/a/b": {"methods": {"GET": CUSTOM, "DELETE": CUSTOM}},
            "/c": {"plugins": {"request_headers": {"set": {"x-a": "1", "x-b": "2"}}}},
        }
    )
    new = tree_of(
        {
            "/d": {"methods": {"GET": HTTP}},
            "/c": {
                "plugins": {
                    "cors": {"allow_origins": ["*"]},
                    "request_headers": {"set": {"x-a": "3", "x-c": "4"}, "overwrite_below": True},
                }
            },
            "/a": {"methods": {"GET": CUSTOM | {"name": "two"}}},
        }
    )

    assert (
        '+ GET /a: backend.custom: {"status": 204}',
        '- GET /a: backend.http: {"path": "/x"}',
        '~ GET /a: name: "one" -> "two"',
        '- method PUT /a: {"backend": {"http": {"path": "/x"}}}',
        "- path /a/b",
        '- method GET /a/b: {"backend": {"custom": {"status": 204}}}',
        '- method DELETE /a/b: {"backend": {"custom": {"status": 204}}}',
        '+ /c: plugins.cors: {"allow_origins": ["*"]}',
        "~ /c: plugins.request_headers.overwrite_below: false -> true",
        '~ /c: plugins.request_headers.set.x-a: "1" -> "3"',
        '- /c: plugins.request_headers.set.x-b: "2"',
        '+ /c: plugins.request_headers.set.x-c: "4"',
        "+ path /d",
        '+ method GET /d: {"backend": {"http": {"path": "/x"}}}',
        "5 added, 6 removed, 3 changed; 1 path and 3 methods go",
    ) == lines(tree_differences(old, new))


@pytest.mark.row("44", how="cli")
def test_a_path_that_goes_takes_along_only_what_stands_on_it() -> None:
    tree: dict[str, Any] = {"/a": {"methods": {"GET": HTTP}}, "/a/b": {"methods": {"GET": HTTP, "PUT": HTTP}}}

    parent_only = lines(tree_differences(tree_of(tree), tree_of({"/a/b": tree["/a/b"]})))
    both = lines(tree_differences(tree_of(tree), tree_of({"/": {}})))

    assert "1 path and 1 method go" in parent_only[-1]
    assert "2 paths and 3 methods go" in both[-1]


@pytest.mark.row("107", how="cli")
def test_settings_of_a_stage_are_compared_with_what_they_are_by_default() -> None:
    old = _stage(ip_acl={"mode": "allow", "entries": ["10.0.0.1"]}, hmac={"secret": "gateway/a"})
    new = _stage(
        backend="http://c.example", timeout_seconds=9, ip_acl={"mode": "deny", "entries": ["10.0.0.1"]}
    )

    assert (
        '~ stage (default): backend: "http://b.example" -> "http://c.example"',
        '- stage (default): hmac: {"secret": "gateway/a"}',
        '~ stage (default): ip_acl.mode: "allow" -> "deny"',
        "~ stage (default): timeout_seconds: 29.0 -> 9.0",
        "0 added, 1 removed, 3 changed",
    ) == lines(stage_differences(old, new))


def test_what_was_never_deployed_is_all_new() -> None:
    snapshot = Snapshot(
        service="id", resources=tree_of({"/a": {"methods": {"GET": HTTP}}}), stage=_stage(name="dev")
    )

    assert (
        "+ path /a",
        '+ method GET /a: {"backend": {"http": {"path": "/x"}}}',
        '+ stage dev: backend: "http://b.example"',
        '+ stage dev: name: "dev"',
        "4 added, 0 removed, 0 changed",
    ) == lines(differences(None, snapshot))


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(one=services(), other=services())
def test_nothing_is_said_of_equal_trees_and_something_of_every_other_pair(
    one: Service, other: Service
) -> None:
    assert () == tree_differences(one.resources, one.resources)
    assert ("nothing changes",) == lines(())
    found = tree_differences(one.resources, other.resources)
    assert (one.resources == other.resources) == (found == ())
    assert all(text.isprintable() for text in lines(found))


def test_a_long_value_is_cut_and_hidden_characters_are_shown() -> None:
    old, new = (
        tree_of({"/a": {"methods": {"GET": HTTP | {"description": text}}}}) for text in ("a\u202e", "b" * 200)
    )

    (said, _) = lines(tree_differences(old, new))

    assert said.startswith('~ GET /a: description: "a\\u202e" -> "bbb')
    assert len(said) < 200
    assert said.endswith("…")
