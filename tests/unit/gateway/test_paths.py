"""Paths with variables: what they fit, and which of several a request means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.gateway import paths
from cce.gateway.paths import LIMIT
from gateway_definitions import LITERALS, NAMES, path_texts

pytestmark = pytest.mark.row("9", "10", "11", "12", "13", "14", how="local")

VALUES = st.text("abcZ019%._~!$&'()*+,;=:@-", min_size=1, max_size=6)


@given(text=path_texts())
def test_a_path_is_read_as_it_is_written_and_a_slash_at_its_end_means_nothing(text: str) -> None:
    template = paths.parse(text)

    assert text == template.text
    assert template == paths.parse(text + "/")


@given(text=path_texts(), data=st.data())
def test_a_request_made_from_a_path_fits_it_and_gives_the_values_back(text: str, data: st.DataObject) -> None:
    template = paths.parse(text)
    values = {
        name: "/".join(data.draw(st.lists(VALUES, min_size=1, max_size=3))) if greedy else data.draw(VALUES)
        for name, greedy in template.variables.items()
    }
    request = text
    for name, value in values.items():
        request = request.replace(f"{{{name}}}", value).replace(f"{{{name}+}}", value)

    assert values == template.match(request)
    assert values == template.match(request.rstrip("/") + "/")


@given(texts=st.lists(path_texts(), min_size=2, max_size=5, unique=True), request=path_texts())
def test_of_all_that_fit_none_is_more_specific_than_the_one_that_is_found(
    texts: list[str], request: str
) -> None:
    request = request.replace("{", "").replace("}", "")
    resources = {paths.parse(text): text for text in texts}
    fitting = [template for template in resources if template.match(request) is not None]

    found = paths.find(request, resources)

    assert (found is None) == (fitting == [])
    if found:
        assert min(template.specificity for template in fitting) == paths.parse(found[0]).specificity


@pytest.mark.parametrize(
    ("request_path", "found", "values"),
    [
        ("/members/list", "/members/list", {}),
        ("/members/7", "/members/{id}", {"id": "7"}),
        ("/members/7/", "/members/{id}", {"id": "7"}),
        ("/members/list/x", "/members/{id}/{part}", {"id": "list", "part": "x"}),
        ("/members/7/x/y", "/{rest+}", {"rest": "members/7/x/y"}),
        ("/members", "/{rest+}", {"rest": "members"}),
        ("/a%2Fb", "/{rest+}", {"rest": "a%2Fb"}),
        ("/", "/", {}),
    ],
)
@pytest.mark.row("18", how="local")
def test_a_literal_wins_over_a_variable_and_that_over_a_greedy_one(
    request_path: str, found: str, values: dict[str, str]
) -> None:
    texts = ("/{rest+}", "/members/{id}/{part}", "/members/{id}", "/members/list", "/")

    assert (found, values) == paths.find(request_path, {paths.parse(text): text for text in texts})


@pytest.mark.parametrize(
    ("template", "request_path"),
    [
        ("/a", "/"), ("/a", "/A"), ("/a", "/a/b"), ("/a/b", "/a"), ("/{v}", "/"), ("/{v+}", "/"),
        ("/a/{v}", "/a//"), ("/a/{v}/b", "/a//b"), ("/", "/a"),
    ],
)  # fmt: skip
@pytest.mark.row("18", how="local")
def test_what_is_shorter_longer_empty_or_other_does_not_fit(template: str, request_path: str) -> None:
    assert paths.parse(template).match(request_path) is None
    assert paths.find(request_path, {paths.parse(template): 1}) is None


@given(name=NAMES, literal=LITERALS)
def test_255_characters_are_allowed_braces_counted_and_256_are_not(name: str, literal: str) -> None:
    path = f"/{literal}/{{{name}}}/"
    longest = path + "p" * (LIMIT - len(path))

    assert 255 == len(paths.parse(longest).text)
    with pytest.raises(ValueError, match="256 characters; 255 are allowed"):
        paths.parse(longest + "p")


@given(text=st.text(max_size=20))
def test_any_text_is_a_path_or_refused(text: str) -> None:
    try:
        template = paths.parse(text)
    except ValueError:
        return
    assert template.text in {text, text.rstrip("/"), "/"}


def test_a_path_is_within_those_above_it_and_itself() -> None:
    one, two, other = (paths.parse(text) for text in ("/a", "/a/{b}", "/ab"))

    assert [True, True, True, False] == [
        two.within(one), one.within(one), one.within(paths.parse("/")), other.within(one)
    ]  # fmt: skip
