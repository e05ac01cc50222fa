"""Every row of the gateway guide is shown by a test or decided; the document that lists them is current."""

from __future__ import annotations

import yaml

from tools import gateway_rows

BAD = gateway_rows.ROOT / "tests/data/gateway-bad.yaml"


def test_every_row_is_shown_by_a_test_or_carries_a_decision() -> None:
    shown = {mark.row for mark in gateway_rows.shown()}

    assert [] == [row.row for row in gateway_rows.rows() if row.row not in shown and not row.decision]


def test_the_document_is_current() -> None:
    assert gateway_rows.TARGET.read_text(encoding="utf-8") == gateway_rows.render(), "run `make gateway-rows`"


def test_what_is_refused_of_a_file_is_marked_for_just_the_rows_of_its_cases() -> None:
    cases = yaml.safe_load(BAD.read_text(encoding="utf-8"))
    name = "test_a_file_that_breaks_a_rule_is_refused_in_these_words"

    assert {row for case in cases for row in case["rows"]} == {
        mark.row for mark in gateway_rows.shown() if mark.test.endswith(f"::{name}")
    }
