"""Text from servers is shown as it is, and cannot act."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.report.safe import cell, to_json
from cce.text import visible


@given(st.text())
def test_nothing_invisible_is_left(text: str) -> None:
    assert visible(text).isprintable()


@pytest.mark.parametrize("text", ["루트 계정 /etc/shadow", "é ñ 漢字 かな", "a → b · 100 %", ""])
def test_readable_text_stays_as_it_is(text: str) -> None:
    assert text == visible(text)


@given(st.text(st.characters(codec=None)))
def test_json_gives_every_character_back(text: str) -> None:
    assert text == json.loads(to_json({"a": text}))["a"]


@given(st.text())
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert not cell(text).lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
