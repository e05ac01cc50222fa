"""Texts with path variables: read and put together again, with nothing guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.gateway import values
from gateway_definitions import NAMES, TEXTS

pytestmark = pytest.mark.row("15", "26", "27", "28", "32", "33", "82", "83", "91", how="local")


@given(
    variables=st.dictionaries(NAMES, st.booleans(), min_size=1, max_size=3),
    between=st.lists(TEXTS.map(lambda text: text.replace("$", "")), min_size=4, max_size=4),
    filled=st.lists(TEXTS, min_size=3, max_size=3),
)
def test_a_text_is_put_together_from_its_parts_and_the_values(
    variables: dict[str, bool], between: list[str], filled: list[str]
) -> None:
    given_values = dict(zip(variables, filled, strict=False))
    written = between[0]
    expected = between[0]
    for (name, greedy), text in zip(variables.items(), between[1:], strict=False):
        written += f"${{request.path.{name}{'+' if greedy else ''}}}{text}"
        expected += f"<{given_values[name]}>{text}"

    value = values.parse(written, variables)

    assert not value.static
    assert expected == value.render(given_values, lambda inner: f"<{inner}>")


@given(text=TEXTS.filter(lambda text: "${" not in text))
def test_a_text_without_variables_stays_as_it_is(text: str) -> None:
    value = values.parse(text, {})

    assert (True, None, text) == (value.static, value.alone, value.render({}))


def test_a_variable_alone_is_told_from_one_within_text() -> None:
    alone, within = (
        values.parse(text, {"a": True}) for text in ("${request.path.a+}", "x${request.path.a+}")
    )

    assert alone.alone is not None
    assert ("a", True, None) == (alone.alone.name, alone.alone.greedy, within.alone)


@given(
    variables=st.dictionaries(NAMES, st.booleans(), max_size=2),
    inner=st.text("abc.+ request.path", max_size=16),
)
def test_what_is_named_is_declared_or_refused(variables: dict[str, bool], inner: str) -> None:
    right = {f"request.path.{name}{'+' if greedy else ''}" for name, greedy in variables.items()}

    try:
        values.parse(f"${{{inner}}}", variables)
    except ValueError:
        assert inner not in right
    else:
        assert inner in right


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("${request.path.one+}", r"declares it otherwise; write \$\{request\.path\.one\}"),
        ("${request.path.all}", r"declares it otherwise; write \$\{request\.path\.all\+\}"),
        ("${request.path.other}", r"declares no variable other \(it declares: one, all\)"),
        ("${request.query.one}", r"is no variable; write \$\{request\.path\.NAME\}"),
        ("${}", "is no variable"),
    ],
)
def test_what_cannot_be_named_is_refused_with_what_can_be(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        values.parse(text, {"one": False, "all": True})
