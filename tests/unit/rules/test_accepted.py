"""Patterns of accepted paths: part by part, and none that accepts everything."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cce.rules.accepted import Acceptance, matches

MATCHES = [
    ("/srv/share/**", "/srv/share/a", True),
    ("/srv/share/**", "/srv/share/a/b/c", True),
    ("/srv/share/**", "/srv/share", False),
    ("/srv/share/**", "/srv/shared/a", False),
    ("/srv/*/in", "/srv/a/in", True),
    ("/srv/*/in", "/srv/a/b/in", False),
    ("/srv/**/in", "/srv/in", True),
    ("/srv/**/in", "/srv/a/b/in", True),
    ("/srv/**/in", "/srv/a/b/out", False),
    ("/srv/**/a/**", "/srv/x/a/a", True),
    ("/srv/**/**", "/srv/a", True),
    ("/srv/l?st[0-9]", "/srv/list7", True),
    ("/srv/l?st[0-9]", "/srv/list", False),
    ("/srv/*", "/srv/.hidden", True),
    ("/srv/*", "/srv/a\nb", True),
    ("/srv/a", "/srv/a/", False),
]


@pytest.mark.parametrize(("pattern", "path", "expected"), MATCHES)
def test_a_wildcard_stays_within_a_name_and_two_stars_do_not(
    pattern: str, path: str, *, expected: bool
) -> None:
    assert expected is Acceptance(path=pattern, reason="x").covers(path)


def test_a_name_with_a_wildcard_in_it_is_no_pattern_for_itself() -> None:
    assert Acceptance(path="/srv/a", reason="x").literal
    assert not Acceptance(path="/srv/a*", reason="x").literal


@pytest.mark.parametrize(
    "path",
    ["srv/a", "/", "/srv/", "/srv//a", "/srv/../etc", "/./a", "", "/*", "/**", "/*/bin/su", "/srv/a**"],
)
def test_what_is_no_path_or_accepts_everything_is_refused(path: str) -> None:
    with pytest.raises(ValidationError):
        Acceptance(path=path, reason="x")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_an_acceptance_needs_a_reason_that_fits_a_report(reason: str) -> None:
    with pytest.raises(ValidationError):
        Acceptance(path="/srv/a", reason=reason)


def test_a_reason_is_one_line_and_hides_nothing() -> None:
    assert r"a b\u202e" == Acceptance(path="/srv/a", reason=" a\n  b\u202e ").reason


NAMES = st.lists(st.sampled_from(["a", "b", "ab", "."]), min_size=1, max_size=5)
PARTS = st.lists(st.sampled_from(["a", "b", "*", "a*", "?", "**"]), min_size=1, max_size=5)


@given(names=NAMES, parts=PARTS)
def test_patterns_mean_what_the_regular_expression_of_their_definition_means(
    names: list[str], parts: list[str]
) -> None:
    words = {"*": "[^/]*", "a*": "a[^/]*", "?": "[^/]", "a": "a", "b": "b"}
    expression = "".join(
        ("(?:/[^/]+)+" if number == len(parts) - 1 else "(?:/[^/]+)*") if part == "**" else f"/{words[part]}"
        for number, part in enumerate(parts)
    )
    path, pattern = "/" + "/".join(names), "/" + "/".join(parts)

    assert bool(re.fullmatch(expression, path)) is matches(path, pattern)
